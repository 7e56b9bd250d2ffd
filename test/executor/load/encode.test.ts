import { describe, expect, test } from 'vitest'
import type { ColumnType, Table, Value } from '../../../src/executor/input/input.js'
import { makeEncoder, makePayloadBuffer } from '../../../src/executor/load/encode.js'

const encodings = ['text', 'binary'] as const
const oneColumn = (type: ColumnType): Table => ({ columns: [{ name: 'v', type }], primaryKey: [] })
const pair: Table = {
  columns: [
    { name: 'id', type: 'int4' },
    { name: 'name', type: 'text' },
  ],
  primaryKey: [],
}

function encodeOne(encoding: 'text' | 'binary', type: ColumnType, value: Value): Buffer {
  return makeEncoder(oneColumn(type), encoding).encode([[value]], 0, 1, makePayloadBuffer())
}

describe('makeEncoder(table, "text")', () => {
  test('encode writes tabs, newlines, escapes and \\N', () => {
    const rows = [
      [1, 'a\tb\\c\nd\r\b\v\f'],
      [-20, null],
    ]
    const payload = makeEncoder(pair, 'text').encode(rows, 0, 2, makePayloadBuffer())
    expect(payload.toString()).toBe('1\ta\\tb\\\\c\\nd\\r\\b\\v\\f\n-20\t\\N\n')
  })

  test('encode of no rows is empty', () => {
    expect(makeEncoder(pair, 'text').encode([], 0, 0, makePayloadBuffer())).toHaveLength(0)
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
    const payload = makeEncoder(pair, 'binary').encode([[-2, null]], 0, 1, makePayloadBuffer())
    const signature = '5047434f50590aff0d0a00' + '00000000' + '00000000'
    expect(payload.toString('hex')).toBe(`${signature}0002${'00000004'}fffffffe${'ffffffff'}ffff`)
  })

  test('encode of no rows is signature and trailer', () => {
    expect(makeEncoder(pair, 'binary').encode([], 0, 0, makePayloadBuffer())).toHaveLength(21)
  })
})

describe.each(encodings)('makeEncoder(table, %o)', (encoding) => {
  test('encode takes the rows from `from` to before `to`', () => {
    const rows = [0, 1, 2, 3].map((id) => [id, 'x'])
    const encoder = makeEncoder(pair, encoding)
    const middle = Buffer.from(encoder.encode(rows, 1, 3, makePayloadBuffer()))
    expect(middle).toEqual(encoder.encode([rows[1]!, rows[2]!], 0, 2, makePayloadBuffer()))
  })

  test('encode gives the same bytes whatever the buffer held and however often it had to grow', () => {
    const rows = Array.from({ length: 50 }, (_, k) => [k, k % 7 === 0 ? '\t'.repeat(5000) : 'é'.repeat(k * 20)])
    const encoder = makeEncoder(pair, encoding)
    const roomy = Buffer.from(encoder.encode(rows, 0, 50, makePayloadBuffer(1 << 20)))
    const tight = makePayloadBuffer(1)
    expect(encoder.encode(rows, 0, 50, tight)).toEqual(roomy)
    encoder.encode(rows, 40, 50, tight)
    expect(encoder.encode(rows, 0, 50, tight)).toEqual(roomy)
  })

  test('encode reuses the memory of a buffer that is large enough', () => {
    const target = makePayloadBuffer()
    const { bytes } = target
    makeEncoder(pair, encoding).encode([[1, 'one']], 0, 1, target)
    expect(target.bytes).toBe(bytes)
  })

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
    ['date', Number.POSITIVE_INFINITY, 'a Date'],
    ['date', -210_866_803_200_001, 'not before 4714-11-24 BC'],
    ['bytea', 'x', 'a Uint8Array'],
  ])('encode refuses in a column of %s the value %o', (type, value, reason) => {
    const encode = (): unknown => encodeOne(encoding, type, value as Value)
    expect(encode).toThrow(TypeError)
    expect(encode).toThrow(`Column \`v\` (${type}): expected`)
    expect(encode).toThrow(reason)
  })

  test('encode refuses a row of another width', () => {
    const encode = (): unknown => makeEncoder(pair, encoding).encode([[1]], 0, 1, makePayloadBuffer())
    expect(encode).toThrow('Expected a record of 2 values, one for each column, got 1')
  })
})

test('makePayloadBuffer refuses a capacity of 0', () => {
  expect(() => makePayloadBuffer(0)).toThrow('Expected `capacityBytes` to be a positive integer, got 0')
})
