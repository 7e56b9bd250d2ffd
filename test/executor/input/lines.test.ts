import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { Line } from '../../../src/executor/input/input.js'
import { type LinesOptions, readLines } from '../../../src/executor/input/lines.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-lines-'))
const path = join(folder, 'lines.csv')
afterAll(() => rmSync(folder, { recursive: true }))

async function linesOf(content: string | Buffer, options: Partial<LinesOptions> = {}): Promise<Line[]> {
  writeFileSync(path, content)
  const lines: Line[] = []
  for await (const chunk of readLines(path, { header: false, quoted: false, name: 'lines.csv', ...options }))
    lines.push(...chunk)
  return lines
}
const line = (text: string, number: number): Line => ({ text, number })

describe('readLines(path, options)', () => {
  test.each([
    ['a\nb\n', [line('a', 1), line('b', 2)]],
    ['a\r\nb', [line('a', 1), line('b', 2)]],
    ['\n\na\n\r\nb\n\n', [line('a', 3), line('b', 5)]],
    ['\ufeffa\n', [line('a', 1)]],
    ['', []],
    ['\n', []],
  ])('cuts %o', async (content, expected) => {
    expect(await linesOf(content)).toEqual(expected)
  })

  test('leaves out the header, which counts as a line', async () => {
    expect(await linesOf('\ufeffid\n1\n', { header: true })).toEqual([line('1', 2)])
    expect(await linesOf('id', { header: true })).toEqual([])
  })

  test('keeps a quoted newline within its record only where fields may be quoted', async () => {
    const content = 'a,"x\r\ny ""z""\n"\nb\n"c"\n'
    expect(await linesOf(content, { quoted: true })).toEqual([
      line('a,"x\r\ny ""z""\n"', 1),
      line('b', 4),
      line('"c"', 5),
    ])
    expect(await linesOf(content)).toHaveLength(5)
  })

  test('gives a record whose quote is never closed as the rest of the file', async () => {
    expect(await linesOf('a\n"b\nc', { quoted: true })).toEqual([line('a', 1), line('"b\nc', 2)])
  })

  test('gives the same records whatever the size of a chunk', async () => {
    const field = fc.string({ unit: fc.constantFrom('a', 'é', '😀', '中', '"', '\n', '\r\n', ','), maxLength: 12 })
    const record = field.map((text) => `x"${text.replaceAll('"', '""')}"`)
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.boolean(),
        async (records, chunkBytes, ended) => {
          const lines = await linesOf(records.join('\n') + (ended ? '\n' : ''), { quoted: true, chunkBytes })
          expect(lines.map(({ text }) => text)).toEqual(records)
          let number = 1
          const numbers = records.map((text) => {
            const own = number
            number += text.split('\n').length
            return own
          })
          expect(lines.map((each) => each.number)).toEqual(numbers)
        },
      ),
      { numRuns: 150 },
    )
  })

  test('reads lines longer than a chunk', async () => {
    const long = 'é'.repeat(400_000)
    expect(await linesOf(`${long}\nb\n`)).toEqual([line(long, 1), line('b', 2)])
  })

  test('names the line that is not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('a\né\n'), Buffer.from('f\xfcr\n', 'latin1')])
    await expect(linesOf(content)).rejects.toThrow('lines.csv:3: the text is not UTF-8')
  })

  test('refuses a record of more than 64 MiB', async () => {
    await expect(linesOf(`a\n"${'b\n'.repeat(34 * 1024 * 1024)}`, { quoted: true })).rejects.toThrow(
      'lines.csv:2: the record is longer than 64 MiB: is a quote never closed?',
    )
  })

  // Elsewhere there is no list of a process's open files.
  test.skipIf(process.platform !== 'linux')('closes the file when the consumer stops early', async () => {
    writeFileSync(path, 'a\n'.repeat(400_000))
    const open = (): number =>
      readdirSync('/proc/self/fd').filter((fd) => {
        try {
          return readlinkSync(`/proc/self/fd/${fd}`) === realpathSync(path)
        } catch {
          return false
        }
      }).length
    const lines = readLines(path, { header: false, quoted: false })
    await lines.next()
    expect(open()).toBe(1)
    await lines.return(undefined)
    await expect.poll(open).toBe(0)
  })

  test('rejects for a file that does not exist', async () => {
    await expect(readLines(join(folder, 'none.csv'), { header: false, quoted: false }).next()).rejects.toThrow('ENOENT')
  })
})
