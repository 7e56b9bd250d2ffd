import { type Column, type ElementType, elementTypeOf } from '../../../../study/table.js'
import { dayMicros, epochDays } from '../../../records/epoch.js'
import { jsonbText } from '../../../records/jsonb-text.js'
import { numericText, parseNumeric } from '../../../records/numeric.js'
import type {
  BytesColumn,
  Float64Column,
  Int32Column,
  Int64Column,
  ListColumn,
  ValueColumn,
} from '../../../records/values.js'
import { readArrayText } from './array-text.js'
import { dayIn, decimalIn, digitsIn, integerIn, timeOfDayIn } from './field-numbers.js'
import { nullRemedy } from './null-fields.js'

/**
 * Reads a field, `bytes[from]` up to but without `bytes[to]`, of well-formed UTF-8, and adds its
 * value to the rows of its column. `hasNul` says whether the character NUL may be in it. Throws an
 * Error that names the column and the text.
 */
export type ReadField = (bytes: Buffer, from: number, to: number, rows: ValueColumn, hasNul: boolean) => void

/**
 * Returns the function that reads CSV fields that are not null as a column's values. Numbers, dates
 * and the rest must be written in full: `12x` or `2001-02-30` are errors, surrounding spaces too. A
 * `timestamptz` without a zone is UTC. Arrays are written as PostgreSQL writes them, `{1,NULL,2}`.
 */
export function fieldReader(column: Column): ReadField {
  const read = readerOf(column)
  return (bytes, from, to, rows, hasNul) => {
    const nul = hasNul && bytes.subarray(from, to).includes(0)
    if (nul || !read(bytes, from, to, rows)) {
      const text = bytes.toString('utf8', from, to)
      const shown = JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text)
      throw new Error(`column \`${column.name}\` (${column.type}) cannot hold ${shown}${nullRemedy(text)}`)
    }
  }
}

/**
 * Reads `bytes[from]` up to but without `bytes[to]`, without NUL, and adds the value; returns false
 * when they are not a value of the type.
 */
type ReadBytes = (bytes: Buffer, from: number, to: number, rows: ValueColumn) => boolean

function readerOf({ name, type }: Column): ReadBytes {
  const elementType = elementTypeOf(type)
  if (elementType !== null) return arrayReader(elementType, fieldReader({ name, type: elementType }))
  return readers[type as ElementType]
}

const readers = {
  int2: (bytes, from, to, rows) => readInteger(bytes, from, to, rows as Int32Column, 32_767),
  int4: (bytes, from, to, rows) => readInteger(bytes, from, to, rows as Int32Column, 2_147_483_647),
  int8: (bytes, from, to, rows) => readInteger8(bytes, from, to, rows as Int64Column),
  float4: (bytes, from, to, rows) => {
    const value = readFloat(bytes, from, to)
    const single = Math.fround(value ?? 0)
    if (value === undefined || (Number.isFinite(value) && !Number.isFinite(single))) return false
    ;(rows as Float64Column).push(single)
    return true
  },
  float8: (bytes, from, to, rows) => {
    const value = readFloat(bytes, from, to)
    if (value === undefined) return false
    ;(rows as Float64Column).push(value)
    return true
  },
  numeric: (bytes, from, to, rows) => readNumeric(bytes, from, to, rows as BytesColumn),
  text: (bytes, from, to, rows) => {
    ;(rows as BytesColumn).push(bytes, from, to)
    return true
  },
  bool: (bytes, from, to, rows) => {
    const value = booleans.get(bytes.toString('latin1', from, to).toLowerCase())
    if (value === undefined) return false
    ;(rows as Int32Column).push(value)
    return true
  },
  date: (bytes, from, to, rows) => {
    const day = to - from === 10 ? dayIn(bytes, from) : Number.NaN
    if (Number.isNaN(day)) return false
    ;(rows as Int32Column).push(day - epochDays)
    return true
  },
  timestamp: (bytes, from, to, rows) => readTimestamp(bytes, from, to, 0, rows as Int64Column),
  timestamptz: (bytes, from, to, rows) => readZoned(bytes, from, to, rows as Int64Column),
  uuid: (bytes, from, to, rows) => {
    const text = bytes.toString('latin1', from, to)
    if (!uuidShape.test(text)) return false
    ;(rows as BytesColumn).pushString(text.replaceAll('-', ''), 'hex')
    return true
  },
  jsonb: (bytes, from, to, rows) => {
    try {
      jsonbText(bytes.toString('utf8', from, to))
    } catch {
      return false
    }
    ;(rows as BytesColumn).push(bytes, from, to)
    return true
  },
  bytea: (bytes, from, to, rows) => {
    const text = bytes.toString('latin1', from, to)
    if (!byteaShape.test(text)) return false
    ;(rows as BytesColumn).pushString(text.slice(2), 'hex')
    return true
  },
} as const satisfies Record<ElementType, ReadBytes>

const booleans = new Map([
  ...['t', 'true', 'y', 'yes', 'on', '1'].map((word) => [word, 1] as const),
  ...['f', 'false', 'n', 'no', 'off', '0'].map((word) => [word, 0] as const),
])
const integerShape = /^[+-]?\d+$/
const floatShape = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i
const specialFloatShape = /^(nan|([+-]?)inf(inity)?)$/i
const uuidShape = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const byteaShape = /^\\x([0-9a-f]{2})*$/i

