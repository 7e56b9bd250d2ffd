import type { Column, Value } from '../../study/table.js'
import { dayMs, epochMs } from './epoch.js'

/**
 * 4714-11-24 BC: where PostgreSQL's dates and timestamps begin (datatype/timestamp.h,
 * MIN_TIMESTAMP).
 */
const firstMs = -210_866_803_200_000
/** Below this, whole milliseconds times 1000 plus a fraction are an exact double. */
const exactMs = Number.MAX_SAFE_INTEGER / 1000 - 1

/**
 * The error for a value that a column cannot hold: names column, type, what is expected, and the
 * value.
 */
export function invalidValue(column: Column, expected: string, value: unknown): TypeError {
  return new TypeError(`Column \`${column.name}\` (${column.type}): expected ${expected}, got ${show(value)}`)
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

/** The value of a `bool` column. */
export function toBoolean(column: Column, value: Value): boolean {
  if (typeof value !== 'boolean') throw invalidValue(column, 'a boolean', value)
  return value
}

/** A string that PostgreSQL can store: well-formed Unicode without the character NUL. */
export function toText(column: Column, value: Value): string {
  if (typeof value !== 'string') throw invalidValue(column, 'a string', value)
  if (value.includes('\0'))
    throw invalidValue(column, 'text without the character NUL, which PostgreSQL cannot store', value)
  if (loneSurrogate.test(value)) throw invalidValue(column, 'well-formed Unicode, without lone surrogates', value)
  return value
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
  return Math.floor((toMilliseconds(column, value) - epochMs) / dayMs)
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
  const ms = toMilliseconds(column, value)
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

function toMilliseconds(column: Column, value: Value): number {
  const ms = value instanceof Date ? value.getTime() : value
  if (typeof ms === 'number' && ms >= firstMs && ms <= 8.64e15) return ms
  throw invalidValue(column, 'a Date, or milliseconds since 1970 as a number, not before 4714-11-24 BC', value)
}

/** The 32 lower-case hexadecimal digits of a `uuid` column's value. */
export function toUuidDigits(column: Column, value: Value): string {
  if (typeof value !== 'string' || !uuidShape.test(value)) throw invalidValue(column, 'a UUID', value)
  return value.replaceAll('-', '').toLowerCase()
}
const uuidShape = /^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$/i
