import { describe, expect, test } from 'vitest'
import { type Files, useExports } from './exports-folder.js'

const { inspected, loaded, codeOf } = useExports()

test('words that may stand for null and stay text are said, with the option', async () => {
  const files = { 'a.csv': 'id,name,v,note\n1,NULL,NULL,-\n2,Bob,2,NULL\n3,NULL,3,-\n' }
  const { found } = await inspected(files)
  expect(found).toContain(
    'Words that may stand for null stay text: "NULL" in `name` (a.csv:2, 2 in all), "NULL" in `note` (a.csv:3); state `null` (--null) where they do',
  )
  expect(await loaded(files, { null: ['', 'NULL'] })).toEqual(
    [
      [1, null, null, '-'],
      [2, 'Bob', '2', null],
      [3, null, '3', '-'],
    ].map(([id, name, v, note]) => [id, name, v === null ? null : Number(v), note]),
  )
})

test("sqlcmd's line under the header is refused by name, and makes no null of its dashes", async () => {
  const files = { 'a.csv': 'id,name,v\n--,----,-\n1,Ada,2\n2,Bob,\n' }
  const { nulls, badRecords, columns } = await inspected(files)
  expect(nulls).toEqual([''])
  expect(columns.map(({ type }) => type)).toEqual(['int4', 'text', 'int4'])
  expect(badRecords).toEqual([
    { reason: 'a line of dashes under the header: take it out', places: ['a.csv:2'], lines: 1 },
  ])
  expect(await loaded(files)).toEqual([
    [1, 'Ada', 2],
    [2, 'Bob', null],
    expect.stringMatching(/^1 line: column `id` \(int4\) cannot hold "--"/),
  ])
})

test('empty lines between the records of one column are said', async () => {
  const files = { 'a.csv': 'v\n1\n\n2\n\n\n3\n\n' }
  expect((await inspected(files)).found).toContain(
    '3 empty lines between the records, first a.csv:3, are left out: write a null as "" or NULL',
  )
  expect(await loaded(files)).toEqual([[1], [2], [3]])
})

describe('files that a program writes with others', () => {
  test.each<[string, Files, readonly object[]]>([
    [
      "Spark's",
      { _SUCCESS: '', '._SUCCESS.crc': 'crc', '.part-0.csv.crc': 'crc', 'part-0.csv': 'id,v\n1,2\n' },
      [
        { name: '._SUCCESS.crc', reason: 'hidden files' },
        { name: '.part-0.csv.crc', reason: 'hidden files' },
        { name: '_SUCCESS', reason: 'notes of the program that wrote the files' },
      ],
    ],
    [
      "Redshift's",
      { '0000_part_00': '1|Ada|t\n2|Bob|f\n', manifest: '{"entries":[]}' },
      [{ name: 'manifest', reason: 'notes of the program that wrote the files' }],
    ],
  ])('are passed over and named: %s', async (_, files, passedOver) => {
    expect(await inspected(files)).toMatchObject({ files: 1, passedOver })
  })
})

test.each(['2019', '__proto__'])('a column called %s keeps its place in the call', async (name) => {
  const files = { 'a.csv': `id,${name}\n1,1\n2,2\n`, 'b.csv': `id,${name}\n1,3\n` }
  const options = await codeOf(files)
  expect(options.columns).toEqual([
    { name: 'id', type: 'int4' },
    { name, type: 'int4' },
  ])
  expect(await loaded(files, { ...options, header: true })).toEqual([
    [1, 1],
    [2, 2],
    [1, 3],
  ])
})
