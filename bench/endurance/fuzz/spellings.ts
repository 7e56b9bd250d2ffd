import fc from 'fast-check'

/** A text that may stand in a file, right or nearly so; never empty, and without NUL. */
type Texts = fc.Arbitrary<string>

const joined = (...parts: readonly Texts[]): Texts => fc.tuple(...parts).map((texts) => texts.join(''))
const one = (...texts: readonly string[]): Texts => fc.constantFrom(...texts)
const digits = (least: number, most: number): Texts => fc.stringMatching(new RegExp(`^\\d{${least},${most}}$`))
const space = one('', '', '', '', ' ', '  ', '\t', '\n', '\u00a0')
const signs = one('', '', '', '-', '+')
const anything = (letters: string): Texts => fc.string({ unit: one(...letters), minLength: 1, maxLength: 12 })

const integers = fc.oneof(
  joined(space, signs, digits(1, 5), space),
  joined(signs, one('', '0', '000'), digits(4, 21)),
  one('32767', '32768', '-32768', '-32769', '2147483647', '-2147483648', '2147483648', '-2147483649'),
  one('9223372036854775807', '9223372036854775808', '-9223372036854775808', '-9223372036854775809', '-0', '+0'),
  one('0x1F', '0b101', '0o17', '1_000', '1__0', '_1', '1.0', '1e3', '1,000', '1 000', '-', '+', ' '),
  anything('0123456789+-. eExXb_,'),
)

const decimals = fc.oneof(
  joined(space, signs, digits(0, 6), one('', '.'), digits(0, 4), space),
  joined(signs, digits(0, 40), one('', '.'), digits(0, 40), one('', 'e', 'E'), signs, digits(0, 2)),
  joined(signs, digits(1, 18), one('e', 'E'), signs, digits(1, 3)),
  joined(space, one('', '-', '+'), one('NaN', 'nan', 'inf', 'Infinity', 'INF', 'infinit'), space),
  one('0', '-0', '0.0', '.5', '5.', '.', '-', 'e5', '1e', '1e+', '--1', '0x1F', '1_000.5', '1,5', '1 000', '$1'),
  anything('0123456789+-. eEinfa_,'),
)

/** Numbers at the ends of the ranges of floats, and next to the middle of two of 32 bits. */
const floats = fc.oneof(
  decimals,
  fc.double().map(String),
  fc.tuple(fc.float({ noNaN: true }), one('', '0000000000000000001', '1', '000')).map(([single, tail]) => {
    const middle = single + Math.abs(single) * 2 ** -25
    return `${middle.toFixed(Math.abs(middle) < 1e21 ? 60 : 0).replace(/^(-?)\./, '$10.')}${tail}`
  }),
  fc
    .tuple(fc.integer({ min: 2 ** 24, max: 2 ** 26 }), one('', '.0', '.0000000000000000000000001', 'e0'))
    .map(([n, tail]) => {
      return `${2 * n + 1}${tail}`
    }),
  one('16777217.0000000001', '16777216.9999999999999999', '3.4028235677973366e38', '3.4028235677973365e38'),
  one('1e-400', '1e400', '-1e-400', '4.9e-324', '2.4e-324', '1e-45', '7e-46', '8e-46', '3.4028236e38', '1e39', '0e999'),
)

const dateParts = joined(
  fc.oneof(
    digits(4, 4),
    one(
      '0000',
      '0001',
      '2000',
      '1900',
      '2001',
      '9999',
      '10000',
      '294276',
      '294277',
      '5874897',
      '5874898',
      '4713',
      '4714',
      '4715',
      '01999',
      '99',
    ),
  ),
  one('-', '-', '-', '-', '/', ''),
  one('01', '02', '11', '12', '13', '0', '1', '2', '00'),
  one('-', '-', '-', '-', '/', ''),
  one('01', '24', '23', '28', '29', '30', '31', '32', '1', '9', '00'),
)
const timeParts = joined(
  one('00', '01', '04', '12', '23', '23', '24', '24', '25', '4'),
  one(':', ':', ':', ''),
  one('00', '00', '30', '59', '59', '60', '5'),
  fc.oneof(
    one(''),
    joined(
      one(':'),
      one('00', '00', '59', '60', '60', '61', '5'),
      fc.oneof(one('', ''), joined(one('.'), digits(0, 9))),
    ),
  ),
)
const zoneParts = joined(
  one('', '', ' ', '  '),
  one(
    'Z',
    'z',
    'UTC',
    'utc',
    'GMT',
    '+00',
    '+02',
    '-0330',
    '+05:45',
    '+00:00',
    '+05:30:15',
    '+5',
    '+530',
    '-15:59',
    '+16',
    '+15:60',
    'Europe/Berlin',
    'america/new_york',
    'Asia/Kathmandu',
    'Pacific/Nowhere',
    'CET',
    'EST',
    'PST8PDT',
    ' zulu',
    '+',
    '+1:2',
  ),
)
const eras = one('', '', '', '', ' BC', ' bc', ' AD', 'BC')
const words = one(
  'infinity',
  '-infinity',
  'Infinity',
  ' -INFINITY ',
  '+infinity',
  'inf',
  'now',
  'today',
  'epoch',
  'January 8, 1999',
  '1/8/1999',
  '08-Jan-1999',
  '19990108',
  'J2451187',
)

