import type { Column, Value } from '../../study/table/table.js'
import { type DigitLimit, limitNumeric, limitText } from './declared-limit.js'
import { dayMs, endDays, epochMs, firstDay } from './epoch.js'
import { infiniteDay, infiniteTime } from './infinity.js'
import { type Numeric, parseNumeric } from './numeric.js'

/** Below this, whole milliseconds times 1000 plus a fraction are an exact double. */
const exactMs = Number.MAX_SAFE_INTEGER / 1000 - 1

/**
 * The error for a value that a column cannot hold: names column, type, what is expected, and the
 * value.
 */
export function invalidValue(column: Column, expected: string, value: unknown): TypeError {
  return new TypeError(
    `Column \`${column.name}\` (${column.declared ?? column.type}): expected ${expected}, got ${show(value)}`,
  )
}

function show(value: unknown): string {
  if (value === undefined) return 'undefined'
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value === 'string') return JSON.stringify(value.length > 60 ? `${value.slice(0, 60)}…` : value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? 'an invalid Date' : value.toISOString()
  if (value instanceof Uint8Array) return `a Uint8Array of ${value.length} bytes`
  if (typeof value === 'object' && value !== null) return `an ${Array.isArray(value) ? 'array' : 'object'}`
  return Object.is(value, -0) ? '-0' : String(value)
}

const integerRanges = {
  int2: [-32_768, 32_767],
  int4: [-2_147_483_648, 2_147_483_647],
} as const

/** The value of an `int2` or `int4` column. Throws a TypeError out of its range. */
export function toInteger(column: Column, value: Value): number {
  const [least, greatest] = integerRanges[column.type as 'int2' | 'int4']
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= greatest) return value
  throw invalidValue(column, `an integer from ${least} to ${greatest}`, value)
}

/** The value of an `int8` column: a safe integer, or a bigint that 64 bits hold. */
export function toInteger8(column: Column, value: Value): number | bigint {
  if (typeof value === 'number' && Number.isSafeInteger(value)) return value
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) === value) return value
  throw invalidValue(column, 'a safe integer, or a bigint from -2^63 to 2^63 - 1', value)
}

/**
 * The value of a `float4` or `float8` column. A finite number that `float4` would make infinite is
 * an error.
 */
export function toFloat(column: Column, value: Value): number {
  if (typeof value !== 'number') throw invalidValue(column, 'a number', value)
  if (column.type === 'float8') return value
  const single = Math.fround(value)
  if (Number.isFinite(value) && !Number.isFinite(single))
    throw invalidValue(column, 'a number that 32 bits can hold', value)
  return single
}

/** The value of a `numeric` column, rounded to the scale of its limit where it declares one. */
export function toNumeric(column: Column, value: Value, limit: DigitLimit | null): Numeric {
  const parsed = typeof value === 'string' ? parseNumeric(value) : null
  const limited = parsed === null || limit === null ? parsed : limitNumeric(parsed, limit)
  if (limited === null) {
    throw invalidValue(column, `the text of a number that ${column.declared ?? column.type} can hold`, value)
  }
  return limited
}

/** The value of a `bool` column. */
export function toBoolean(column: Column, value: Value): boolean {
  if (typeof value !== 'boolean') throw invalidValue(column, 'a boolean', value)
  return value
}

/**
 * A string that PostgreSQL can store: well-formed Unicode without the character NUL, of at most
 * `characters` characters where the column declares a limit.
 */
export function toText(column: Column, value: Value, characters: number | null): string {
  if (typeof value !== 'string') throw invalidValue(column, 'a string', value)
  if (value.includes('\0'))
    throw invalidValue(column, 'text without the character NUL, which PostgreSQL cannot store', value)
  if (loneSurrogate.test(value)) throw invalidValue(column, 'well-formed Unicode, without lone surrogates', value)
  const limited = characters === null ? value : limitText(value, characters)
  if (limited === null) throw invalidValue(column, `at most ${characters} characters`, value)
  return limited
}
// With the flag `u` a pair is one character, so that only a lone surrogate matches.
const loneSurrogate = /\p{Surrogate}/u

/** The bytes of a `bytea` column. */
export function toBytes(column: Column, value: Value): Uint8Array {
  if (!(value instanceof Uint8Array)) throw invalidValue(column, 'a Uint8Array', value)
  return value
}

/** Days from 2000-01-01 to the UTC day of a `date` column's value. */
export function toDays(column: Column, value: Value): number {
  const ms = toMilliseconds(column, value, endDays.date)
  return Number.isFinite(ms) ? Math.floor((ms - epochMs) / dayMs) : infiniteDay(ms)
}

/** Microseconds from 2000-01-01 UTC, as the two 32-bit halves of a signed 64-bit integer. */
export interface Microseconds {
  high: number
  low: number
}

/**
 * Writes into `to` the microseconds from 2000-01-01 UTC of a `timestamp` or `timestamptz` column's
 * value, rounded to the nearest.
 */
export function toMicroseconds(column: Column, value: Value, to: Microseconds): void {
  const ms = toMilliseconds(column, value, endDays.timestamp)
  if (!Number.isFinite(ms)) {
    Object.assign(to, infiniteTime(ms))
    return
  }
  // Taken separately, the whole and the fraction are exact; scaled together they would be rounded
  // twice.
  const whole = Math.floor(ms)
  const fraction = Math.round((ms - whole) * 1000)
  const sinceEpoch = whole - epochMs
  if (sinceEpoch > -exactMs && sinceEpoch < exactMs) {
    const micros = sinceEpoch * 1000 + fraction
    to.high = Math.floor(micros / 0x1_0000_0000)
    to.low = micros >>> 0
  } else {
    const micros = BigInt(sinceEpoch) * 1000n + BigInt(fraction)
    to.high = Number(micros >> 32n)
    to.low = Number(micros & 0xffff_ffffn)
  }
}

/** The milliseconds of a date or time before the day `endDay`, counted from 1970; or infinite. */
function toMilliseconds(column: Column, value: Value, endDay: number): number {
  const ms = value instanceof Date ? value.getTime() : value
  if (typeof ms === 'number' && ((ms >= firstDay * dayMs && ms < endDay * dayMs) || Math.abs(ms) === Infinity))
    return ms
  throw invalidValue(
    column,
    `a Date, or milliseconds since 1970 as a number, not before 4714-11-24 BC nor after ${lastYears[endDay]}`,
    value,
  )
}
const lastYears: Readonly<Record<number, number>> = { [endDays.date]: 5_874_897, [endDays.timestamp]: 294_276 }

/** The 32 hexadecimal digits of a `uuid` column's value. */
export function toUuidDigits(column: Column, value: Value): string {
  const digits = typeof value === 'string' ? uuidDigits(value) : null
  if (digits === null) throw invalidValue(column, 'a UUID', value)
  return digits
}

/**
 * The 32 hexadecimal digits of a UUID as `uuid_in` reads it: a hyphen may follow every four digits,
 * braces may stand around. Null for other text.
 */
export function uuidDigits(text: string): string | null {
  return uuidShape.test(text) ? text.replace(/[{}-]/g, '') : null
}
const uuidShape = /^(?:(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}|\{(?:[0-9a-f]{4}-?){7}[0-9a-f]{4}\})$/i
