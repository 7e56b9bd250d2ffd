import type { Column } from '../../../../study/table/table.js'
import { epochDays } from '../../../records/epoch.js'
import type { Int32Column, Int64Column, ValueColumn } from '../../../records/values.js'
import { compileDateFormat } from './date-format.js'
import { digitsIn } from './field-numbers.js'
import { dayOf, type Moment, pushDay, pushTime } from './moment.js'
import { type TimeType, timeTextReader } from './time-text.js'
import type { ReadValue, ValueFormat } from './value-reader.js'

const minus = 45
const point = 46
const colon = 58

/**
 * Returns the reader of a column of dates or times, by its format, or by PostgreSQL's own spelling.
 */
export function timeReader({ type }: Column, { format }: ValueFormat): ReadValue {
  return format === null ? ownReader(type as TimeType) : formatReader(type as TimeType, format)
}

const ranges: Readonly<Record<TimeType, string>> = {
  date: 'dates lie between 4714-11-24 BC and 5874897-12-31',
  timestamp: 'timestamps lie between 4714-11-24 BC and 294276-12-31',
  timestamptz: 'timestamps lie between 4714-11-24 BC and 294276-12-31',
}

function formatReader(type: TimeType, template: string): ReadValue {
  const { read, example } = compileDateFormat(template)
  const moment: Moment = { day: 0, micros: 0 }
  const problem = `values are read by the format ${template}, such as ${example}`
  return (bytes, from, to, rows) => {
    if (!read(bytes, from, to, moment)) return problem
    return push(type, moment, rows)
  }
}

function push(type: TimeType, { day, micros }: Moment, rows: ValueColumn): string | null {
  const isHeld = type === 'date' ? pushDay(rows as Int32Column, day) : pushTime(rows as Int64Column, day, micros)
  return isHeld ? null : ranges[type]
}

/**
 * Reads what programs write, such as `2001-02-03 04:05:06.789+01`, from the bytes; everything else
 * as text.
 */
function ownReader(type: TimeType): ReadValue {
  const readText = timeTextReader(type)
  const moment: Moment = { day: 0, micros: 0 }
  const last: LastDate = { text: new Uint8Array(dateBytes), day: Number.NaN }
  const readOther: ReadValue = (bytes, from, to, rows) =>
    readText(bytes.toString('latin1', from, to), moment) ?? push(type, moment, rows)
  switch (type) {
    case 'date':
      return (bytes, from, to, rows) => {
        const day = to - from === 10 ? dayIn(bytes, from, last) : Number.NaN
        if (Number.isNaN(day)) return readOther(bytes, from, to, rows)
        ;(rows as Int32Column).push(day - epochDays)
        return null
      }
    case 'timestamp':
      return (bytes, from, to, rows) =>
        readTimestamp(bytes, from, to, 0, last, rows as Int64Column) ? null : readOther(bytes, from, to, rows)
    case 'timestamptz':
      return (bytes, from, to, rows) =>
        readZoned(bytes, from, to, last, rows as Int64Column) ? null : readOther(bytes, from, to, rows)
  }
}

/**
 * Reads a date such as `2001-02-03`, or a date with a time after a space or a `T`, minus the
 * microseconds of the zone.
 */
function readTimestamp(
  bytes: Buffer,
  from: number,
  to: number,
  zoneMicros: number,
  last: LastDate,
  rows: Int64Column,
): boolean {
  const day = to - from >= dateBytes ? dayIn(bytes, from, last) : Number.NaN
  let micros = 0
  if (to - from > 10) {
    const separator = bytes[from + 10]
    micros = separator === 32 || separator === 84 ? timeOfDayIn(bytes, from + 11, to) : Number.NaN
  }
  return !Number.isNaN(day + micros) && pushTime(rows, day, micros - zoneMicros)
}

/** Reads a date and time with a zone after it: `Z`, `+05`, `-0545`, ` +05:45`. */
function readZoned(bytes: Buffer, from: number, to: number, last: LastDate, rows: Int64Column): boolean {
  if (bytes[to - 1] === 90) return to - from > 11 && readTimestamp(bytes, from, to - 1, 0, last, rows)
  for (const [length, minutesAt] of zoneLengths) {
    const at = to - length
    const sign = bytes[at]
    // A date contains a minus too, but no time before it.
    if (at < from + 16 || (sign !== 43 && sign !== minus)) continue
    if (length === 6 && bytes[at + 3] !== colon) return false
    const hours = twoDigitsIn(bytes, at + 1)
    const minutes = minutesAt === 0 ? 0 : twoDigitsIn(bytes, at + minutesAt)
    if (hours < 0 || hours > 15 || minutes < 0 || minutes > 59) return false
    const zoneMicros = (sign === minus ? -1 : 1) * (hours * 60 + minutes) * 60_000_000
    return readTimestamp(bytes, from, bytes[at - 1] === 32 ? at - 1 : at, zoneMicros, last, rows)
  }
  return readTimestamp(bytes, from, to, 0, last, rows)
}

/** Length of a zone, and the place of the minutes in it; 0 for none. */
const zoneLengths = [
  [3, 0],
  [5, 3],
  [6, 4],
] as const

/**
 * The date that a column had last: in most files it stands in many records, one after the other.
 */
interface LastDate {
  readonly text: Uint8Array
  day: number
}

/** Length of a date such as `2001-02-03`. */
const dateBytes = 10

/** Reads a date such as `2001-02-03` as days since 1970-01-01; NaN for another text. */
function dayIn(bytes: Uint8Array, from: number, last: LastDate): number {
  const { text } = last
  let same = dateBytes - 1
  while (same >= 0 && bytes[from + same] === text[same]) same--
  if (same < 0) return last.day
  if (bytes[from + 4] !== minus || bytes[from + 7] !== minus) return Number.NaN
  const year = twoDigitsIn(bytes, from) * 100 + twoDigitsIn(bytes, from + 2)
  const day = year > 0 ? dayOf(year, twoDigitsIn(bytes, from + 5), twoDigitsIn(bytes, from + 8)) : Number.NaN
  for (let k = 0; k < dateBytes; k++) text[k] = bytes[from + k]!
  last.day = day
  return day
}

/** Reads two digits; a great negative number where a byte is none. */
function twoDigitsIn(bytes: Uint8Array, at: number): number {
  const tens = bytes[at]! - 48
  const ones = bytes[at + 1]! - 48
  return tens >>> 0 > 9 || ones >>> 0 > 9 ? -1_000_000 : tens * 10 + ones
}

const powersOfTen = [1, 10, 100, 1_000, 10_000, 100_000]

/**
 * Reads a time such as `04:05`, `04:05:06` or `04:05:06.789` as microseconds since midnight; NaN
 * for another text, and for the times 24:00 and 04:05:60.
 */
function timeOfDayIn(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  if ((length !== 5 && length !== 8 && (length < 10 || length > 15)) || bytes[from + 2] !== colon) return Number.NaN
  const hours = twoDigitsIn(bytes, from)
  const minutes = twoDigitsIn(bytes, from + 3)
  let seconds = 0
  if (length > 5) {
    if (bytes[from + 5] !== colon) return Number.NaN
    seconds = twoDigitsIn(bytes, from + 6)
  }
  let fraction = 0
  if (length > 8) {
    if (bytes[from + 8] !== point) return Number.NaN
    fraction = digitsIn(bytes, from + 9, length - 9) * powersOfTen[15 - length]!
  }
  if (Math.min(hours, minutes, seconds, fraction) < 0 || hours > 23 || minutes > 59 || seconds > 59) return Number.NaN
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction
}
