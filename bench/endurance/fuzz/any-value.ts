import fc from 'fast-check'
import {
  columnTypes as allTypes,
  type ColumnType,
  type ElementType,
  elementTypes,
  type Value,
} from '#copylab/study/table/table.js'

/**
 * A value for a column, and how SQL makes the same without copylab: an expression over the text
 * `v`.
 */
export interface Sample {
  readonly value: Value
  readonly text: string | null
}

interface Source {
  readonly samples: fc.Arbitrary<Sample>
  /** The server's own reading of `text`. */
  readonly sql: string
}

const plain = <T extends Value>(values: fc.Arbitrary<T>, text: (value: T) => string = String): fc.Arbitrary<Sample> =>
  values.map((value) => ({ value, text: text(value) }))

const floatText = (value: number): string => (Object.is(value, -0) ? '-0' : String(value))

const storableText = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.string({
      unit: fc.constantFrom('\\', '\t', '\n', '\r', '\b', '\v', '\f', 'N', '.', 'é', '😀', 'x', '\u2028'),
      maxLength: 90,
    }),
    fc.constantFrom('\\N', '\\.', '', ' ', 'NULL'),
  )
  .filter((text) => !text.includes('\0'))

const decimal = fc
  .tuple(
    fc.constantFrom('', '-', '+'),
    fc.stringMatching(/^\d{1,40}$/),
    fc.stringMatching(/^\d{0,40}$/),
    fc.option(fc.integer({ min: -60, max: 60 })),
  )
  .map(([sign, whole, fraction, exponent]) => {
    return `${sign}${whole}${fraction === '' ? '' : `.${fraction}`}${exponent === null ? '' : `e${exponent}`}`
  })

/** Text of JSON with odd spacing, repeated keys and long numbers. */
const json = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom('null', 'true', 'false', '0', '-0', '-0.0', '1e3', '1.50', '12345678901234567890.123', '5e-324'),
      decimal.map((text) => text.replace(/^\+/, '').replace(/^(-?)0+(?=\d)/, '$1')),
      storableText.map((text) => JSON.stringify(text)),
      fc.constantFrom('"\\u0041\\/\\u00e9\\ud83d\\ude00\\u001f\\u007f"'),
      fc.array(tie('value'), { maxLength: 4 }).map((items) => `[ ${items.join(' ,\n')}]`),
      fc
        .array(fc.tuple(fc.oneof(fc.constantFrom('a', 'b', 'aa', 'é', 'zz'), storableText), tie('value')), {
          maxLength: 5,
        })
        .map((members) => `{${members.map(([key, value]) => `\t${JSON.stringify(key)} : ${value}`).join(',')} }`),
    ),
  }))
  .value.map(String)

const latestDateMs = 8.64e15
const latestMs = Number.MAX_SAFE_INTEGER
const earliestMs = -210_866_803_200_000
const dayMs = 86_400_000

/**
 * Dates over the whole range of JavaScript's, and numbers of milliseconds beyond it, or with
 * microseconds where a double holds them.
 */
const finiteInstants: fc.Arbitrary<Sample> = fc
  .oneof(
    fc.integer({ min: earliestMs, max: latestDateMs }).map((ms) => ({ ms, micros: 0, asDate: true })),
    fc.integer({ min: latestDateMs, max: latestMs }).map((ms) => ({ ms, micros: 0, asDate: false })),
    fc.record({
      ms: fc.integer({ min: -8_000_000_000_000, max: 8_000_000_000_000 }),
      micros: fc.integer({ min: 0, max: 999 }),
      asDate: fc.constant(false),
    }),
    fc
      .constantFrom(946_684_800_000, 946_684_799_999, 946_684_800_000 - 4_294_967, 0, -1, earliestMs, latestDateMs)
      .map((ms) => ({ ms, micros: 0, asDate: true })),
  )
  .map(({ ms, micros, asDate }) => {
    const day = Math.floor(ms / dayMs)
    return {
      value: asDate ? new Date(ms) : ms + micros / 1000,
      text: `${day} ${BigInt(ms - day * dayMs) * 1000n + BigInt(micros)}`,
    }
  })
