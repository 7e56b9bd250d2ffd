import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from 'vitest'
import { readBatches, windowOf } from '../../../../src/executor/input/batches.js'
import { type CsvOptions, csv } from '../../../../src/executor/input/csv/csv.js'
import type { InputToInspect } from '../../../../src/executor/input/input.js'
import type { Row } from '../../../../src/study/table/table.js'
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

  test('names file, line, column, text and what can be read of a field that its column cannot hold', async () => {
    write('a.csv', 'id,d\n1,2019-01-12\n2,13/01/2019\n')
    await expect(rowsOf(csv(folder, { columns: { id: 'int4', d: 'date' }, header: true }))).rejects.toMatchObject({
      name: 'BadRecordError',
      message:
        'a.csv:3: column `d` (date) cannot hold "13/01/2019": dates are read as 2019-01-13; state its format in `formats`, such as DD/MM/YYYY',
    })
  })

  test('reads dates, booleans and numbers by the formats that are stated', async () => {
    write('a.csv', 'id;d;t;b;x\n1;3.4.2019;03.04.2019 14:05;JA;1.234,50\n')
    const input = csv(folder, {
      columns: [
        { name: 'id', type: 'integer' },
        { name: 'd', type: 'date' },
        { name: 't', type: 'timestamp' },
        { name: 'b', type: 'boolean' },
        { name: 'x', type: 'numeric(10,2)' },
      ],
      formats: { d: 'DD.MM.YYYY', t: 'DD.MM.YYYY HH24:MI', b: 'ja/nein' },
      delimiter: ';',
      decimal: ',',
      thousands: '.',
      header: true,
    })
    expect(await rowsOf(input)).toEqual([[1, Date.UTC(2019, 3, 3), Date.UTC(2019, 3, 3, 14, 5), true, '1234.50']])
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

  test('describe() tells plain files as plans of before did, so that their studies are found', async () => {
    write('a.csv', 'id,t\n1,a\n2,b\n')
    const input = await csv(folder, { columns: { id: 'integer', t: 'text' }, primaryKey: ['id'] }).inspect()
    expect(JSON.stringify(input.describe())).toBe(
      '{"kind":"csv","files":[{"name":"a.csv","bytes":13}],"content":"243c5f985924","columns":[{"name":"id","type":"int4"},{"name":"t","type":"text"}],"primaryKey":["id"],"analyse":"by column type","delimiter":",","header":true,"offset":0,"limit":null,"onBadRecord":"stop"}',
    )
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
    ["Expected `pattern` to be a RegExp, or names such as '*.csv.gz', got 7", { columns: { a: 'int4' }, pattern: 7 }],
    ['Expected `limit` to be a whole number from 1, got 0', { columns: { a: 'int4' }, limit: 0 }],
    ['Expected `offset` to be a whole number from 0, got -1', { columns: { a: 'int4' }, offset: -1 }],
    ['Expected `onBadRecord` to be one of stop, skip, got "ignore"', { columns: { a: 'int4' }, onBadRecord: 'ignore' }],
  ])('throws: %s', (message, options) => {
    expect(() => csv(folder, options as CsvOptions)).toThrow(message)
  })
})
