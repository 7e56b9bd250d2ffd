/**
 * Readers of numbers and times from the bytes of a field, without an intermediate string; NaN where
 * the bytes have another form, unless stated otherwise.
 */

const minus = 45
const plus = 43
const point = 46

/** Number of decimal digits that a double always holds exactly. */
const exactDigits = 15
const powersOfTen = Array.from({ length: exactDigits + 1 }, (_, k) => 10 ** k)

/** Reads an integer of at most 15 digits, with or without a sign. */
export function integerIn(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  const sign = bytes[at]
  if (at < to && (sign === minus || sign === plus)) at++
  if (at === to || to - at > exactDigits) return Number.NaN
  let value = 0
  for (; at < to; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return Number.NaN
    value = value * 10 + digit
  }
  return sign === minus ? 0 - value : value
}

/**
 * Reads a decimal number of at most 15 digits: integer and power of ten are both exact, so that one
 * division rounds correctly (Clinger, "How to Read Floating Point Numbers Accurately", 1990).
 */
export function decimalIn(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  const sign = bytes[at]
  if (at < to && (sign === minus || sign === plus)) at++
  let digits = 0
  let value = 0
  let pointAt = -1
  for (; at < to; at++) {
    const byte = bytes[at]!
    if (byte === point && pointAt < 0) {
      pointAt = at
      continue
    }
    const digit = byte - 48
    if (digit < 0 || digit > 9 || ++digits > exactDigits) return Number.NaN
    value = value * 10 + digit
  }
  if (digits === 0) return Number.NaN
  if (pointAt >= 0) value /= powersOfTen[to - pointAt - 1]!
  return sign === minus ? -value : value
}

/** Reads the number of `count` digits; -1 where a byte is not a digit. */
export function digitsIn(bytes: Uint8Array, from: number, count: number): number {
  let value = 0
  for (let at = from; at < from + count; at++) {
    const digit = bytes[at]! - 48
    if (digit < 0 || digit > 9) return -1
    value = value * 10 + digit
  }
  return value
}

/**
 * Reads a date such as `2001-02-03` as days from 1970-01-01, by the proleptic Gregorian calendar
 * (Hinnant, "chrono-compatible low-level date algorithms", 2013).
 */
export function dayIn(bytes: Uint8Array, from: number): number {
  if (bytes[from + 4] !== minus || bytes[from + 7] !== minus) return Number.NaN
  const year = digitsIn(bytes, from, 4)
  const month = digitsIn(bytes, from + 5, 2)
  const day = digitsIn(bytes, from + 8, 2)
  if (!(year >= 1 && month >= 1 && month <= 12 && day >= 1 && day <= daysOf(year, month))) return Number.NaN
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * 146_097 + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - 719_468
}

function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}

/** Reads a time such as `04:05`, `04:05:06` or `04:05:06.789` as microseconds since midnight. */
export function timeOfDayIn(bytes: Uint8Array, from: number, to: number): number {
  const length = to - from
  if ((length !== 5 && length !== 8 && (length < 10 || length > 15)) || bytes[from + 2] !== 58) return Number.NaN
  const hours = digitsIn(bytes, from, 2)
  const minutes = digitsIn(bytes, from + 3, 2)
  let seconds = 0
  if (length > 5) {
    if (bytes[from + 5] !== 58) return Number.NaN
    seconds = digitsIn(bytes, from + 6, 2)
  }
  let fraction = 0
  if (length > 8) {
    if (bytes[from + 8] !== point) return Number.NaN
    fraction = digitsIn(bytes, from + 9, length - 9) * powersOfTen[15 - length]!
  }
  if (Math.min(hours, minutes, seconds, fraction) < 0 || hours > 23 || minutes > 59 || seconds > 59) return Number.NaN
  return ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + fraction
}
