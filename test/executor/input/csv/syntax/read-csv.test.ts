import { mkdtempSync, readdirSync, readlinkSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, describe, expect, test } from 'vitest'
import type { CsvLine } from '../../../../../src/executor/input/csv/csv-file.js'
import {
  type CsvSyntax,
  checkRecord,
  fieldTexts,
  recordText,
} from '../../../../../src/executor/input/csv/syntax/csv-records.js'
import { readCsv } from '../../../../../src/executor/input/csv/syntax/read-csv.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-lines-'))
const path = join(folder, 'lines.csv')
afterAll(() => rmSync(folder, { recursive: true }))

interface Cut extends CsvLine {
  readonly fields: readonly string[]
}

const plain: CsvSyntax = {
  delimiter: ',',
  quote: null,
  escape: 'doubled',
  comment: null,
  skipLines: 0,
  header: false,
}

type Options = Partial<CsvSyntax> & { readonly chunkBytes?: number }

async function cut(content: string | Buffer, { chunkBytes, ...syntax }: Options = {}): Promise<Cut[]> {
  writeFileSync(path, content)
  const found: Cut[] = []
  for await (const records of readCsv(path, { ...plain, ...syntax }, { name: 'lines.csv', chunkBytes })) {
    for (let k = 0; k < records.count; k++) {
      checkRecord(records, k)
      found.push({ text: recordText(records, k), number: records.lines[k]!, fields: fieldTexts(records, k) })
    }
  }
  return found
}

async function linesOf(content: string | Buffer, options: Options = {}): Promise<CsvLine[]> {
  return (await cut(content, options)).map(({ text, number }) => ({ text, number }))
}
const line = (text: string, number: number): CsvLine => ({ text, number })

