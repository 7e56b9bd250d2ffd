import { jsonbText } from '../load/jsonb-text.js'
import { parseNumeric } from '../load/numeric.js'
import type { Column, ColumnType, Value } from './input.js'

/** Reads the text of one field. Throws an Error that names column and text. */
export type ReadField = (text: string) => Value

/**
 * How a CSV field becomes a column's value. An empty field is null, but for `text`, where it is the empty string. Numbers, dates and the rest
 * must be written in full: `12x` or `2001-02-30` are errors, surrounding spaces too. A `timestamptz` without a zone is UTC.
 */
export function fieldReader(column: Column, notNull: boolean): ReadField {
  const read = readers[column.type]
  return (text) => {
    if (text === '' && column.type !== 'text') {
      if (notNull) throw new Error(`column \`${column.name}\` (${column.type}) is not null, and the field is empty`)
      return null
    }
    const value = read(text)
    if (value === undefined) {
      const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
      throw new Error(`column \`${column.name}\` (${column.type}) cannot hold ${shown}`)
    }
    return value
  }
}

const readers: Readonly<Record<ColumnType, (text: string) => Value | undefined>> = {
  int2: (text) => readInteger(text, 32_767),
  int4: (text) => readInteger(text, 2_147_483_647),
  int8: readInteger8,
  float4: (text) => {
    const value = readFloat(text)
    return value !== undefined && Number.isFinite(value) && !Number.isFinite(Math.fround(value)) ? undefined : value
  },
  float8: readFloat,
  numeric: (text) => (text.trim() === text && parseNumeric(text) !== null ? text : undefined),
  text: (text) => (text.includes('\0') ? undefined : text),
  bool: (text) => booleans.get(text.toLowerCase()),
  date: (text) => (dateShape.test(text) ? readTime(text) : undefined),
  timestamp: (text) => (timestampShape.test(text) ? readTime(text) : undefined),
  timestamptz: readTime,
  uuid: (text) => (uuidShape.test(text) ? text : undefined),
  jsonb: (text) => {
    try {
      jsonbText(text)
      return text
    } catch {
      return undefined
    }
  },
  bytea: (text) => (byteaShape.test(text) ? Buffer.from(text.slice(2), 'hex') : undefined),
}

const booleans = new Map([
  ...['t', 'true', 'y', 'yes', 'on', '1'].map((word) => [word, true] as const),
  ...['f', 'false', 'n', 'no', 'off', '0'].map((word) => [word, false] as const),
])
const integerShape = /^[+-]?\d+$/
const floatShape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const specialFloatShape = /^(nan|([+-]?)inf(inity)?)$/i
const dateShape = /^\d{4}-\d{2}-\d{2}$/
const timestampShape = /^\d{4}-\d{2}-\d{2}([ T]\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?)?$/
const timeParts =
  /^(\d{4})-(\d{2})-(\d{2})(?:[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?(Z|([+-])(\d{2})(?::?(\d{2}))?)?)?$/
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const byteaShape = /^\\x([0-9a-f]{2})*$/i

function readInteger(text: string, greatest: number): number | undefined {
  const value = integerShape.test(text) ? Number(text) : Number.NaN
  return value >= -greatest - 1 && value <= greatest ? value : undefined
}

function readInteger8(text: string): number | bigint | undefined {
  if (!integerShape.test(text)) return undefined
  const value = Number(text)
  if (Number.isSafeInteger(value)) return value
  const wide = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return BigInt.asIntN(64, wide) === wide ? wide : undefined
}

function readFloat(text: string): number | undefined {
  if (floatShape.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const special = specialFloatShape.exec(text)
  if (special === null) return undefined
  if (special[1]!.toLowerCase() === 'nan') return Number.NaN
  return special[2] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Milliseconds since 1970-01-01 UTC, with fractions to the microsecond. */
function readTime(text: string): number | undefined {
  const match = timeParts.exec(text)
  if (match === null) return undefined
  const part = (k: number): number => Number(match[k] ?? 0)
  const [year, month, day, hours, minutes, seconds] = [part(1), part(2), part(3), part(4), part(5), part(6)]
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  if (year < 1 || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day) return undefined
  if (hours > 23 || minutes > 59 || seconds > 59) return undefined
  const [zoneHours, zoneMinutes] = [part(10), part(11)]
  if (zoneHours > 15 || zoneMinutes > 59) return undefined
  const zone = (match[9] === '-' ? -1 : 1) * (zoneHours * 60 + zoneMinutes) * 60
  const wholeMs = date.getTime() + ((hours * 60 + minutes) * 60 + seconds - zone) * 1000
  return wholeMs + Number((match[7] ?? '').padEnd(6, '0')) / 1000
}
