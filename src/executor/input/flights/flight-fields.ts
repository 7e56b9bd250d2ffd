import { BadRecordError } from '../../errors.js'
import { integerIn } from '../csv/fields/field-numbers.js'
import type { CsvRecords, CsvSyntax } from '../csv/syntax/csv-records.js'

const newline = 10
const plus = 43
const minus = 45
const zero = 48
const colon = 58
const dayLength = '2001-01-01'.length
const dateLength = '2001-01-01 hh:mm'.length
const codeLength = 3

/**
 * Syntax of the day files: lines like `2001-01-01 07:45,-5,300,LAX,JFK` after a header, without
 * quotes.
 */
export const daySyntax: CsvSyntax = {
  delimiter: ',',
  quote: null,
  escape: 'doubled',
  comment: null,
  skipLines: 0,
  header: true,
}

/** Upper bound (exclusive) of airports' codes as numbers. */
export const airportCodes = 36 ** codeLength

/** Minimum delay in minutes: a day early. */
const minDelay = -24 * 60
/** Maximum delay in minutes: a week late. */
const maxDelay = 7 * 24 * 60
/** Maximum distance in miles: half the circumference of the Earth. */
const maxDistance = 12_451
/** Stands for text that is not an integer: out of every range, but within 32 bits. */
const notWhole = -0x4000_0000

/** Values of the fields of consecutive flights, one column per field. */
export interface FlightFields {
  /** Minutes since midnight. */
  minutes: Int32Array
  delays: Int32Array
  distances: Int32Array
  /** The origins' codes as numbers. */
  origins: Int32Array
  /** Where in the records' bytes the origin's code begins; the destination's is 4 bytes on. */
  originsAt: Int32Array
}

/** Allocates columns for the fields of `flights` flights. */
export function makeFlightFields(flights: number): FlightFields {
  const column = (): Int32Array => new Int32Array(flights)
  return { minutes: column(), delays: column(), distances: column(), origins: column(), originsAt: column() }
}

/**
 * A day as the flights of its file begin with it: `2001-01-01 `, in words of four bytes, of which
 * the last overlap.
 */
export type DayWords = readonly [number, number, number]

/** The words of a day that is written `2001-01-01`. */
export function dayWords(day: string): DayWords {
  const bytes = Buffer.from(`${day} `)
  return [bytes.readInt32BE(0), bytes.readInt32BE(4), bytes.readInt32BE(7)]
}

/**
 * Reads the flights of the records from `from` up to but without `end`, the first one's fields to
 * `to[0]`. Returns the position of the first record that is not a well-formed flight of the day, or
 * `end`.
 */
export function readFlights(
  { bytes, view, ends, firstFields, fieldCounts, fieldsFrom }: CsvRecords,
  from: number,
  end: number,
  day: DayWords,
  to: FlightFields,
): number {
  const { minutes, delays, distances, origins, originsAt } = to
  const first = day[0]
  const second = day[1]
  const third = day[2]
  for (let position = from; position < end; position++) {
    const field = firstFields[position]!
    const date = fieldsFrom[position]!
    if (fieldCounts[position] !== 5 || ends[field] !== date + dateLength) return position
    const delayEnd = ends[field + 1]!
    const distanceEnd = ends[field + 2]!
    const minute = minuteIn(bytes, view, date + dayLength + 1)
    const delay = wholeIn(bytes, view, date + dateLength + 1, delayEnd)
    const distance = wholeIn(bytes, view, delayEnd + 1, distanceEnd)
    const origin = distanceEnd + 1
    const destination = origin + codeLength + 1
    const originCode = airportIn(bytes, origin)
    const otherDay =
      (view.getInt32(date) ^ first) | (view.getInt32(date + 4) ^ second) | (view.getInt32(date + 7) ^ third)
    const otherEnd = (ends[field + 3]! ^ (destination - 1)) | (ends[field + 4]! ^ (destination + codeLength))
    const notLast = bytes[destination + codeLength]! ^ newline
    // Below zero when any value is: one branch for all, since each branch costs as much as a field.
    const refused =
      minute |
      (delay - minDelay) |
      (maxDelay - delay) |
      distance |
      (maxDistance - distance) |
      originCode |
      airportIn(bytes, destination) |
      -(otherEnd | notLast)
    if (refused < 0 || otherDay !== 0) return position
    const k = position - from
    minutes[k] = minute
    delays[k] = delay
    distances[k] = distance
    origins[k] = originCode
    originsAt[k] = origin
  }
  return end
}