describe('readCsv(path, syntax, options)', () => {
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

  test.each([
    ['"id,name\n1,a\n2,b\n', "lines.csv:1: the header's field 1 has a quote that is never closed"],
    ['\n"id" ,name\n1,a\n', "lines.csv:2: the header's field 1 has text after its closing quote"],
  ])('refuses the header of %o, which could have swallowed records', async (content, message) => {
    await expect(linesOf(content, { header: true, quote: '"' })).rejects.toThrow(message)
  })

  test('keeps a quoted newline within its record only where fields may be quoted', async () => {
    const content = 'a,"x\r\ny ""z""\n"\nb\n"c"\n'
    expect(await linesOf(content, { quote: '"' })).toEqual([
      line('a,"x\r\ny ""z""\n"', 1),
      line('b', 4),
      line('"c"', 5),
    ])
    expect(await linesOf(content)).toHaveLength(5)
  })

  test.each([
    ['a\nb,"c\nd', 'field 2 has a quote that is never closed'],
    ['"a"b,c\nd', 'field 1 has text after its closing quote'],
    ['a,b\n"c" ,d\n', 'field 1 has text after its closing quote'],
  ])('refuses %o', async (content, problem) => {
    await expect(cut(content, { quote: '"' })).rejects.toThrow(problem)
  })

  test('takes a quote within a field that does not begin with one as it stands', async () => {
    expect(await cut('a"b,c""\n"d",e', { quote: '"' })).toEqual([
      { text: 'a"b,c""', number: 1, fields: ['a"b', 'c""'] },
      { text: '"d",e', number: 2, fields: ['d', 'e'] },
    ])
  })

  test('goes on after a record whose quotes are wrong', async () => {
    writeFileSync(path, '"a"b\nc\n')
    for await (const records of readCsv(path, { ...plain, quote: '"' }, { name: 'lines.csv' })) {
      expect(() => checkRecord(records, 0)).toThrow('text after its closing quote')
      expect(() => checkRecord(records, 1)).not.toThrow()
      expect([records.count, recordText(records, 1), records.lines[1]]).toEqual([2, 'c', 2])
    }
  })

  test('gives the same records and fields whatever the size of a chunk', async () => {
    const field = fc.tuple(
      fc.string({ unit: fc.constantFrom('a', 'é', '😀', '中', '"', '\n', '\r\n', ';', ' '), maxLength: 8 }),
      fc.boolean(),
    )
    // An empty line is none: a record of one field is never empty.
    const record = fc
      .array(field, { minLength: 1, maxLength: 4 })
      .filter((fields) => fields.length > 1 || fields[0]![1] || fields[0]![0].trim() !== '')
    const written = ([value, quoted]: readonly [string, boolean]): string =>
      quoted || /[";\n\r]/.test(value) ? `"${value.replaceAll('"', '""')}"` : value
    await fc.assert(
      fc.asyncProperty(
        fc.array(record, { maxLength: 12 }),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        async (records, chunkBytes, lineEnd, ended) => {
          const texts = records.map((fields) => fields.map(written).join(';'))
          const content = texts.join(lineEnd) + (ended && texts.length > 0 ? lineEnd : '')
          let number = 1
          const expected = texts.map((text, k) => {
            const own = number
            number += text.split('\n').length
            return { text, number: own, fields: records[k]!.map(([value]) => value) }
          })
          expect(await cut(content, { delimiter: ';', quote: '"', chunkBytes })).toEqual(expected)
        },
      ),
      { numRuns: 300 },
    )
  })

  test('cuts text without quotes as the plainest reading does', async () => {
    const characters = fc.constantFrom(
      'a',
      'é',
      '😀',
      '中',
      ';',
      ';',
      '\n',
      '\r\n',
      '\r',
      '"',
      ' ',
      '\0',
      '\u007f',
      ',',
    )
    const text = fc.string({ unit: characters, maxLength: 200 })
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 99 }), async (content, chunkBytes) => {
        // One line with a CR in it may be lines that end in CR.
        fc.pre(content.includes('\n') || !content.slice(0, -1).includes('\r'))
        // Two of them at a line's end are refused.
        fc.pre(!/\r\r(\n|$)/.test(content))
        const expected = content
          .split('\n')
          .map((text, k) => ({ text: text.replace(/\r$/, ''), number: k + 1 }))
          .filter(({ text }) => text !== '')
          .map(({ text, number }) => ({ text, number, fields: text.split(';') }))
        expect(await cut(content, { delimiter: ';', chunkBytes })).toEqual(expected)
      }),
      { numRuns: 300 },
    )
  })

  test('finds every field of a chunk that is nothing but delimiters', async () => {
    const [record] = await cut(','.repeat(5_000), { chunkBytes: 5_000 })
    expect(record!.fields).toHaveLength(5_001)
  })

  test('reads lines longer than a chunk', async () => {
    const long = 'é'.repeat(400_000)
    expect(await linesOf(`${long}\nb\n`)).toEqual([line(long, 1), line('b', 2)])
  })

  test('names the line that is not UTF-8', async () => {
    const content = Buffer.concat([Buffer.from('a\né\n'), Buffer.from('f\xfcr\n', 'latin1')])
    await expect(linesOf(content)).rejects.toThrow('lines.csv:3: the text is not UTF-8')
  })

  test.each(['a\rb', '\ra\r'])('refuses %o, whose lines end in CR alone', async (content) => {
    for (const chunkBytes of [1, 99]) {
      await expect(cut(content, { quote: '"', chunkBytes })).rejects.toThrow('lines.csv:1: the lines end in CR alone')
    }
  })

  test.each(['a\r', 'a\r\n', '"a\rb"', 'a,"b\rc"\r'])('takes %o as one line', async (content) => {
    expect(await linesOf(content, { quote: '"' })).toHaveLength(1)
  })

  test('refuses more than 64 MiB without a newline as lines that end in CR alone', async () => {
    await expect(linesOf('a,b\r'.repeat(17 * 1024 * 1024))).rejects.toThrow('lines.csv:1: the lines end in CR alone')
  })

  test('refuses a record of more than 64 MiB', async () => {
    await expect(linesOf(`a\n"${'b\n'.repeat(34 * 1024 * 1024)}`, { quote: '"' })).rejects.toThrow(
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
    const lines = readCsv(path, plain, { name: 'lines.csv' })
    await lines.next()
    expect(open()).toBe(1)
    await lines.return(undefined)
    await expect.poll(open).toBe(0)
  })

  test('rejects for a file that does not exist', async () => {
    await expect(readCsv(join(folder, 'none.csv'), plain, { name: 'none.csv' }).next()).rejects.toThrow('ENOENT')
  })
})

