import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readBatches, windowOf } from '../../../../src/executor/input/batches.js'
import { type CsvOptions, csv } from '../../../../src/executor/input/csv/csv.js'
import type { InputToInspect } from '../../../../src/executor/input/input.js'
import type { ColumnType, Row } from '../../../../src/study/table.js'
import { rowsOf as rowsIn } from '../../records-of.js'

const folder = mkdtempSync(join(tmpdir(), 'copylab-csv-'))
afterAll(() => rmSync(folder, { recursive: true }))
beforeEach(() => {
  rmSync(folder, { recursive: true })
  mkdirSync(folder)
})
const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)

async function rowsOf(given: InputToInspect): Promise<Row[]> {
  const input = await given.inspect()
  const rows: Row[] = []
  for await (const batch of readBatches(windowOf(input, input.fits), await input.files(), { batchSize: 100 }))
    rows.push(...rowsIn(batch.records))
  return rows
}

async function readField(type: ColumnType, field: string): Promise<unknown> {
  write('one.csv', `${field},x\n`)
  return (await rowsOf(csv(folder, { columns: { v: type, x: 'text' }, header: false })))[0]![0]
}

describe('csv(folder, options)', () => {
  test('reads the files by name, without their headers', async () => {
    write('b.csv', 'id,name\n2,two\n')
    write('a.CSV', 'id,name\n1,"one, and\na ""half"""\n')
    write('a.json', 'id,name\n3,three\n')
    const input = csv(folder, { columns: { id: 'int8', name: 'text' }, primaryKey: ['id'] })
    expect(await rowsOf(input)).toEqual([
      [1, 'one, and\na "half"'],
      [2, 'two'],
    ])
    expect((await input.inspect()).fits).toEqual({
      columns: [
        { name: 'id', type: 'int8' },
        { name: 'name', type: 'text' },
      ],
      primaryKey: ['id'],
    })
  })

  test('hands the fields to `analyse`, whose state may be per call', async () => {
    write('a.csv', 'x;y\n1;2\n3;4\n')
    const input = csv(folder, {
      columns: [{ name: 'sum', type: 'int4' }],
      delimiter: ';',
      analyse: (fields, line) => [Number(fields[0]) + Number(fields[1]) + 100 * line.number],
    })
    expect(await rowsOf(input)).toEqual([[203], [307]])
  })

  test('names file and line of what `analyse` throws or returns wrongly', async () => {
    write('a.csv', 'x\n1\n2\n')
    const columns = { x: 'int4' } as const
    const failing = csv(folder, {
      columns,
      analyse: () => {
        throw new Error('no good')
      },
    })
    await expect(rowsOf(failing)).rejects.toMatchObject({ name: 'BadRecordError', message: 'a.csv:2: no good' })
    const narrow = csv(folder, { columns, analyse: () => [] })
    await expect(rowsOf(narrow)).rejects.toThrow('a.csv:2: expected `analyse` to return a list of 1 values')
  })

  test('takes a window across files', async () => {
    write('a.csv', '1\n2\n3\n')
    write('b.csv', '4\n5\n6\n')
    const input = csv(folder, { columns: { n: 'int4' }, header: false, offset: 2, limit: 2 })
    expect(await rowsOf(input)).toEqual([[3], [4]])
  })

  test.each<[ColumnType, string, unknown]>([
    ['int2', '-32768', -32768],
    ['int4', '+7', 7],
    ['int8', '9007199254740993', 9007199254740993n],
    ['int8', '+9223372036854775807', 9223372036854775807n],
    ['int8', '12', 12],
    ['float4', '1.5e3', 1500],
    ['float8', '-inf', Number.NEGATIVE_INFINITY],
    ['float8', 'NaN', Number.NaN],
    ['float8', '.5', 0.5],
    ['numeric', '12345678901234567890.10', '12345678901234567890.10'],
    ['text', '', ''],
    ['text', '""', ''],
    ['bool', 'Yes', true],
    ['bool', '0', false],
    ['date', '2000-02-29', Date.UTC(2000, 1, 29)],
    ['timestamp', '2001-01-02 03:04', Date.UTC(2001, 0, 2, 3, 4)],
    ['timestamp', '2001-01-02T03:04:05.000001', Date.UTC(2001, 0, 2, 3, 4, 5) + 0.001],
    ['timestamptz', '2001-01-02 03:04:05.5+05:45', Date.UTC(2001, 0, 1, 21, 19, 5, 500)],
    ['timestamptz', '2001-01-02 03:04:05Z', Date.UTC(2001, 0, 2, 3, 4, 5)],
    ['timestamptz', '2001-01-02 03:04:05-08', Date.UTC(2001, 0, 2, 11, 4, 5)],
    ['uuid', '6E756C6C-6e75-4c6c-8e75-6c6c6e756c6c', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['jsonb', '"{""a"": 1}"', '{"a": 1}'],
    ['bytea', '\\x00fF', Buffer.from([0, 255])],
    ['int4', '0000000000000000000012', 12],
    ['int8', '-0', 0],
    ['float8', '123456789012345.5', 123456789012345.5],
    ['float8', '-0', -0],
    ['float8', '0.1', 0.1],
    ['float8', '1.7976931348623157e308', Number.MAX_VALUE],
    ['numeric', '-007.50', '-7.50'],
    ['numeric', '1e3', '1000'],
    ['date', '9999-12-31', Date.UTC(9999, 11, 31)],
    ['timestamp', '0001-01-01 00:00', Date.parse('0001-01-01T00:00Z')],
    ['timestamp', '2001-01-02', Date.UTC(2001, 0, 2)],
    ['timestamptz', '2001-01-02 03:04:05+0545', Date.UTC(2001, 0, 1, 21, 19, 5)],
    ['int4', '', null],
    ['jsonb', '', null],
    ['int4[]', '"{1,NULL,-2}"', [1, null, -2]],
    ['text[]', '"{a b, ""c,\\""d"" ,null,""null""}"', ['a b', 'c,"d', null, 'null']],
    ['date[]', '{2001-02-03}', [Date.UTC(2001, 1, 3)]],
    ['float8[]', '{}', []],
  ])('reads as %s the field %o', async (type, field, value) => {
    expect(await readField(type, field)).toEqual(value)
  })

  test.each<[ColumnType, string]>([
    ['int2', '32768'],
    ['int4', '12x'],
    ['int4', ' 1'],
    ['int4', '1.0'],
    ['int8', '9223372036854775808'],
    ['float4', '1e39'],
    ['float8', '1e999'],
    ['float8', '0x10'],
    ['numeric', '1_5'],
    ['text', 'a\0'],
    ['bool', 'ja'],
    ['date', '2001-02-29'],
    ['date', '2001-02-03 00:00'],
    ['timestamp', '2001-01-02 24:00'],
    ['timestamp', '2001-01-02 03:04:05Z'],
    ['timestamp', '2001-13-02'],
    ['timestamptz', '2001-01-02 03:04:05+99'],
    ['uuid', '6e756c6c'],
    ['jsonb', '{'],
    ['bytea', '\\x0'],
    ['int4', '-'],
    ['float8', '.'],
    ['float8', '1.2.3'],
    ['timestamp', '2001-01-02 03:04:5'],
    ['timestamp', '2001-01-02 03:04:05.'],
    ['timestamp', '2001-01-02 03:04:05.1234567'],
    ['timestamptz', '2001-01-02-08'],
    ['text[]', 'a'],
    ['text[]', '{{a}}'],
    ['text[]', '{a'],
  ])('refuses as %s the field %o', async (type, field) => {
    await expect(readField(type, field)).rejects.toMatchObject({
      name: 'BadRecordError',
      message: `one.csv:1: column \`v\` (${type}) cannot hold ${JSON.stringify(field)}`,
    })
  })

  test('refuses an empty field where the column is not null, and another number of fields', async () => {
    write('a.csv', '1,\n')
    const columns = { id: 'int4', v: 'int4' } as const
    const keyed = csv(folder, { columns, header: false, primaryKey: ['v'] })
    await expect(rowsOf(keyed)).rejects.toThrow('a.csv:1: column `v` (int4) is not null, and the field is empty')
    const wider = csv(folder, { columns: { ...columns, w: 'text' }, header: false })
    await expect(rowsOf(wider)).rejects.toThrow('a.csv:1: expected 3 fields, got 2')
  })

  test('describe() tells names, sizes and content, and stays the same when the files are copied', async () => {
    write('a.csv', 'id\n1\n')
    const options: CsvOptions = { columns: { id: 'int4' } }
    const described = (await csv(folder, options).inspect()).describe()
    expect(described).toMatchObject({ kind: 'csv', files: [{ name: 'a.csv', bytes: 5 }] })
    expect(JSON.stringify(described)).not.toContain(folder)
    mkdirSync(join(folder, 'copy'))
    copyFileSync(join(folder, 'a.csv'), join(folder, 'copy', 'a.csv'))
    expect((await csv(join(folder, 'copy'), options).inspect()).describe()).toEqual(described)
    write('a.csv', 'id\n2\n')
    expect((await csv(folder, options).inspect()).describe()).not.toEqual(described)
  })

  test('describe() tells one `analyse` from another', async () => {
    write('a.csv', 'id\n1\n')
    const columns = { id: 'int4' } as const
    const describeWith = async (analyse: CsvOptions['analyse']): Promise<unknown> =>
      (await csv(folder, { columns, analyse }).inspect()).describe()
    expect(await describeWith(() => [1])).toEqual(await describeWith(() => [1]))
    expect(await describeWith(() => [1])).not.toEqual(await describeWith(() => [2]))
  })

  test('inspect() says which files it searched for when there are none', async () => {
    const input = csv(folder, { columns: { id: 'int4' }, pattern: /^flights/g })
    await expect(input.inspect()).rejects.toThrow('matches /^flights/g')
  })

  test.each<[string, unknown]>([
    ['Expected `columns` to name at least one column', { columns: {} }],
    ['Expected the type of column `id` to be one of int2', { columns: { id: 'serial' } }],
    [
      'Expected the names of `columns` to differ',
      {
        columns: [
          { name: 'a', type: 'int4' },
          { name: 'a', type: 'text' },
        ],
      },
    ],
    ['Expected `primaryKey` to name columns, got "b"', { columns: { a: 'int4' }, primaryKey: ['b'] }],
    ['Expected `delimiter` to be one ASCII character, got ";;"', { columns: { a: 'int4' }, delimiter: ';;' }],
    ['Expected `delimiter` to be one ASCII character, got "·"', { columns: { a: 'int4' }, delimiter: '·' }],
    ['Expected `pattern` to be a RegExp, got "*.csv"', { columns: { a: 'int4' }, pattern: '*.csv' }],
    ['Expected `limit` to be a whole number from 1, got 0', { columns: { a: 'int4' }, limit: 0 }],
    ['Expected `offset` to be a whole number from 0, got -1', { columns: { a: 'int4' }, offset: -1 }],
    ['Expected `onBadRecord` to be one of stop, skip, got "ignore"', { columns: { a: 'int4' }, onBadRecord: 'ignore' }],
  ])('throws: %s', (message, options) => {
    expect(() => csv(folder, options as CsvOptions)).toThrow(message)
  })
})
