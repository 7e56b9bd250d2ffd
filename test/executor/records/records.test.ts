import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { columnTypes, orNull, sources } from '../../../bench/endurance/fuzz/any-value.js'
import { Records } from '../../../src/executor/records/records.js'
import { BytesColumn, ListColumn } from '../../../src/executor/records/values.js'
import type { ColumnType, Row, Table, Value } from '../../../src/study/table/table.js'
import { recordsOf, rowsOf } from '../records-of.js'

const oneColumn = (type: ColumnType): Table => ({ columns: [{ name: 'v', type }], primaryKey: [] })

describe('Records', () => {
  test.each<[ColumnType, unknown, string]>([
    ['int2', 32_768, 'an integer from -32768 to 32767, got 32768'],
    ['int2', -32_769, 'got -32769'],
    ['int4', 2 ** 31, 'got 2147483648'],
    ['int4', 1.5, 'got 1.5'],
    ['int4', '7', 'got "7"'],
    ['int4', Number.NaN, 'got NaN'],
    ['int8', 2 ** 53, 'a safe integer'],
    ['int8', 2n ** 63n, 'got 9223372036854775808n'],
    ['float4', 1e39, 'a number that 32 bits can hold, got 1e+39'],
    ['float8', '1', 'a number, got "1"'],
    ['bool', 1, 'a boolean, got 1'],
    ['text', 7, 'a string, got 7'],
    ['text', undefined, 'got undefined'],
    ['text', 'a\0b', 'without the character NUL'],
    ['text', `${'a'.repeat(100)}\0`, 'without the character NUL'],
    ['text', 'é\0', 'without the character NUL'],
    ['text', 'a\ud800', 'without lone surrogates'],
    ['text', `${'a'.repeat(100)}\udc00`, 'without lone surrogates'],
    ['jsonb', '"\ud800"', 'without lone surrogates'],
    ['uuid', '12345', 'a UUID'],
    ['numeric', '1.2.3', 'the text of a number'],
    ['numeric', 1.5, 'the text of a number'],
    ['numeric', '1e999999', 'the text of a number'],
    ['timestamp', new Date(Number.NaN), 'an invalid Date'],
    ['timestamp', '2001-01-01', 'a Date'],
    ['timestamp', 9_224_318_016_000_000, 'nor after 294276'],
    ['date', 185_331_707_078_400_000, 'nor after 5874897'],
    ['date', -210_866_803_200_001, 'not before 4714-11-24 BC'],
    ['bytea', 'x', 'a Uint8Array'],
    ['int4[]', 7, 'a list of values, got 7'],
    ['int2[]', [1, 40_000], 'an integer from -32768 to 32767, got 40000'],
  ])('append refuses in a column of %s the value %o', (type, value, reason) => {
    const append = (): unknown => recordsOf(oneColumn(type), [[value as Value]])
    expect(append).toThrow(TypeError)
    expect(append).toThrow(`Column \`v\` (${type.replace('[]', '')}`)
    expect(append).toThrow(reason)
  })

  test.each<[declared: string, type: ColumnType, value: Value, reason: string]>([
    ['varchar(3)', 'text', 'abcd', 'at most 3 characters, got "abcd"'],
    ['varchar(3)[]', 'text[]', ['abcd'], 'at most 3 characters'],
    ['numeric(4,2)', 'numeric', '99.995', 'the text of a number that numeric(4,2) can hold, got "99.995"'],
    ['numeric(4,2)', 'numeric', 'Infinity', 'the text of a number that numeric(4,2) can hold'],
  ])('append refuses in a column declared as %s', (declared, type, value, reason) => {
    const table: Table = { columns: [{ name: 'v', type, declared }], primaryKey: [] }
    expect(() => recordsOf(table, [[value]])).toThrow(
      `Column \`v\` (${declared.replace('[]', '')}): expected ${reason}`,
    )
  })

  test.each<[declared: string, type: ColumnType, value: Value, held: Value]>([
    ['varchar(3)', 'text', 'é😀x  ', 'é😀x'],
    ['varchar(3)', 'text', 'é😀', 'é😀'],
    ['numeric(4,2)', 'numeric', '-1.005', '-1.01'],
    ['numeric(4,2)', 'numeric', '99.994', '99.99'],
    ['numeric(4,2)[]', 'numeric[]', ['1', null], ['1.00', null]],
  ])('append to a column declared as %s keeps of the %s %o %o', (declared, type, value, held) => {
    const table: Table = { columns: [{ name: 'v', type, declared }], primaryKey: [] }
    expect(recordsOf(table, [[value]]).row(0)).toEqual([held])
  })

  test('append refuses a row of another width, and a null where the table has none', () => {
    const table: Table = {
      columns: [
        { name: 'id', type: 'int4' },
        { name: 'name', type: 'text', notNull: true },
      ],
      primaryKey: ['id'],
    }
    expect(() => recordsOf(table, [[1]])).toThrow('Expected a record of 2 values, one for each column, got 1')
    expect(() => recordsOf(table, [[null, 'x']])).toThrow(
      'Column `id` (int4): expected a value, since the column is not null',
    )
    expect(() => recordsOf(table, [[1, null]])).toThrow('Column `name` (text): expected a value')
  })

  test.each(columnTypes)('row gives back a column of %s, whatever was there before', (type) => {
    const table = oneColumn(type)
    const records = new Records(table)
    const values = fc.array(orNull(sources[type].samples), { maxLength: 40 })
    fc.assert(
      fc.property(values, values, fc.nat(), (first, second, kept) => {
        records.truncate(0)
        for (const { value } of first) records.append([value])
        records.truncate(Math.min(kept, first.length))
        for (const { value } of second) records.append([value])
        records.checkComplete()
        const expected = [...first.slice(0, kept), ...second].map(({ value }): Row => [value])
        // What a row holds is a value of the same type: it gives the same records again.
        expect(rowsOf(recordsOf(table, rowsOf(records)))).toEqual(rowsOf(recordsOf(table, expected)))
        expect(records.length).toBe(expected.length)
      }),
      { numRuns: 40 },
    )
  })

  test.each<[ColumnType, Value, Value]>([
    ['int8', -(2n ** 63n), -(2n ** 63n)],
    ['int8', 4_294_967_295, 4_294_967_295],
    ['float4', 0.1, Math.fround(0.1)],
    ['bool', true, true],
    ['date', new Date('1969-12-31T23:00:00Z'), Date.UTC(1969, 11, 31)],
    ['timestamp', 978_307_260_000.001, 978_307_260_000.001],
    ['timestamptz', new Date('-000043-03-15T00:00:00Z'), Date.parse('-000043-03-15T00:00:00Z')],
    ['uuid', '6E756C6C-6e75-4c6c-8e75-6c6c6e756c6c', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['numeric', '+1.50e1', '15.0'],
    ['text', 'é\t😀', 'é\t😀'],
    ['bytea', Uint8Array.of(0, 255), Buffer.from([0, 255])],
    ['text[]', ['', null, '"\\'], ['', null, '"\\']],
  ])('row gives for the %s %o %o', (type, value, expected) => {
    expect(recordsOf(oneColumn(type), [[value]]).row(0)).toEqual([expected])
  })

  test('truncate forgets what was begun, and keeps what was complete', () => {
    const table: Table = {
      columns: [
        { name: 'a', type: 'text' },
        { name: 'b', type: 'int4[]' },
        { name: 'c', type: 'int2' },
      ],
      primaryKey: [],
    }
    const records = recordsOf(table, [['one', [1, null], null]])
    expect(() => records.append(['two', [2, 3], 99_999])).toThrow(TypeError)
    expect(() => records.checkComplete()).toThrow('Expected 1 values in column `a`, one for each record, got 2')
    records.truncate(1)
    records.checkComplete()
    records.append([null, null, 3])
    expect(rowsOf(records)).toEqual([
      ['one', [1, null], null],
      [null, null, 3],
    ])
  })
})

test('records like others have their memory and none of their values', () => {
  const columns = ['int4', 'int8', 'float8', 'text', 'text[]'] as const
  const table: Table = { columns: columns.map((type) => ({ name: type, type })), primaryKey: [] }
  const row = [1, 2, 3.5, 'x'.repeat(100), ['y'.repeat(50), null]]
  const full = recordsOf(
    table,
    Array.from({ length: 1000 }, () => row),
  )
  const like = new Records(table, full)
  const memory = ({ columns }: Records): number[] =>
    columns.map((rows) => {
      const bytes = rows instanceof ListColumn ? rows.elements : rows
      return rows.capacity + (bytes instanceof BytesColumn ? bytes.bytes.length : 0)
    })
  expect(memory(like)).toEqual(memory(full))
  expect(like.length).toBe(0)
  for (let k = 0; k < 1500; k++) like.append(row)
  like.checkComplete()
  expect([like.row(0), like.row(1499)]).toEqual([row, row])
})

test('BytesColumn keeps bytes of any length from any place of two memories', () => {
  const sources = [1, 2].map((seed) => Buffer.from(Array.from({ length: 700 }, (_, k) => (k * seed * 7) % 251)))
  const lengths = [...Array(300).keys(), 500, 255, 256, 257, 0]
  const column = new BytesColumn()
  const places = lengths.map((length, k) => ({ source: sources[k % 3 === 0 ? 1 : 0]!, from: (k * 13) % 190, length }))
  for (const { source, from, length } of places) column.push(source, from, from + length)
  // Up to the last byte of its memory.
  column.push(sources[0]!, 695, 700)
  const kept = Array.from({ length: column.length }, (_, row) => column.textAt(row, 'hex'))
  expect(kept).toEqual([
    ...places.map(({ source, from, length }) => source.toString('hex', from, from + length)),
    sources[0]!.toString('hex', 695, 700),
  ])
})