const instants = fc.oneof(
  { weight: 9, arbitrary: finiteInstants },
  { weight: 1, arbitrary: plain(fc.constantFrom(Infinity, -Infinity), (value) => String(value).toLowerCase()) },
)
const days = `split_part(v, ' ', 1)::int`
const dateSql = `CASE WHEN v LIKE '%infinity' THEN v::date ELSE date '1970-01-01' + ${days} END`
const timestampSql = `CASE WHEN v LIKE '%infinity' THEN v::timestamp
  ELSE timestamp '1970-01-01' + make_interval(days => ${days}) + (split_part(v, ' ', 2) || ' us')::interval END`

/**
 * For each type that is no array: values, and the expression by which the server makes the same
 * from their text.
 */
const elementSources: Readonly<Record<ElementType, Source>> = {
  int2: { samples: plain(fc.integer({ min: -32_768, max: 32_767 })), sql: 'v::int2' },
  int4: { samples: plain(fc.oneof(fc.integer(), fc.integer({ min: -100, max: 100 }))), sql: 'v::int4' },
  int8: {
    samples: fc.oneof(
      plain(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })),
      plain(fc.maxSafeInteger()),
      plain(
        fc.constantFrom(
          -1,
          0,
          4_294_967_295,
          4_294_967_296,
          -4_294_967_296,
          2_147_483_648,
          -2_147_483_648,
          -2_147_483_649,
        ),
      ),
    ),
    sql: 'v::int8',
  },
  float4: { samples: plain(fc.float(), floatText), sql: 'v::float4' },
  float8: { samples: plain(fc.double(), floatText), sql: 'v::float8' },
  numeric: {
    samples: plain(
      fc.oneof(decimal, fc.constantFrom('NaN', 'Infinity', '-Infinity', '.5', '5.', '-0.00', '1e-5', '0e9')),
    ),
    sql: 'v::numeric',
  },
  text: { samples: plain(storableText), sql: 'v' },
  bool: { samples: plain(fc.boolean()), sql: 'v::bool' },
  date: { samples: instants, sql: dateSql },
  timestamp: { samples: instants, sql: timestampSql },
  timestamptz: { samples: instants, sql: `(${timestampSql}) AT TIME ZONE 'UTC'` },
  uuid: {
    samples: plain(
      fc.oneof(
        fc.uuid(),
        fc.uuid().map((id) => id.toUpperCase()),
      ),
    ),
    sql: 'v::uuid',
  },
  jsonb: { samples: plain(json), sql: 'v::jsonb' },
  bytea: {
    samples: plain(fc.uint8Array({ maxLength: 100 }), (bytes) => `\\x${Buffer.from(bytes).toString('hex')}`),
    sql: 'v::bytea',
  },
}

/**
 * Arrays of such values: the text is JSON, the server makes an array of what it reads from each
 * element.
 */
function arrayOf(type: ElementType): Source {
  const { samples, sql } = elementSources[type]
  return {
    samples: fc.array(orNull(samples), { maxLength: 6 }).map((elements) => ({
      value: elements.map(({ value }) => value),
      text: JSON.stringify(elements.map(({ text }) => text)),
    })),
    sql: `CASE WHEN v IS NULL THEN NULL ELSE ARRAY(
      SELECT ${sql} FROM jsonb_array_elements_text(v::jsonb) WITH ORDINALITY AS element (v, place) ORDER BY place)::${type}[] END`,
  }
}

/** Arbitrary values by column type, for every type. */
export const sources = Object.fromEntries([
  ...elementTypes.map((type) => [type, elementSources[type]]),
  ...elementTypes.map((type) => [`${type}[]`, arrayOf(type)]),
]) as unknown as Readonly<Record<ColumnType, Source>>

export const columnTypes = allTypes

/** One in about six values is null. */
export function orNull(samples: fc.Arbitrary<Sample>): fc.Arbitrary<Sample> {
  return fc.oneof({ weight: 5, arbitrary: samples }, { weight: 1, arbitrary: fc.constant({ value: null, text: null }) })
}
