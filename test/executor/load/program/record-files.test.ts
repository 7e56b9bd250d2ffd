import { spawnSync } from 'node:child_process'
import {
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import fc from 'fast-check'
import pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { columnTypes, orNull, sources } from '../../../../bench/endurance/fuzz/any-value.js'
import { csv } from '../../../../src/executor/input/csv/csv.js'
import type { TypeSpelling } from '../../../../src/executor/input/csv/fields/type-spelling.js'
import type { Input, InputFile } from '../../../../src/executor/input/input.js'
import { synthetic } from '../../../../src/executor/input/synthetic/synthetic.js'
import { writeRecordFiles } from '../../../../src/executor/load/program/record-files.js'
import { survey } from '../../../../src/executor/verify/survey.js'
import { tableSum } from '../../../../src/executor/verify/verify-content.js'
import type { Column, ColumnType, Row, Table } from '../../../../src/study/table/table.js'
import { rawRows } from '../../records-of.js'
import { loadRows, useScratchDatabase } from '../../scratch-server.js'

const database = useScratchDatabase()
const root = mkdtempSync(join(tmpdir(), 'copylab-record-files-'))
afterAll(() => rmSync(root, { recursive: true }))
const newFolder = (): string => mkdtempSync(join(root, 'files-'))
const { signal } = new AbortController()

/** An input of files that hold these rows. */
function inputOf(table: Table, files: readonly (readonly Row[])[], window: Partial<Input> = {}): Input {
  return {
    name: 'rows',
    fits: table,
    offset: 0,
    limit: null,
    onBadRecord: 'stop',
    describe: () => ({}),
    files: async () =>
      files.map((rows, k) => ({
        name: `${k}`,
        read: async function* () {
          yield rawRows(rows)
        },
      })),
    ...window,
  }
}

/** Writes the records of an input to at least `count` files, as a session does after its survey. */
async function written(input: Input, count: number, folder = newFolder()) {
  const { facts, files } = await survey(input, input.fits, await input.files())
  const paths = await writeRecordFiles(folder, { input, table: input.fits, files, count, signal })
  return { facts: { records: facts.records, checksum: facts.checksum }, folder, paths }
}

const contents = (paths: readonly string[]): string[] => paths.map((path) => readFileSync(path, 'utf8'))

/** Loads files as psql does; returns count and checksum of what is then in the table. */
async function loaded(table: Table, paths: readonly string[]) {
  await loadRows(database(), 'loaded', table, [], 'text')
  const names = table.columns.map(({ name }) => pg.escapeIdentifier(name)).join(', ')
  for (const path of paths) {
    const copy = copyFrom(`COPY loaded (${names}) FROM STDIN (FORMAT csv, HEADER)`)
    await pipeline(createReadStream(path), database().query(copy))
  }
  return tableSum(database(), table, 'loaded')
}

/** Count and checksum of files as copylab's own input reads them. */
async function readBack({ columns }: Table, folder: string) {
  const own = columns.map(({ name, type, declared, notNull = false }) => ({
    name,
    type: (declared ?? type) as TypeSpelling,
    notNull,
  }))
  const input = await csv(folder, {
    columns: own,
    delimiter: ',',
    quote: '"',
    escape: 'doubled',
    header: true,
    null: '',
  }).inspect()
  const { facts } = await survey(input, input.fits, await input.files())
  return { records: facts.records, checksum: facts.checksum }
}

const everyType: Table = {
  columns: columnTypes.map((type, k): Column => ({ name: k === 0 ? 'a "b", c' : `é ${k}`, type })),
  primaryKey: [],
}
const rowOfEveryType = fc
  .tuple(...columnTypes.map((type) => orNull(sources[type].samples)))
  .map((samples): Row => samples.map(({ value }) => value))

const oddTexts = [
  '',
  ' ',
  'a',
  ' a',
  'a ',
  '\ta',
  'a\t',
  '\n',
  'a\nb',
  'a\r\nb\r',
  '"',
  '""',
  'a"b',
  ',',
  'a,b',
  '\\',
  '\\.',
  '\\.x',
  'a\n\\.\nb',
  '\\N',
  '\\t',
  'NULL',
  'null',
  '#',
  '\b\v\f',
  '\u00a0',
  '\u0085',
  '\ufeff',
  '\u2028',
  'é😀',
  '\u0001\u007f',
  '{}',
  "'",
  ';',
  '|',
]
const texts: Table = {
  columns: [
    { name: 'id', type: 'int4', notNull: true },
    { name: 't', type: 'text' },
  ],
  primaryKey: ['id'],
}

describe('writeRecordFiles(folder, given)', () => {
  describe('for a server whose session has other settings', () => {
    beforeAll(async () => {
      await database().query(
        "SET TimeZone = 'Asia/Kathmandu'; SET DateStyle = 'German, DMY'; SET IntervalStyle = 'iso_8601'",
      )
    })

    test('writes columns of every type, which COPY and csv(folder) read as the records that they are', async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(rowOfEveryType, { minLength: 1, maxLength: 40 }),
          fc.integer({ min: 1, max: 5 }),
          async (rows, count) => {
            const input = inputOf(everyType, [rows.slice(0, 10), rows.slice(10, 15), rows.slice(15)])
            const { facts, folder, paths } = await written(input, count)
            expect(facts.records).toBe(rows.length)
            expect(await loaded(everyType, paths)).toEqual(facts)
            expect(await readBack(everyType, folder)).toEqual(facts)
          },
        ),
        { numRuns: 25 },
      )
    })

    test('writes odd texts so, and nulls, which are not the empty text', async () => {
      const rows = [...oddTexts, null].map((text, id) => [id, text])
      const { facts, folder, paths } = await written(inputOf(texts, [rows]), 1)
      expect(facts.records).toBe(rows.length)
      expect(await loaded(texts, paths)).toEqual(facts)
      expect((await database().query('SELECT t FROM loaded ORDER BY id')).rows.map(({ t }) => t)).toEqual([
        ...oddTexts,
        null,
      ])
      expect(await readBack(texts, folder)).toEqual(facts)
    })

    test('writes each odd text so that csv(folder, { columns }) reads it, or refuses with the option that decides', async () => {
      const table: Table = { columns: [{ name: 't', type: 'text' }], primaryKey: [] }
      const wrong: string[] = []
      const asked: string[] = []
      const backslashes = ['\\\n', '"\\\n', 'a\\', '\\"', '"\\', 'a\\\n"b"', '\\,', 'a"\\"', '\\\\']
      for (const text of [...oddTexts, ...backslashes]) {
        const { facts, folder } = await written(inputOf(table, [[[text]]]), 1)
        try {
          const input = await csv(folder, { columns: { t: 'text' }, delimiter: ',', header: true }).inspect()
          const read = await survey(input, input.fits, await input.files())
          if (read.facts.checksum !== facts.checksum) wrong.push(text)
        } catch (error) {
          expect((error as Error).message).toContain("say `escape: 'doubled'` or `escape: 'backslash'`")
          asked.push(text)
        }
        expect(await readBack(table, folder)).toEqual({ records: 1, checksum: facts.checksum })
      }
      // COPY and MySQL write a null so, and what `csv` found out says that it is one.
      expect(wrong).toEqual(['\\N'])
      expect(asked.every((text) => text.includes('\\'))).toBe(true)
      expect(asked).toContain('\\\n')
    })

    test('writes odd texts and nulls of a single column so, where a null is an empty line', async () => {
      const table: Table = { columns: [{ name: '\\.', type: 'text' }], primaryKey: [] }
      const rows = [...oddTexts, null, 'last'].map((text) => [text])
      const { facts, paths } = await written(inputOf(table, [rows]), 2)
      expect(await loaded(table, paths)).toEqual(facts)
      expect(contents(paths)[0]).toMatch(/^"\\\."\n""\n" "\na\n/)
      expect(contents(paths)[1]).toMatch(/\n\nlast\n$/)
    })

    test('writes columns with a limit, and such as the table stores in another type', async () => {
      const table: Table = {
        columns: [
          { name: 'n', type: 'numeric', declared: 'numeric(6,2)' },
          { name: 'c', type: 'text', declared: 'varchar(3)' },
          { name: 'cs', type: 'text[]', declared: 'varchar(3)[]' },
          { name: 'host', type: 'text', declared: 'inet', stored: 'inet' },
        ],
        primaryKey: [],
      }
      const { paths } = await written(
        inputOf(table, [
          [
            ['1.005', 'é😀x  ', ['a,"', null, ''], '10.0.0.1'],
            [null, null, [], null],
          ],
        ]),
        1,
      )
      await loaded({ ...table, unverified: ['host'] }, paths)
      expect((await database().query('SELECT n, c, cs::text, host FROM loaded')).rows).toEqual([
        { n: '1.01', c: 'é😀x', cs: '{"a,\\"",NULL,""}', host: '10.0.0.1' },
        { n: null, c: null, cs: '{}', host: null },
      ])
    })
  })

  test.each<[ColumnType, Row[number], string]>([
    ['bool', true, 'true'],
    ['bool', false, 'false'],
    ['uuid', '6E756C6C6e754c6c8e756c6c6e756c6c', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['timestamptz', new Date('2001-02-03T04:05:06.007Z'), '2001-02-03 04:05:06.007000+00:00'],
    ['timestamptz', new Date('1969-12-31T23:59:59Z'), '1969-12-31 23:59:59+00:00'],
    ['timestamptz', Number.NEGATIVE_INFINITY, '-infinity'],
    ['timestamp', new Date('2001-02-03T04:05:06Z'), '2001-02-03 04:05:06'],
    ['timestamp', new Date('-000043-03-15T00:00:00Z'), '0044-03-15 00:00:00 BC'],
    ['date', new Date('1999-12-31T00:00:00Z'), '1999-12-31'],
    ['float8', Number.NaN, 'NaN'],
    ['float8', Number.NEGATIVE_INFINITY, '-Infinity'],
    ['float8', 1e-7, '1e-7'],
    ['numeric', '1.50', '1.50'],
    ['bytea', Uint8Array.of(0, 255), '\\x00ff'],
    ['jsonb', '{"a":1}', '"{""a"":1}"'],
    ['int4[]', [1, null], '"{""1"",NULL}"'],
    ['text', null, ''],
    ['text', '', '""'],
    ['text', '\\.', '"\\."'],
    ['text', '\\N', '\\N'],
    ['text', 'à', 'à'],
  ])('writes the %s %o as %s', async (type, value, field) => {
    const table: Table = {
      columns: [
        { name: 'a,b', type },
        { name: 'c', type: 'int2' },
      ],
      primaryKey: [],
    }
    const { paths } = await written(inputOf(table, [[[value, 7]]]), 1)
    expect(contents(paths)).toEqual([`"a,b",c\n${field},7\n`])
  })

  const numbered = (from: number, to: number): Row[] => Array.from({ length: to - from }, (_, k) => [from + k, 'x'])
  const idsOf = (paths: readonly string[]): number[][] =>
    contents(paths).map((text) => {
      expect(text.startsWith('id,t\n') && text.endsWith('\n')).toBe(true)
      return text
        .split('\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0]))
    })

  test('cuts the records into equal files in their order, whatever the files of the input', async () => {
    const { paths } = await written(inputOf(texts, [numbered(0, 3), numbered(3, 10)]), 4)
    expect(idsOf(paths)).toEqual([
      [0, 1, 2],
      [3, 4, 5],
      [6, 7],
      [8, 9],
    ])
    expect(idsOf((await written(inputOf(texts, [numbered(0, 2), numbered(2, 4)]), 2)).paths)).toEqual([
      [0, 1],
      [2, 3],
    ])
  })

  test('cuts more records than are held at a time', async () => {
    const { facts, paths } = await written(synthetic({ records: 12_345, offset: 3_000, width: 8, columns: 2 }), 7)
    const ids = contents(paths).map((text) =>
      text
        .split('\n')
        .slice(1, -1)
        .map((line) => Number(line.split(',')[0])),
    )
    expect(ids.map(({ length }) => length)).toEqual([1764, 1764, 1764, 1764, 1763, 1763, 1763])
    expect(ids.flat()).toEqual(Array.from({ length: 12_345 }, (_, k) => 3_000 + k))
    expect(facts.records).toBe(12_345)
  })

  test('writes a file for each file of the input that holds records of the window where these are more', async () => {
    const files = [numbered(0, 2), [], numbered(2, 3), numbered(3, 7), numbered(7, 9)]
    expect(idsOf((await written(inputOf(texts, files), 3)).paths)).toEqual([[0, 1], [2], [3, 4, 5, 6], [7, 8]])
    const window = { offset: 1, limit: 4 }
    expect(idsOf((await written(inputOf(texts, files, window), 2)).paths)).toEqual([[1], [2], [3, 4]])
    expect(idsOf((await written(inputOf(texts, files, window), 3)).paths)).toEqual([[1, 2], [3], [4]])
  })

  test('writes 1,000 files where the input has more and fewer are asked for, whose paths a program can be given', async () => {
    const files = Array.from({ length: 1_200 }, (_, k) => numbered(k, k + 1))
    const { folder, paths } = await written(inputOf(texts, files), 4)
    expect(idsOf(paths).map(({ length }) => length)).toEqual([...Array(200).fill(2), ...Array(800).fill(1)])
    expect(idsOf(paths).flat()).toEqual(files.map((_, k) => k))
    const COPYLAB_FILES = JSON.stringify(paths)
    expect(
      spawnSync('sh', ['-c', 'echo $#', 'sh', ...paths], { env: { COPYLAB_FILES }, encoding: 'utf8' }).stdout,
    ).toBe('1000\n')
    expect((await written(inputOf(texts, files.slice(0, 1_000)), 4)).paths).toHaveLength(1_000)
    expect((await written(inputOf(texts, files), 1_100)).paths).toHaveLength(1_100)

    if (process.platform !== 'linux') return
    const deep = join(folder, 'd'.repeat(200))
    mkdirSync(deep)
    await expect(written(inputOf(texts, files), 4, deep)).rejects.toThrow(
      /^The paths of the 1000 files of records take \d+ bytes in COPYLAB_FILES, .*131071.*: name a folder with a shorter path in TMPDIR/,
    )
    expect(readdirSync(deep)).toEqual([])
  })

  test('leaves bad records out where the input does', async () => {
    const bad = (id: number): Row => [id, 7]
    const files = [[bad(0), ...numbered(1, 3), bad(3)], [bad(4)], [...numbered(5, 8), bad(8), ...numbered(9, 11)]]
    const skipping = (window: Partial<Input>): Input => inputOf(texts, files, { onBadRecord: 'skip', ...window })
    expect(idsOf((await written(skipping({}), 2)).paths)).toEqual([[1, 2], [], [5, 6, 7, 9, 10]])
    expect(idsOf((await written(skipping({}), 3)).paths)).toEqual([
      [1, 2, 5],
      [6, 7],
      [9, 10],
    ])
    expect(idsOf((await written(skipping({ offset: 2, limit: 7 }), 3)).paths)).toEqual([[2, 5], [6], [7]])
  })

  test('writes files of a header alone where there are more files than records', async () => {
    const { folder, paths } = await written(inputOf(texts, [numbered(0, 2)]), 5)
    expect(idsOf(paths)).toEqual([[0], [1], [], [], []])
    expect(await readBack(texts, folder)).toMatchObject({ records: 2 })
    expect(idsOf((await written(inputOf(texts, [[]]), 2)).paths)).toEqual([[], []])
  })

  test('names the files in their order, and writes them for this user alone, with equal bytes each time', async () => {
    const input = inputOf(texts, [numbered(0, 3)])
    const { folder, paths } = await written(input, 1_001)
    expect(paths.map((path) => basename(path)).slice(-1)).toEqual(['records-1001.csv'])
    expect(
      readdirSync(folder)
        .sort()
        .map((name) => join(folder, name)),
    ).toEqual(paths)
    expect((await written(input, 1)).paths.map((path) => basename(path))).toEqual(['records-001.csv'])
    expect(new Set(paths.map((path) => statSync(path).mode & 0o777))).toEqual(new Set([0o600]))
    expect(contents((await written(input, 1_001)).paths)).toEqual(contents(paths))
  })

  test('writes records while it reads further ones', async () => {
    const folder = newFolder()
    const sizes: number[] = []
    const file: InputFile = {
      name: 'long',
      async *read() {
        for (let chunk = 0; chunk < 6; chunk++) {
          const path = join(folder, 'records-001.csv')
          sizes.push(statSync(path, { throwIfNoEntry: false })?.size ?? 0)
          yield rawRows(numbered(chunk * 1_000, (chunk + 1) * 1_000))
        }
      },
    }
    const input = inputOf(texts, [])
    const files = [{ file, first: 0, records: 6_000 }]
    await writeRecordFiles(folder, { input, table: texts, files, count: 1, signal })
    const growth = sizes.slice(2).map((size, k) => size - sizes[k + 1]!)
    expect(growth).toHaveLength(4)
    expect(Math.min(...growth)).toBeGreaterThan(5_000)
  })

  test.each(['stop', 'skip'] as const)('ends with the reason of its signal, onBadRecord %s', async (onBadRecord) => {
    const input: Input = { ...synthetic({ records: 2_000_000 }), onBadRecord }
    const files = (await input.files()).map((file, k) => ({ file, first: k * file.records!, records: file.records! }))
    const given = { input, table: input.fits, files, count: files.length }
    const folder = newFolder()
    await expect(
      writeRecordFiles(folder, { ...given, signal: AbortSignal.abort(new Error('enough')) }),
    ).rejects.toThrow('enough')
    const abort = new AbortController()
    setTimeout(() => abort.abort(new Error('enough, later')), 100)
    await expect(writeRecordFiles(newFolder(), { ...given, signal: abort.signal })).rejects.toThrow('enough, later')
  })

  test('throws for a count that is none, for what is in its way, and for bad records that are not left out', async () => {
    const folder = newFolder()
    await expect(written(inputOf(texts, []), 0)).rejects.toThrow('Expected `count` to be a whole number from 1, got 0')
    writeFileSync(join(folder, 'records-002.csv'), 'mine')
    const error = written(inputOf(texts, [numbered(0, 4)]), 2, folder)
    await expect(error).rejects.toThrow('records-002.csv cannot be written, a file has its name: remove that file')
    expect(readFileSync(join(folder, 'records-002.csv'), 'utf8')).toBe('mine')
    const nowhere = written(inputOf(texts, [numbered(0, 4)]), 1, join(folder, 'none'))
    await expect(nowhere).rejects.toThrow('cannot be written, its folder is not there')
    const [file] = await inputOf(texts, [[[0, 7]]]).files()
    const given = {
      input: inputOf(texts, []),
      table: texts,
      files: [{ file: file!, first: 0, records: 1 }],
      count: 1,
      signal,
    }
    await expect(writeRecordFiles(newFolder(), given)).rejects.toMatchObject({ name: 'BadRecordError' })
  })
})
