import { describe, expect, test } from 'vitest'
import { type Files, useExports } from './exports-folder.js'

const { inspected, loaded } = useExports()

/** 100,000 records in two files, of which one, near the end of the second, is `last`. */
function manyRecords(name: (part: string) => string, record: (k: number) => string, last: string): Files {
  const part = (from: number): string =>
    Array.from({ length: 50_000 }, (_, k) => `${from + k === 99_000 ? last : record(from + k)}\n`).join('')
  return { [name('a')]: part(0), [name('b')]: part(50_000) }
}

describe('backslashes that come late', () => {
  test("are escapes in COPY's text format, of which the first null is in the last file", async () => {
    const files = manyRecords(
      (part) => `${part}.tsv`,
      (k) => `${k}\tname ${k}\tx`,
      '99000\tC:\\\\temp\\tx\t\\N',
    )
    expect(await inspected(files)).toMatchObject({
      delimiter: '\t',
      quote: null,
      escape: 'backslash',
      records: 100_000,
    })
    const rows = await loaded(files)
    expect(rows).toHaveLength(100_000)
    expect(rows[99_000]).toEqual([99_000, 'C:\\temp\tx', null])
  })

  test("are escapes in MySQL's fields with quotes", async () => {
    const files = manyRecords(
      (part) => `${part}.csv`,
      (k) => `"${k}","name ${k}"`,
      '"99000","say \\"hi\\"\\\nagain"',
    )
    expect(await inspected(files)).toMatchObject({ quote: '"', escape: 'backslash', records: 100_000, badRecords: [] })
    expect((await loaded(files))[99_000]).toEqual([99_000, 'say "hi"\nagain'])
  })

  test('are text where nobody writes them who escapes', async () => {
    const files = manyRecords(
      (part) => `${part}.tsv`,
      (k) => `${k}\tC:\\temp\\new`,
      '99000\tC:\\Users',
    )
    const rows = await loaded(files)
    expect([rows[0], rows[99_000]]).toEqual([
      [0, 'C:\\temp\\new'],
      [99_000, 'C:\\Users'],
    ])
  })
})

describe('backslashes of nulls', () => {
  test.each<[string, Files, readonly unknown[]]>([
    [
      "MySQL's with commas",
      { 'a.csv': '1,Ada,\\N\n2,\\N,3.5\n3,C:\\\\x,4\n' },
      [
        [1, 'Ada', null],
        [2, null, '3.5'],
        [3, 'C:\\x', '4'],
      ],
    ],
    [
      "Snowflake's",
      { 'data_0_0_0.csv': '1,Ada,\\N\n2,\\N,1.5\n' },
      [
        [1, 'Ada', null],
        [2, null, '1.5'],
      ],
    ],
    [
      "Hive's",
      { _SUCCESS: '', '000000_0': '1\x01"a\x01\\N\n2\x01\\N\x011.5\n' },
      [
        [1, '"a', null],
        [2, null, '1.5'],
      ],
    ],
    [
      "Redshift's with ESCAPE",
      { '0000_part_00': '1|Ada|x\n2|Bob\\|B|a\\\nb\n', '0001_part_00': '3|C|\\N\n' },
      [
        [1, 'Ada', 'x'],
        [2, 'Bob|B', 'a\nb'],
        [3, 'C', null],
      ],
    ],
  ])('are null in text too: %s', async (_, files, rows) => {
    expect(await loaded(files)).toEqual(rows)
  })
})

describe('what may be text or an escape is refused', () => {
  test.each<[string, Files, string]>([
    ['paths in a file with tabs', { 'a.tsv': 'id\tpath\n1\tC:\\temp\n' }, '"1\\tC:\\\\temp" (a.tsv:2)'],
    ["Spark's quotes", { 'a.csv': 'id,t\n1,"say \\"hi\\""\n2,"C:\\temp"\n' }, '"2,\\"C:\\\\temp\\"" (a.csv:3)'],
  ])('%s', async (_, files, place) => {
    const { open } = await inspected(files)
    expect(open).toEqual([
      `the backslash in ${place} may be text, or give the character after it another meaning, as in dumps of COPY and MySQL: say \`escape: 'doubled'\` or \`escape: 'backslash'\` (--escape)`,
    ])
    const [, text] = (await loaded(files, { escape: 'backslash' })).at(-1) as [number, string]
    expect(text).toBe('C:\temp')
  })
})

test('a backslash before a newline in quotes is refused alike, and one before the last quote is text', async () => {
  const files = { 'a.csv': 't\n"\\\n"\n' }
  expect((await inspected(files)).open).toEqual([
    expect.stringContaining('the backslash in "\\"\\\\" (a.csv:2) may be text'),
  ])
  expect(await loaded(files, { escape: 'doubled', header: true })).toEqual([['\\\n']])
  const path = { 'a.csv': 't\n"a\\"\n"b"\n' }
  expect(await inspected(path, { header: true })).toMatchObject({ escape: 'doubled', open: [] })
  expect(await loaded(path, { header: true })).toEqual([['a\\'], ['b']])
})

test('a last column that is empty up to one of the last records is no trailing delimiter', async () => {
  const files = manyRecords(
    (part) => `${part}.csv`,
    (k) => `${k},${k / 2},`,
    '99000,1.5,late',
  )
  expect(await inspected(files)).toMatchObject({ records: 100_000, badRecords: [], header: false })
  expect((await loaded(files))[99_000]).toEqual([99_000, '1.5', 'late'])
})

test('JSON in quotes keeps its backslashes, also with nulls by another program', async () => {
  const files = { 'a.csv': 'id,j,v\n1,"{""a"": ""x\\ny \\""q\\""""}",\\N\n2,"[1]",3\n' }
  expect(await inspected(files)).toMatchObject({ escape: 'doubled', nulls: ['', '\\N'], open: [] })
  expect(await loaded(files)).toEqual([
    [1, '{"a": "x\\ny \\"q\\""}', null],
    [2, '[1]', 3],
  ])
})

test('a header longer than 64 KiB is read whole', async () => {
  const names = Array.from({ length: 1_500 }, (_, k) => `a_long_name_for_a_column_of_many_${k}_of_them`)
  const files = { 'a.csv': `${names.join(',')}\n${names.map((_, k) => k).join(',')}\n` }
  expect(await inspected(files)).toMatchObject({ header: true, records: 1, badRecords: [] })
  expect((await loaded(files))[0]).toEqual(names.map((_, k) => k))
})