describe("readCsv(path, { escape: 'backslash' })", () => {
  const copy = { delimiter: '\t', escape: 'backslash' } as const
  const mysql = { escape: 'backslash', quote: '"' } as const
  const fieldsOf = async (content: string, options: Options): Promise<(readonly string[])[]> =>
    (await cut(content, options)).map(({ fields }) => fields)

  test.each<[string, Options, string[][]]>([
    ['a\\tb\tc\\\\d\n', copy, [['a\tb', 'c\\d']]],
    ['\\b\\f\\n\\r\\t\\v\\q\\é\t\\\t\n', copy, [['\b\f\n\r\t\vqé', '\t']]],
    ['a\\\nb\tc\\\rd\r\n', copy, [['a\nb', 'c\rd']]],
    ['"a\\\r\nb"\n', mysql, [['a\r\nb']]],
    ['a\\\r', copy, [['a\r']]],
    ['"a\\"b""c","d\\\ne"\n', mysql, [['a"b"c', 'd\ne']]],
    [
      'a\\,b,"c,d"\n\\"e,f"g\n',
      mysql,
      [
        ['a,b', 'c,d'],
        ['"e', 'f"g'],
      ],
    ],
    ['\\N,\\.,"\\N"\n', mysql, [['\\N', '.', '\\N']]],
    ['a\n\\.\n\r\n\n', copy, [['a']]],
    ['a\n\\.', copy, [['a']]],
  ])('cuts %o', async (content, options, expected) => {
    for (const chunkBytes of [1, 2, 3, 7, 262_144]) {
      expect(await fieldsOf(content, { ...options, chunkBytes })).toEqual(expected)
    }
  })

  test('counts the lines of a record that spans them', async () => {
    expect(await linesOf('a\\\nb\n"c\\\nd"\ne\n', mysql)).toEqual([
      line('a\\\nb', 1),
      line('"c\\\nd"', 3),
      line('e', 5),
    ])
  })

  test.each([
    ['a\n\\x41\n', 'field 1 has \\x, which COPY and MySQL read differently'],
    ['a\tb\\101\n', 'field 2 has \\1, which COPY and MySQL read differently'],
    ['a\\\r\nb', 'field 1 has a backslash before CR LF, which may be text or CR and the end of the line'],
    ['a\\', 'field 1 ends in a backslash, after which nothing follows in the file'],
    ['a\n\\.\n\nb\n', 'lines.csv:4: there is text after the line `\\.` (line 2), which ends the data of a COPY'],
  ])('refuses %o', async (content, problem) => {
    for (const chunkBytes of [1, 3, 262_144])
      await expect(cut(content, { ...copy, chunkBytes })).rejects.toThrow(problem)
  })

  test('finds the NUL that a backslash makes', async () => {
    writeFileSync(path, 'a\\0b\n')
    for await (const { hasNul } of readCsv(path, { ...plain, ...copy }, { name: 'lines.csv' }))
      expect(hasNul).toBe(true)
  })
})

describe('readCsv(path, { skipLines, comment, quote })', () => {
  test('leaves out lines to skip, whatever is in them, and comments, which count as lines', async () => {
    const content = '\ufeff"title\n\n#x\nid,v\n#"y\n1,#a\n"#b",2\n#z'
    for (const chunkBytes of [1, 2, 5, 262_144]) {
      const options = { skipLines: 2, comment: '#', header: true, quote: '"', chunkBytes }
      expect(await linesOf(content, options)).toEqual([line('1,#a', 6), line('"#b",2', 7)])
    }
  })

  test('refuses a file of fewer lines than are to be skipped, unless it is empty', async () => {
    const message = 'lines.csv:2: expected 3 lines to skip before the first record, and the file ends'
    await expect(linesOf('a\n', { skipLines: 3 })).rejects.toThrow(message)
    expect(await linesOf('', { skipLines: 3 })).toEqual([])
    expect(await linesOf('a', { skipLines: 1 })).toEqual([])
  })

  test('takes any character for a quote, and none where there is none', async () => {
    const content = "'a,''b',\"c\n"
    expect((await cut(content, { quote: "'" }))[0]!.fields).toEqual(["a,'b", '"c'])
    expect((await cut(content))[0]!.fields).toEqual(["'a", "''b'", '"c'])
  })
})
