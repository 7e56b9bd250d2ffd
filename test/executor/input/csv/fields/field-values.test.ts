import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { decimalIn } from '../../../../../src/executor/input/csv/fields/field-numbers.js'
import { readField } from './read-field.js'

const at = (text: string): number => Date.parse(text)

describe('fieldReader(column, ownFormat)', () => {
  test.each<[type: string, field: string, value: unknown]>([
    ['int2', '-32768', -32768],
    ['int4', '+7', 7],
    ['int4', ' 42', 42],
    ['int4', '-007', -7],
    ['int4', '0000000000000000000012', 12],
    ['int8', '9007199254740993', 9007199254740993n],
    ['int8', '+9223372036854775807', 9223372036854775807n],
    ['int8', '-9223372036854775808', -9223372036854775808n],
    ['int8', ' 12 ', 12],
    ['int8', '-0', 0],
    ['float4', '1.5e3', 1500],
    ['float4', '16777217.0000000001', 16_777_218],
    ['float4', '16777217', 16_777_216],
    ['float4', '16777219.00', 16_777_220],
    ['float4', '3.4028235677973366e38', 3.4028234663852886e38],
    ['float4', '-8e-46', -1.401298464324817e-45],
    ['float8', '-inf', Number.NEGATIVE_INFINITY],
    ['float8', 'Infinity', Number.POSITIVE_INFINITY],
    ['float8', 'NaN', Number.NaN],
    ['float8', ' .5 ', 0.5],
    ['float8', '5.', 5],
    ['float8', '123456789012345.5', 123456789012345.5],
    ['float8', '-0', -0],
    ['float8', '0.1', 0.1],
    ['float8', '0e999', 0],
    ['float8', '4.9e-324', 5e-324],
    ['float8', '1.7976931348623157e308', Number.MAX_VALUE],
    ['numeric', '12345678901234567890.10', '12345678901234567890.10'],
    ['numeric', '-007.50', '-7.50'],
    ['numeric', '1e3', '1000'],
    ['numeric', ' -0.0', '0.0'],
    ['numeric(6,2)', '1234.50', '1234.50'],
    ['numeric(6,2)', '7', '7.00'],
    ['numeric(6,2)', '-7.5', '-7.50'],
    ['numeric(6,2)', '0.005', '0.01'],
    ['numeric(6,2)', '-1.005', '-1.01'],
    ['numeric(6,2)', '-0.004', '0.00'],
    ['numeric(6,2)', '9999.994', '9999.99'],
    ['numeric(6,2)', 'nan', 'NaN'],
    ['numeric(2,2)', '0.99', '0.99'],
    ['numeric(3,5)', '0.00123', '0.00123'],
    ['numeric(3,-2)', '12350', '12400'],
    ['numeric(3,-2)', '49', '0'],
    ['decimal(4)', '12.5', '13'],
    ['text', '', ''],
    ['varchar(3)', 'é😀x', 'é😀x'],
    ['varchar(3)', 'abc   ', 'abc'],
    ['varchar(3)', 'a    ', 'a  '],
    ['bool', 'Yes', true],
    ['bool', ' tr ', true],
    ['bool', 'fal', false],
    ['bool', 'ye', true],
    ['bool', 'of', false],
    ['bool', 'ON', true],
    ['bool', '0', false],
    ['date', '2000-02-29', at('2000-02-29')],
    ['date', ' 2000-2-9', at('2000-02-09')],
    ['date', 'infinity', Number.POSITIVE_INFINITY],
    ['date', '-Infinity', Number.NEGATIVE_INFINITY],
    ['date', '0001-01-01 BC', at('0000-01-01')],
    ['date', '4714-11-24 BC', -210_866_803_200_000],
    ['date', '10000-06-23', at('+010000-06-23')],
    ['date', '5874897-12-31', 185_331_707_078_400_000 - 86_400_000],
    ['timestamp', '2001-01-02', at('2001-01-02')],
    ['timestamp', '2001-01-02 03:04', at('2001-01-02T03:04Z')],
    ['timestamp', '2001-01-02T03:04:05.000001', at('2001-01-02T03:04:05Z') + 0.001],
    ['timestamp', '2001-01-02 3:4:5', at('2001-01-02T03:04:05Z')],
    ['timestamp', '2001-01-02 03:04:05.1234567', at('2001-01-02T03:04:05Z') + 123.457],
    ['timestamp', '2001-01-02 03:04:05.9999999', at('2001-01-02T03:04:06Z')],
    ['timestamp', '2001-01-02 24:00:00', at('2001-01-03')],
    ['timestamp', '2001-01-02 03:04:60', at('2001-01-02T03:05Z')],
    ['timestamp', '0001-01-01 00:00', at('0001-01-01T00:00Z')],
    ['timestamp', '0044-03-15 12:00:00 BC', at('-000043-03-15T12:00Z')],
    ['timestamp', '-infinity', Number.NEGATIVE_INFINITY],
    ['timestamp', '15000-12-31 23:40:28', at('+015000-12-31T23:40:28Z')],
    ['timestamp', '9999-12-31 23:59:59', at('9999-12-31T23:59:59Z')],
    ['timestamptz', '2001-01-02 03:04:05Z', at('2001-01-02T03:04:05Z')],
    ['timestamptz', '2001-01-02 03:04:05-08', at('2001-01-02T11:04:05Z')],
    ['timestamptz', '2001-01-02 03:04:05+0545', at('2001-01-01T21:19:05Z')],
    ['timestamptz', '2001-01-02 03:04:05.5+05:45', at('2001-01-01T21:19:05.5Z')],
    ['timestamptz', '2016-10-14 19:15:09.075 +00:00', at('2016-10-14T19:15:09.075Z')],
    ['timestamptz', '2020-03-29 02:30:00-0330', at('2020-03-29T06:00Z')],
    ['timestamptz', '2020-03-29 02:30:00 UTC', at('2020-03-29T02:30Z')],
    ['timestamptz', '2020-03-29 02:30:00 GMT', at('2020-03-29T02:30Z')],
    ['timestamptz', '2020-03-29', at('2020-03-29')],
    ['timestamptz', '1880-01-01 00:00:00+00:53:28', at('1879-12-31T23:06:32Z')],
    ['timestamptz', '2020-07-01 12:00 Europe/Berlin', at('2020-07-01T10:00Z')],
    // Left out by the clocks, and passed twice.
    ['timestamptz', '2020-03-29 02:30:00 Europe/Berlin', at('2020-03-29T01:30Z')],
    ['timestamptz', '2020-10-25 02:30:00 Europe/Berlin', at('2020-10-25T01:30Z')],
    ['timestamptz', '0002-01-01 00:00:00+00 BC', at('-000001-01-01')],
    ['uuid', '6E756C6C-6e75-4c6c-8e75-6c6c6e756c6c', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['uuid', '{6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c}', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['uuid', '6e756c6c6e754c6c8e756c6c6e756c6c', '6e756c6c-6e75-4c6c-8e75-6c6c6e756c6c'],
    ['jsonb', ' {"a": 1}', ' {"a": 1}'],
    ['bytea', '\\x00fF', Buffer.from([0, 255])],
    ['bytea', '\\x', Buffer.of()],
    ['bytea', 'ABBAFF', Buffer.from('ABBAFF')],
    ['bytea', '\\000\\377', Buffer.from([0, 255])],
    ['bytea', 'é\\\\', Buffer.from('é\\')],
    ['int4[]', '{1,NULL,-2}', [1, null, -2]],
    ['int4[]', ' { 1 , 2 } ', [1, 2]],
    ['text[]', '{a b, "c,\\"d" ,null,"null"}', ['a b', 'c,"d', null, 'null']],
    ['text[]', '{\u00a0a}', ['\u00a0a']],
    ['varchar(2)[]', '{ab,"c  "}', ['ab', 'c ']],
    ['numeric(4,1)[]', '{1,2.25}', ['1.0', '2.3']],
    ['date[]', '{2001-02-03,infinity}', [at('2001-02-03'), Number.POSITIVE_INFINITY]],
    ['bytea[]', '{"",NULL,"\\\\x00"}', [Buffer.of(), null, Buffer.of(0)]],
    ['float8[]', '{}', []],
  ])('reads as %s the field %o', (type, field, value) => {
    expect(readField(type, field)).toEqual(value)
  })

  test.each<[type: string, field: string, reason: string]>([
    ['int2', '32768', 'int2 holds -32768 to 32767; take int8'],
    ['int4', '12x', 'it is no number such as -42'],
    ['int4', '  ', 'it is no number such as -42'],
    ['int4', '-', 'it is no number such as -42: state it in `null` where it stands for that'],
    ['int4', '1.0', 'it is not written as a whole number; take numeric or float8'],
    ['int8', '1.05076E+11', 'it is not written as a whole number; take numeric or float8'],
    ['int4', '25,000', 'it is no number such as -42; the options `decimal` and `thousands` state other marks'],
    ['int4', '0x1F', 'PostgreSQL reads 0x, 0o, 0b and _ in numbers from version 16 on alone; decimal digits are read'],
    ['int8', '9223372036854775808', 'int8 holds -9223372036854775808 to 9223372036854775807; take numeric'],
    ['float4', '1e39', 'it is out of the range of float4'],
    ['float4', '1e308', 'it is out of the range of float4'],
    ['float4', '-1.7e308', 'it is out of the range of float4'],
    ['float4', '3.4028235677973367e38', 'it is out of the range of float4'],
    ['float4', '1e-46', 'it is too near to 0 for float4'],
    ['float8', '1e999', 'it is out of the range of float8'],
    ['float8', '-1e-400', 'it is too near to 0 for float8'],
    [
      'float8',
      '1239,88',
      'it is no number such as -1.5 or 1e-7; the options `decimal` and `thousands` state other marks',
    ],
    ['float8', '.', 'it is no number such as -1.5 or 1e-7: state it in `null` where it stands for that'],
    [
      'float8',
      '1.2.3',
      'it is no number such as -1.5 or 1e-7; the options `decimal` and `thousands` state other marks',
    ],
    ['numeric', '$40.00', 'it is no number such as -12.50'],
    ['numeric(6,2)', '9999.995', 'numeric(6,2) holds no number of as many digits'],
    ['numeric(6,2)', 'infinity', 'numeric(6,2) holds no number of as many digits'],
    ['varchar(3)', 'abcd ', 'it has 5 characters; varchar(3) holds 3'],
    ['text', 'a\0', 'PostgreSQL cannot store the character NUL'],
    [
      'bool',
      'JA',
      'booleans are read as true or false, t, f, yes, no, on, off, 1, 0; state its format in `formats`, such as ja/nein',
    ],
    ['date', '03/04/2019', 'dates are read as 2019-01-13; state its format in `formats`, such as DD/MM/YYYY'],
    ['date', '2001-02-29', 'no calendar has this date'],
    ['date', '0000-01-01', 'no calendar has this date'],
    ['date', '2001-02-03 00:00', 'a date would lose its time; take timestamp'],
    ['date', '5874898-01-01', 'dates lie between 4714-11-24 BC and 5874897-12-31'],
    ['date', '4714-11-23 BC', 'dates lie between 4714-11-24 BC and 5874897-12-31'],
    [
      'timestamp',
      '4/13/2014 0:01:00',
      'timestamps are read as 2019-01-13 14:05:06; state its format in `formats`, such as DD/MM/YYYY HH24:MI',
    ],
    ['timestamp', '2001-01-02 24:00:01', 'no day has this time'],
    ['timestamp', '2001-01-02 03:04:05Z', 'a timestamp would lose its zone; take timestamptz'],
    ['timestamp', '294277-01-01 00:00', 'timestamps lie between 4714-11-24 BC and 294276-12-31'],
    ['timestamptz', '2001-01-02 03:04:05+16', 'PostgreSQL reads offsets below 16 hours'],
    ['timestamptz', '2001-01-02 03:04:05+1:2', 'offsets are read as +05, +0545, +05:45 or +05:45:30'],
    ['timestamptz', '2001-01-02 03:04 CET', 'what CET means is a setting of the server; write the offset, such as +01'],
    ['timestamptz', '2001-01-02 03:04 Europe/Bonn', 'no zone is known as Europe/Bonn'],
    [
      'timestamptz',
      '1901-01-02 03:04 Europe/Berlin',
      'zones with a name are read from 1970 to 2037, since others disagree on the rest; write the offset, such as +01',
    ],
    ['uuid', '6e756c6c', 'a uuid is read as a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['uuid', '{6e756c6c6e754c6c8e756c6c6e756c6c', 'a uuid is read as a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'],
    ['bytea', '\\x0', 'after \\x two hexadecimal digits are read for each byte'],
    ['bytea', '\\400', 'a backslash is read as \\\\, a byte as \\377, or all of them as \\x00ff'],
    ['bytea', '\\37', 'a backslash is read as \\\\, a byte as \\377, or all of them as \\x00ff'],
    ['text[]', 'a', 'arrays are read as {1,2} or {"a b",NULL}'],
    ['text[]', '{a', 'arrays are read as {1,2} or {"a b",NULL}'],
    ['text[]', '{{a}}', 'arrays of arrays are not read; take text'],
    ['int4[]', '[0:1]={1,2}', 'arrays with bounds are not read: their elements are counted from 1'],
    ['int4[]', '{1,2x}', 'its element "2x" cannot be read, it is no number such as -42'],
  ])('refuses as %s the field %o: %s', (type, field, reason) => {
    expect(() => readField(type, field)).toThrow(
      new Error(`column \`v\` (${type}) cannot hold ${JSON.stringify(field)}: ${reason}`),
    )
  })

  test('says what is wrong with JSON', () => {
    expect(() => readField('jsonb', '{')).toThrow('cannot hold "{": it is no JSON that jsonb holds (')
  })
})

describe('fieldReader(column, { decimal, thousands })', () => {
  const german = { decimal: ',', thousands: '.' } as const
  const french = { decimal: ',', thousands: ' ' } as const
  const swiss = { decimal: '.', thousands: "'" } as const

  test.each<[object, string, string, unknown]>([
    [german, 'float8', '1.234,50', 1234.5],
    [german, 'float8', '-1.234.567,25', -1_234_567.25],
    [german, 'float8', '12,5', 12.5],
    [german, 'float8', '1234,5', 1234.5],
    [german, 'float8', ',5', 0.5],
    [german, 'float8', '1,5e3', 1500],
    [german, 'float8', '-inf', Number.NEGATIVE_INFINITY],
    [german, 'int4', '25.000', 25_000],
    [german, 'int8', '1.234', 1234],
    [german, 'numeric(10,2)', ' 1.239,8 ', '1239.80'],
    [german, 'numeric[]', '{"1,5","1.000"}', ['1.5', '1000']],
    [french, 'float8', '1 234 567,5', 1_234_567.5],
    [french, 'int4', '1\u00a0234', 1234],
    [french, 'int4', '1\u202f234', 1234],
    [swiss, 'numeric', "1'234.50", '1234.50'],
    [{ decimal: ',' }, 'float8', '1239,88', 1239.88],
    [german, 'date', '2001-02-03', at('2001-02-03')],
  ])('reads by %o as %s the field %o', (format, type, field, value) => {
    expect(readField(type, field, format)).toEqual(value)
  })

  test.each<[object, string, string]>([
    [german, 'int4', '12.34'],
    [german, 'int4', '1234.567'],
    [german, 'int4', '.123'],
    [german, 'int4', '0.123'],
    [german, 'int4', '1.23.456'],
    [german, 'int4', '1..234'],
    [german, 'float8', '12,34.567'],
    [german, 'float8', '1.2345,0'],
    [german, 'float8', '12.5'],
    [{ decimal: ',' }, 'float8', '12.5'],
    [french, 'int4', '1 23'],
    [german, 'int4', '-'],
  ])('refuses by %o as %s the field %o', (format, type, field) => {
    expect(() => readField(type, field, format)).toThrow(/numbers are read with "," before their decimals and /)
  })
})

describe('fieldReader(column, { format }) of booleans', () => {
  test.each<[string, string, boolean]>([
    ['ja/nein', 'Ja', true],
    ['ja/nein', ' NEIN', false],
    ['oui/non', 'oui', true],
    ['Wahr/Falsch', 'falsch', false],
    ['sí/no', 'SÍ', true],
    ['да/нет', 'НЕТ', false],
    ['verdadero/falso', 'Verdadero', true],
    ['x/-', '-', false],
  ])('reads by %s the field %o', (format, field, value) => {
    expect(readField('bool', field, { format })).toBe(value)
  })

  test('refuses other words, PostgreSQL’s own too', () => {
    expect(() => readField('bool', 'true', { format: 'ja/nein' })).toThrow(
      'cannot hold "true": booleans are read as ja or nein',
    )
  })
})

describe('decimalIn(bytes, from, to)', () => {
  const read = (text: string): number => {
    const bytes = Buffer.from(`9${text}9`)
    return decimalIn(bytes, 1, bytes.length - 1)
  }
  /** Digits with a point before the last `decimals` of them. */
  const pointed = (digits: string, decimals: number): string => {
    const padded = digits.padStart(decimals, '0')
    return `${padded.slice(0, padded.length - decimals)}.${padded.slice(padded.length - decimals)}`
  }
  const digits = fc.stringMatching(/^[0-9]{1,22}$/)
  const sign = fc.constantFrom('', '-', '+')

  test('gives the nearest double of decimals of up to 22 digits, and of nearly all of them', () => {
    let given = 0
    const decimals = fc.tuple(sign, digits, fc.nat(22)).map(([s, d, n]) => s + pointed(d, Math.min(n, d.length)))
    fc.assert(
      fc.property(decimals, (text) => {
        const value = read(text)
        if (Number.isNaN(value)) return
        given++
        expect(value).toBe(Number(text))
      }),
      { numRuns: 20_000 },
    )
    expect(given).toBeGreaterThan(19_500)
  })

  test('gives every double between 1e-4 and 1e15 that is written with as many digits as it needs', () => {
    const double = fc.double({ min: 1e-4, max: 1e15, noNaN: true })
    fc.assert(
      fc.property(double, (value) => {
        expect(read(String(value))).toBe(value)
      }),
      { numRuns: 5000 },
    )
  })

  test('gives none, or the nearest double, next to the middle of two', () => {
    let left = 0
    const middle = fc.tuple(
      fc.bigInt(2n ** 52n, 2n ** 53n - 1n),
      fc.integer({ min: 0, max: 5 }),
      fc.constantFrom(-1n, 0n, 1n),
    )
    fc.assert(
      fc.property(middle, ([half, twos, step]) => {
        // (2 · half + 1) / 2^(twos + 1), in decimal digits.
        const text = pointed(String((2n * half + 1n) * 5n ** BigInt(twos + 1) + step), twos + 1)
        const value = read(text)
        if (Number.isNaN(value)) left++
        else expect(value).toBe(Number(text))
      }),
      { numRuns: 5000 },
    )
    expect(left).toBeGreaterThan(1000)
  })

  test.each(['', '.', '-', '1e5', '1.2.3', '12345678901234567890123', '1234567890123456x', '1234567890.123456.7'])(
    'gives none for %o',
    (text) => {
      expect(read(text)).toBeNaN()
    },
  )
})