/** Makes the error for a record that is not a well-formed flight of the day. */
export function refusal(records: CsvRecords, position: number, day: string, fileName: string): BadRecordError {
  const refused = (expected: string, got: string): BadRecordError =>
    new BadRecordError(fileName, records.lines[position]!, `expected ${expected}, got ${got}`)
  const fields = lineText(records, position).split(',')
  if (fields.length !== 5) return refused('5 fields', String(fields.length))
  const [date, delay, distance, origin] = fields as [string, string, string, string]
  const [quotedDate, quotedDelay, quotedDistance, quotedOrigin, quotedDestination] = fields.map((field) =>
    JSON.stringify(field),
  ) as [string, string, string, string, string]
  if (!date.startsWith(day)) return refused(`a date of ${day}`, quotedDate)
  if (!/^ ([01]\d|2[0-3]):[0-5]\d$/.test(date.slice(day.length))) {
    return refused(`a date like ${day} 07:45`, quotedDate)
  }
  if (!wholeNumber.test(delay)) return refused('the delay to be whole minutes', quotedDelay)
  if (!isDelay(Number(delay))) return refused('a delay between a day early and a week late', `${delay} minutes`)
  if (!wholeNumber.test(distance)) return refused('the distance to be whole miles', quotedDistance)
  if (!isDistance(Number(distance))) return refused('a distance of up to half the Earth', `${distance} miles`)
  if (!/^[A-Z\d]{3}$/.test(origin)) return refused("the origin to be an airport's code", quotedOrigin)
  return refused("the destination to be an airport's code", quotedDestination)
}

const wholeNumber = /^-?\d{1,15}$/

/**
 * Returns a record's line as it stands in the file, up to its newline: a carriage return before
 * that is not part of a flight.
 */
export function lineText({ bytes, from }: CsvRecords, position: number): string {
  const start = from[position]!
  return bytes.toString('utf8', start, bytes.indexOf(newline, start))
}

const isDelay = (minutes: number): boolean => minutes >= minDelay && minutes <= maxDelay
const isDistance = (miles: number): boolean => miles >= 0 && miles <= maxDistance

/**
 * Reads an integer that is written without a plus and has four bytes before its end; `notWhole` for
 * any other text. The common case of up to four digits is read as one word, without a loop whose
 * end the processor cannot predict.
 */
function wholeIn(bytes: Uint8Array, view: DataView, from: number, to: number): number {
  // 1 for a minus, else 0.
  const negative = ((bytes[from]! ^ minus) - 1) >>> 31
  const length = to - from - negative
  if (length < 1 || length > 4) return longWholeIn(bytes, from, to)
  const digits = (view.getInt32(to - 4) ^ 0x30303030) & (-1 >>> (32 - 8 * length))
  // The highest bit of a byte is set where it holds no digit.
  const others = ((digits + 0x76767676) | digits) & 0x80808080
  const pairs = ((digits >>> 8) & 0xff00ff) * 10 + (digits & 0xff00ff)
  const value = (pairs >>> 16) * 100 + (pairs & 0xffff)
  return others === 0 ? ((value ^ -negative) + negative) | 0 : notWhole
}

/** Reads an integer of any number of digits; `notWhole` for any other text. */
function longWholeIn(bytes: Uint8Array, from: number, to: number): number {
  const value = bytes[from] === plus ? Number.NaN : integerIn(bytes, from, to)
  return Math.abs(value) < -notWhole ? value | 0 : notWhole
}

/** Returns the minutes since midnight of `07:45`; below 0 for any other text. */
function minuteIn(bytes: Uint8Array, view: DataView, from: number): number {
  const word = view.getInt32(from)
  const tenHours = (word >>> 24) - zero
  const oneHours = ((word >> 16) & 0xff) - zero
  const tens = (word & 0xff) - zero
  const ones = bytes[from + 4]! - zero
  const hours = tenHours * 10 + oneHours
  const refused = tenHours | oneHours | (9 - oneHours) | (23 - hours) | tens | (5 - tens) | ones | (9 - ones)
  return ((refused | -(((word >> 8) & 0xff) ^ colon)) >> 31) | (hours * 60 + tens * 10 + ones)
}

/**
 * Value of a byte in an airport's code: 0 to 35 for digits and upper-case letters from A to Z, a
 * number that makes the code negative for others.
 */
const codeDigits = Int32Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(String.fromCharCode(byte))
  return digit < 0 ? -airportCodes : digit
})

/**
 * Returns an airport's code of three upper-case letters or digits as a number below `airportCodes`;
 * below 0 for any other text.
 */
function airportIn(bytes: Uint8Array, from: number): number {
  const first = codeDigits[bytes[from]!]!
  const second = codeDigits[bytes[from + 1]!]!
  return Math.imul(first, 36 * 36) + Math.imul(second, 36) + codeDigits[bytes[from + 2]!]!
}
