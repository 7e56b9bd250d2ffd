import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type ContentOptions, fileContents } from '../../../../../src/executor/input/csv/folder/content.js'
import { listFiles } from '../../../../../src/executor/input/csv/folder/list-files.js'
import type { FileContent } from '../../../../../src/study/context.js'

let folder: string
let digests: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-content-'))
  digests = join(folder, 'digests')
})
afterEach(() => rmSync(folder, { recursive: true }))

const sha256 = (bytes: string | Buffer): string => createHash('sha256').update(bytes).digest('hex')

/** Contents of the folder's CSV files, and the steps that were reported while they were read. */
async function contents(
  options: ContentOptions = {},
): Promise<{ readonly contents: readonly FileContent[]; readonly steps: readonly string[] }> {
  const steps: string[] = []
  const files = listFiles(folder, /\.csv$/).files
  const found = await fileContents(files, { digests, onStep: (step) => steps.push(step), ...options })
  return { contents: found, steps }
}

/** Waits until a later change of the files would have another time. */
const settled = (): Promise<void> => setTimeout(2_100)

describe('fileContents', () => {
  it('returns name, size and SHA-256 of whole files, in their order', async () => {
    const large = Buffer.alloc(3_000_000, 'x')
    writeFileSync(join(folder, 'b.csv'), large)
    writeFileSync(join(folder, 'a.csv'), '')
    expect((await contents()).contents).toEqual([
      { name: 'a.csv', bytes: 0, sha256: sha256('') },
      { name: 'b.csv', bytes: 3_000_000, sha256: sha256(large) },
    ])
  })

  it('reads a file once, and again when it has changed, even if its size and its time are as before', async () => {
    const path = join(folder, 'a.csv')
    const text = 'id,v\n'.padEnd(40_000, '1')
    writeFileSync(path, text)
    utimesSync(path, 1_000_000_000, 1_000_000_000)
    const { mtimeNs } = statSync(path, { bigint: true })
    writeFileSync(join(folder, 'b.csv'), 'b'.repeat(text.length))
    await settled()
    const first = await contents()
    // The files are read side by side: either may be the first.
    expect(first.steps).toEqual(['reading the files for their digests, 50 %', expect.stringMatching(/100 %$/)])
    expect(await contents()).toEqual({ contents: first.contents, steps: [] })

    const changed = `${text.slice(0, 20_000)}2${text.slice(20_001)}`
    writeFileSync(path, changed)
    utimesSync(path, 1_000_000_000, 1_000_000_000)
    expect(statSync(path, { bigint: true }).mtimeNs).toBe(mtimeNs)
    const second = await contents()
    expect(second.contents).toEqual([{ name: 'a.csv', bytes: 40_000, sha256: sha256(changed) }, first.contents[1]])
    expect(second.steps).toEqual(['reading the files for their digests, 100 %'])
  })

  it('keeps no digest of a file that may change within the same tick of its time', async () => {
    writeFileSync(join(folder, 'a.csv'), '1')
    await contents()
    expect(readdirSync(folder)).toEqual(['a.csv'])
  })

  it('keeps no path, and reads the files again where what is kept is damaged', async () => {
    writeFileSync(join(folder, 'a.csv'), '1')
    await settled()
    const { contents: found } = await contents()
    const [name] = readdirSync(digests)
    const kept = readFileSync(join(digests, name!), 'utf8')
    expect(name).toMatch(/^[0-9a-f]{32}\.json$/)
    expect(kept).not.toContain(folder)
    for (const damaged of ['', '[{"name":"a.csv"}]', kept.replace(/[0-9a-f]{64}/, 'x')]) {
      writeFileSync(join(digests, name!), damaged)
      expect((await contents()).contents).toEqual(found)
    }
  })

  it('serves several calls at once, and where digests cannot be kept', async () => {
    for (let k = 0; k < 50; k++) writeFileSync(join(folder, `${k}.csv`), `${k}`)
    writeFileSync(join(folder, 'file'), '')
    await settled()
    const alone = await contents({ digests: join(folder, 'file') })
    expect(alone.contents).toHaveLength(50)
    const all = await Promise.all(Array.from({ length: 5 }, () => contents()))
    expect(all.map((one) => one.contents)).toEqual(Array(5).fill(alone.contents))
    expect((await contents()).steps).toEqual([])
    expect(readdirSync(digests)).toHaveLength(1)
  })

  it('refuses a file that has changed, or is gone, since it was listed', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, '1')
    writeFileSync(join(folder, 'b.csv'), '1')
    const { files } = listFiles(folder, null)
    writeFileSync(path, '12')
    await expect(fileContents(files, { digests })).rejects.toThrow('a.csv has changed since it was listed')
    rmSync(path)
    await expect(fileContents(files, { digests })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringMatching(/^a\.csv is gone since it was listed\. .* the same call goes on/),
    })
  })

  it('refuses a file that changes while it is read', async () => {
    const path = join(folder, 'a.csv')
    writeFileSync(path, Buffer.alloc(5_000_000))
    const { files } = listFiles(folder, null)
    const change = (): void => writeFileSync(path, 'x', { flag: 'a' })
    await expect(fileContents(files, { digests, onStep: change })).rejects.toThrow('a.csv has changed')
  })

  it('ends by its signal', async () => {
    for (let k = 0; k < 20; k++) writeFileSync(join(folder, `${k}.csv`), Buffer.alloc(2_000_000))
    const controller = new AbortController()
    const reason = new Error('enough')
    let steps = 0
    const onStep = (): void => {
      steps++
      controller.abort(reason)
    }
    await expect(contents({ signal: controller.signal, onStep })).rejects.toBe(reason)
    expect(steps).toBeLessThan(20)
  })
})