function readInteger(bytes: Buffer, from: number, to: number, rows: Int32Column, greatest: number): boolean {
  let value = integerIn(bytes, from, to)
  if (Number.isNaN(value)) {
    // Leading zeros, or not a number.
    const text = bytes.toString('latin1', from, to)
    value = integerShape.test(text) ? Number(text) : Number.NaN
  }
  if (!(value >= -greatest - 1 && value <= greatest)) return false
  rows.push(value)
  return true
}

function readInteger8(bytes: Buffer, from: number, to: number, rows: Int64Column): boolean {
  const value = integerIn(bytes, from, to)
  if (!Number.isNaN(value)) {
    rows.pushSafe(value)
    return true
  }
  const text = bytes.toString('latin1', from, to)
  if (!integerShape.test(text)) return false
  const wide = BigInt(text.startsWith('+') ? text.slice(1) : text)
  if (BigInt.asIntN(64, wide) !== wide) return false
  rows.pushBig(wide)
  return true
}

function readFloat(bytes: Buffer, from: number, to: number): number | undefined {
  const decimal = decimalIn(bytes, from, to)
  if (!Number.isNaN(decimal)) return decimal
  const text = bytes.toString('latin1', from, to)
  if (floatShape.test(text)) {
    const value = Number(text)
    return Number.isFinite(value) ? value : undefined
  }
  const special = specialFloatShape.exec(text)
  if (special === null) return undefined
  if (special[1]!.toLowerCase() === 'nan') return Number.NaN
  return special[2] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
}

/** Adds a number; its text is kept where PostgreSQL would show it unchanged, such as `-12.50`. */
function readNumeric(bytes: Buffer, from: number, to: number, rows: BytesColumn): boolean {
  if (isPlainDecimal(bytes, from, to)) {
    rows.push(bytes, from, to)
    return true
  }
  const text = bytes.toString('latin1', from, to)
  const numeric = text.trim() === text ? parseNumeric(text) : null
  if (numeric === null) return false
  rows.pushString(numericText(numeric), 'latin1')
  return true
}

/**
 * Whether the text has up to 1,000 digits, with a sign and a point where PostgreSQL would write
 * them: no leading zeros, no zero with a sign.
 */
function isPlainDecimal(bytes: Buffer, from: number, to: number): boolean {
  const negative = bytes[from] === 45
  const start = negative ? from + 1 : from
  let point = to
  let nonZero = false
  for (let at = start; at < to; at++) {
    const byte = bytes[at]!
    if (byte === 46 && point === to) point = at
    else if (byte < 48 || byte > 57) return false
    else nonZero ||= byte !== 48
  }
  const whole = point - start
  if (whole === 0 || to - start > 1000 || point === to - 1) return false
  return (whole === 1 || bytes[start] !== 48) && (nonZero || !negative)
}

/**
 * Adds the microseconds of a date such as `2001-02-03`, or of a date with a time after a space or a
 * `T`, minus those of the zone.
 */
function readTimestamp(bytes: Buffer, from: number, to: number, zoneMicros: number, rows: Int64Column): boolean {
  const day = to - from >= 10 ? dayIn(bytes, from) : Number.NaN
  const separator = bytes[from + 10]
  let micros = 0
  if (to - from > 10) {
    micros = separator === 32 || separator === 84 ? timeOfDayIn(bytes, from + 11, to) : Number.NaN
  }
  if (Number.isNaN(day + micros)) return false
  const sinceEpoch = (day - epochDays) * dayMicros
  // Beyond the year 2285 the sum of both may not be a safe integer.
  const total = sinceEpoch + (micros - zoneMicros)
  if (Number.isSafeInteger(total)) rows.pushSafe(total)
  else {
    rows.pushBig(BigInt(day - epochDays) * BigInt(dayMicros) + BigInt(micros - zoneMicros))
  }
  return true
}

/** Reads a date and time with a zone after it: `Z`, `+05`, `-0545`, `+05:45`. */
function readZoned(bytes: Buffer, from: number, to: number, rows: Int64Column): boolean {
  if (bytes[to - 1] === 90) return to - from > 11 && readTimestamp(bytes, from, to - 1, 0, rows)
  for (const [length, minutesAt] of zoneLengths) {
    const at = to - length
    const sign = bytes[at]
    // A date contains a minus too, but no time before it.
    if (at < from + 16 || (sign !== 43 && sign !== 45)) continue
    if (length === 6 && bytes[at + 3] !== 58) return false
    const hours = digitsIn(bytes, at + 1, 2)
    const minutes = minutesAt === 0 ? 0 : digitsIn(bytes, at + minutesAt, 2)
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return false
    const zoneMicros = (sign === 45 ? -1 : 1) * (hours * 60 + minutes) * 60_000_000
    return readTimestamp(bytes, from, at, zoneMicros, rows)
  }
  return readTimestamp(bytes, from, to, 0, rows)
}

/** Length of a zone, and the place of the minutes in it; 0 for none. */
const zoneLengths = [
  [3, 0],
  [5, 3],
  [6, 4],
] as const

function arrayReader(elementType: ElementType, readElement: ReadField): ReadBytes {
  return (bytes, from, to, rows) => {
    const texts = readArrayText(bytes.toString('utf8', from, to))
    if (texts === null) return false
    const { elements } = rows as ListColumn
    for (const text of texts) {
      if (text === null) {
        elements.pushNull()
        continue
      }
      const own = Buffer.from(text)
      if (own.length === 0 && elementType !== 'text') return false
      readElement(own, 0, own.length, elements, false)
    }
    ;(rows as ListColumn).push()
    return true
  }
}
