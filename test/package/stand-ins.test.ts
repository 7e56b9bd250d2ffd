import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import { createRequire } from 'node:module'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import * as danfo from 'danfojs-node'
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest'
import { partsFrame, trialsFrame } from '../../src/entries/analysis.js'
import { readStudy } from '../../src/entries/executor.js'

const { resolve } = createRequire(import.meta.url)
const rows = [
  { name: 'a', value: 1 },
  { name: 'b', value: 2 },
]
const answers: Readonly<Record<string, string | (() => Buffer)>> = {
  '/rows.csv': 'name,value\na,1\nb,2\n',
  '/rows.json': JSON.stringify(rows),
  '/rows.xlsx': () => readFileSync(join(folder, 'rows.xlsx')),
}
let server: Server
let folder: string
let asked: string[] = []
const address = (path: string): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-stand-ins-'))
  danfo.toExcel(new danfo.DataFrame(rows), { filePath: join(folder, 'rows.xlsx') })
  server = createServer(({ method, url, headers }, response) => {
    asked.push(`${method} ${url} ${headers['x-asked'] ?? ''}`.trim())
    const answer = answers[url!]
    response.statusCode = answer === undefined ? 404 : 200
    response.end(typeof answer === 'function' ? answer() : (answer ?? '[]'))
  })
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
})
afterEach(() => {
  asked = []
  vi.restoreAllMocks()
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true })
})

describe('by the stand-ins Danfo', () => {
  it('reads CSV, JSON and a spreadsheet of the web', async () => {
    for (const read of [
      danfo.readCSV(address('/rows.csv')),
      danfo.readJSON(address('/rows.json')),
      danfo.readExcel(address('/rows.xlsx')),
    ]) {
      expect(danfo.toJSON((await read) as danfo.DataFrame)).toEqual(rows)
    }
    expect(asked.sort()).toEqual(['GET /rows.csv', 'GET /rows.json', 'GET /rows.xlsx'])
  })

  it('streams CSV and JSON of the web, asking with the headers that it was given', async () => {
    const seen: unknown[] = []
    await danfo.streamCSV(address('/rows.csv'), (row) => void seen.push(danfo.toJSON(row)))
    const options = { headers: { 'x-asked': 'yes' } } as Parameters<typeof danfo.streamJSON>[2]
    await danfo.streamJSON(address('/rows.json'), (row) => void seen.push(danfo.toJSON(row)), options)
    expect(seen).toEqual([...rows, ...rows].map((row) => [row]))
    expect(asked).toEqual(['GET /rows.csv', 'GET /rows.json yes'])
  })

  it('says what an address answered, or that none did', async () => {
    await expect(danfo.readCSV(address('/none.csv'))).rejects.toThrow('HTTP 404: Not Found')
    await expect(danfo.streamJSON(address('/none.json'), () => {}, {})).rejects.toThrow('HTTP 404: Not Found')
    await expect(danfo.readJSON(address('/none.json'))).rejects.toThrow('Failed to load')
    const closed = await new Promise<number>((port) => {
      const taken = createServer().listen(0, '127.0.0.1', () => {
        const { port: free } = taken.address() as AddressInfo
        taken.close(() => port(free))
      })
    })
    const request = createRequire(resolve('danfojs-node'))('request') as { get(url: string): NodeJS.ReadableStream }
    const error = await new Promise<Error>((failed) => request.get(`http://127.0.0.1:${closed}/`).on('error', failed))
    expect(error.message).toBe('fetch failed')
  })
})

describe('copylab, and a Danfo that is given frames and files,', () => {
  it('never calls a stand-in', async () => {
    const asking = vi.spyOn(globalThis, 'fetch').mockRejectedValue(new Error('asked the web'))
    const study = readStudy('reference-confirmed')
    const frames = [trialsFrame(study), partsFrame(study)]
    for (const frame of frames) {
      String(frame)
      frame.describe()
      danfo.toJSON(frame)
    }
    const [trials] = frames
    trials!.groupby(['workers']).agg({ totalMs: 'mean' })
    trials!.loc({ columns: ['workers', 'batchSize'] }).sum()
    danfo.toCSV(trials!, { filePath: join(folder, 'trials.csv') })
    writeFileSync(join(folder, 'rows.json'), JSON.stringify(rows))
    const read = [
      await danfo.readCSV(join(folder, 'trials.csv')),
      await danfo.readJSON(join(folder, 'rows.json')),
      await danfo.readExcel(join(folder, 'rows.xlsx')),
    ] as danfo.DataFrame[]
    expect(read.map(({ shape }) => shape)).toEqual([trials!.shape, [2, 2], [2, 2]])
    expect(asking).not.toHaveBeenCalled()
    await expect(danfo.readJSON(address('/rows.json'))).rejects.toThrow('asked the web')
  })

  it('has them in its readers of files alone', () => {
    const built = dirname(resolve('danfojs-node'))
    const modules = readdirSync(join(built, '..', '..'), { recursive: true, encoding: 'utf8' })
    const asking = modules.filter(
      (file) =>
        file.endsWith('.js') &&
        /require\("(request|node-fetch)"\)/.test(readFileSync(join(built, '..', '..', file), 'utf8')),
    )
    expect(asking.map((file) => file.slice(file.lastIndexOf('/') + 1)).sort()).toEqual([
      'io.csv.js',
      'io.excel.js',
      'io.json.js',
    ])
  })
})