const timestamps = fc.oneof(
  joined(space, dateParts, eras, space),
  joined(dateParts, one(' ', ' ', 'T', 't', '  ', ''), timeParts, eras),
  joined(dateParts, one(' ', 'T'), timeParts, zoneParts, eras),
  joined(dateParts, zoneParts, eras),
  joined(space, words, space),
  anything('0123456789-: .TZ+BC'),
)

/** Local times of zones with a name, also those that the clocks leave out or pass twice. */
const zoned = fc
  .tuple(
    fc.date({ min: new Date('1970-01-03'), max: new Date('2037-12-29'), noInvalidDate: true }),
    one(
      'Europe/Berlin',
      'America/New_York',
      'Australia/Lord_Howe',
      'Asia/Tehran',
      'Africa/Cairo',
      'Etc/GMT+5',
      'America/Sao_Paulo',
    ),
  )
  .map(([date, zone]) => `${date.toISOString().slice(0, 19)} ${zone}`)
const changes = joined(
  one('2020-03-29', '2020-10-25', '2019-03-31', '1981-03-29', '2005-10-30'),
  one(' 01:', ' 02:', ' 03:'),
  one('00', '30', '59:59', '59:59.999999'),
  one(' Europe/Berlin'),
)

const booleans = fc.oneof(
  joined(
    space,
    one(
      't',
      'tr',
      'tru',
      'true',
      'f',
      'fa',
      'fal',
      'fals',
      'false',
      'y',
      'ye',
      'yes',
      'n',
      'no',
      'o',
      'on',
      'of',
      'off',
      '0',
      '1',
      '2',
      '10',
      'truee',
      'ja',
    ),
    space,
  ),
  one('TRUE', 'False', 'YES', 'oN', 'OFF', 'T\u212a'),
  anything('trueyonfals01 '),
)

const hex = fc.string({ unit: one(...'0123456789abcdefABCDEF'), minLength: 4, maxLength: 4 })
const uuids = fc.oneof(
  fc.uuid(),
  fc.uuid().map((uuid) => `{${uuid.toUpperCase()}}`),
  fc.uuid().map((uuid) => uuid.replaceAll('-', '')),
  fc
    .tuple(fc.array(fc.tuple(hex, one('', '-', '-')), { minLength: 7, maxLength: 9 }), one('', '{'), one('', '}', ' '))
    .map(([groups, open, close]) => `${open}${groups.flat().join('')}${close}`),
)

const bytea = fc.oneof(
  joined(one('\\x'), fc.string({ unit: one(...'0123456789abcdefABCDEF'), maxLength: 12 })),
  joined(one('\\x'), fc.string({ unit: one('00', 'ff', 'Ab', ' ', '\n', '0', 'g', '\u00a0'), maxLength: 8 })),
  fc.string({
    unit: one('\\000', '\\377', '\\400', '\\\\', '\\', 'a', 'é', '\\x', '\\8', ' '),
    minLength: 1,
    maxLength: 10,
  }),
  one('ABBAFF', '\\X00', '\\', '\\1', '\\12'),
)

const storable = fc.string({
  unit: one('a', 'é', '😀', ' ', ' ', 'e\u0301', '\t', '\n', '\\', '"', ','),
  minLength: 1,
  maxLength: 9,
})

const json = fc.oneof(
  fc.json(),
  joined(
    space,
    one(
      'true',
      'null',
      '1.10',
      '-0',
      '1E2',
      '"x"',
      '[1, 2]',
      '{"a":1,"a":2}',
      '{"b":1,"aa":[]}',
      '[1,]',
      'nul',
      "{'a':1}",
      '01',
      '"\\u0000"',
      '"\\ud800"',
    ),
    space,
  ),
)

/** Arrays of elements, quoted or not, with spaces, bounds and arrays within. */
function arrays(elements: Texts): Texts {
  const element = fc.oneof(
    elements,
    elements.map((text) => `"${text.replace(/["\\]/g, '\\$&')}"`),
    one('NULL', 'null', '"NULL"', '""', '', 'a b', ' x ', '\\"', 'N\\ULL', '"a"b', '{1}'),
  )
  const list = fc.array(joined(space, element, space), { maxLength: 4 }).map((texts) => `{${texts.join(',')}}`)
  return joined(one('', '', '', '', '[0:1]='), space, list, one('', '', '', ' ', '}'))
}

/** Texts by type, as PostgreSQL spells it. */
export const spellings = {
  int2: integers,
  int4: integers,
  int8: integers,
  float4: floats,
  float8: floats,
  numeric: decimals,
  'numeric(6,2)': decimals,
  'numeric(3,5)': decimals,
  'numeric(3,-2)': decimals,
  'varchar(4)': storable,
  text: storable,
  bool: booleans,
  date: timestamps,
  timestamp: timestamps,
  timestamptz: fc.oneof(timestamps, zoned, changes),
  uuid: uuids,
  jsonb: json,
  bytea,
  'int4[]': arrays(integers),
  'text[]': arrays(storable),
  'varchar(4)[]': arrays(storable),
  'numeric(6,2)[]': arrays(decimals),
  'bytea[]': arrays(bytea),
  'date[]': arrays(timestamps),
  'timestamptz[]': arrays(timestamps),
} as const satisfies Record<string, Texts>

export type SpelledType = keyof typeof spellings
export const spelledTypes = Object.keys(spellings) as SpelledType[]
