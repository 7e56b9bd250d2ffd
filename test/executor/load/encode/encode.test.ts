import { describe, expect, test } from 'vitest'
import { makeEncoder, makePayloadBuffer } from '../../../../src/executor/load/encode/encode.js'
import { type ColumnType, columnTypes, type Row, type Table, type Value } from '../../../../src/study/table/table.js'
import { recordsOf } from '../../records-of.js'

const encodings = ['text', 'binary'] as const
const oneColumn = (type: ColumnType): Table => ({ columns: [{ name: 'v', type }], primaryKey: [] })
const pair: Table = {
  columns: [
    { name: 'id', type: 'int4' },
    { name: 'name', type: 'text' },
  ],
  primaryKey: [],
}

function encodeRows(encoding: 'text' | 'binary', table: Table, rows: readonly Row[]): Buffer {
  return makeEncoder(table, encoding).encode(recordsOf(table, rows), 0, rows.length, makePayloadBuffer())
}

function encodeOne(encoding: 'text' | 'binary', type: ColumnType, value: Value): Buffer {
  return encodeRows(encoding, oneColumn(type), [[value]])
}

describe('makeEncoder(table, "text")', () => {
  test('encode writes tabs, newlines, escapes and \\N', () => {
    const rows = [
      [1, 'a\tb\\c\nd\r\b\v\f'],
      [-20, null],
    ]
    expect(encodeRows('text', pair, rows).toString()).toBe('1\ta\\tb\\\\c\\nd\\r\\b\\v\\f\n-20\t\\N\n')
  })

  test('encode of no rows is empty', () => {
    expect(encodeRows('text', pair, [])).toHaveLength(0)
  })

  test.each([
    ['timestamp', new Date('2001-02-03T04:05:06.007Z'), '2001-02-03 04:05:06.007000'],
    ['timestamp', 978_307_260_000.001, '2001-01-01 00:01:00.000001'],
    ['timestamptz', new Date('1969-12-31T23:59:59.999Z'), '1969-12-31 23:59:59.999000+00'],
    ['timestamp', new Date('-000043-03-15T00:00:00Z'), '0044-03-15 00:00:00 BC'],
    ['date', new Date('1999-12-31T23:59:59Z'), '1999-12-31'],
    ['float8', -0, '-0'],
    ['float8', Number.NaN, 'NaN'],
    ['int8', -(2n ** 63n), '-9223372036854775808'],
    ['int8', 2_010_101_000_000_002, '2010101000000002'],
    ['numeric', '1e3', '1000'],
    ['bytea', Uint8Array.of(0, 255), '\\\\x00ff'],
  ] as const)('encode writes the %s %o as %s', (type, value, text) => {
    expect(encodeOne('text', type, value).toString()).toBe(`${text}\n`)
  })
})

describe('makeEncoder(table, "binary")', () => {
  test('encode writes signature, field counts, length words and trailer', () => {
    const payload = encodeRows('binary', pair, [[-2, null]])
    const signature = '5047434f50590aff0d0a00' + '00000000' + '00000000'
    expect(payload.toString('hex')).toBe(`${signature}0002${'00000004'}fffffffe${'ffffffff'}ffff`)
  })

  test('encode of no rows is signature and trailer', () => {
    expect(encodeRows('binary', pair, [])).toHaveLength(21)
  })
})

describe.each(encodings)('makeEncoder(table, %o)', (encoding) => {
  test('encode takes the rows from `from` to before `to`', () => {
    const rows = [0, 1, 2, 3].map((id) => [id, 'x'])
    const middle = makeEncoder(pair, encoding).encode(recordsOf(pair, rows), 1, 3, makePayloadBuffer())
    expect(middle).toEqual(encodeRows(encoding, pair, rows.slice(1, 3)))
  })

  test('encode gives the same bytes whatever the buffer held and however often it had to grow', () => {
    const rows = Array.from({ length: 50 }, (_, k) => [k, k % 7 === 0 ? '\t'.repeat(5000) : 'é'.repeat(k * 20)])
    const records = recordsOf(pair, rows)
    const encoder = makeEncoder(pair, encoding)
    const roomy = Buffer.from(encoder.encode(records, 0, 50, makePayloadBuffer(1 << 20)))
    const tight = makePayloadBuffer(1)
    expect(encoder.encode(records, 0, 50, tight)).toEqual(roomy)
    encoder.encode(records, 40, 50, tight)
    expect(encoder.encode(records, 0, 50, tight)).toEqual(roomy)
  })

  test.each(columnTypes)('encode has room for nulls alone in a column of %s', (type) => {
    const rows = Array.from({ length: 40 }, () => [null])
    const records = recordsOf(oneColumn(type), rows)
    const encoder = makeEncoder(oneColumn(type), encoding)
    const roomy = Buffer.from(encoder.encode(records, 0, 40, makePayloadBuffer(1 << 20)))
    expect(encoder.encode(records, 0, 40, makePayloadBuffer(1))).toEqual(roomy)
    expect(roomy).toHaveLength(encoding === 'text' ? 40 * 3 : 21 + 40 * 6)
  })

  test('encode reuses the memory of a buffer that is large enough', () => {
    const target = makePayloadBuffer()
    const { bytes } = target
    makeEncoder(pair, encoding).encode(recordsOf(pair, [[1, 'one']]), 0, 1, target)
    expect(target.bytes).toBe(bytes)
  })
})

test('makePayloadBuffer refuses a capacity of 0', () => {
  expect(() => makePayloadBuffer(0)).toThrow('Expected `capacityBytes` to be a whole number from 1, got 0')
})
