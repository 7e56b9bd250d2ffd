/**
 * Readers of numbers from the bytes of a field, without an intermediate string; NaN where the bytes
 * have another form, unless stated otherwise.
 */

const minus = 45
const plus = 43
const point = 46

/** Number of decimal digits that a double always holds exactly. */
const exactDigits = 15
/** The greatest power of ten that a double holds exactly. */
const exactPower = 22
const powersOfTen = Array.from({ length: exactPower + 1 }, (_, k) => Number(`1e${k}`))

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
 * Reads a decimal number of at most 22 digits, to the nearest double. Of at most 15 digits, integer
 * and power of ten are both exact, so that one division rounds correctly (Clinger, "How to Read
 * Floating Point Numbers Accurately", 1990). NaN also for one of more digits that lies too near to
 * the middle of two doubles.
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
    if (digit < 0 || digit > 9) return Number.NaN
    if (digits === exactDigits) {
      const long = longDecimal(value, bytes, at, to, pointAt)
      return sign === minus ? -long : long
    }
    digits++
    value = value * 10 + digit
  }
  if (digits === 0) return Number.NaN
  if (pointAt >= 0) value /= powersOfTen[to - pointAt - 1]!
  return sign === minus ? -value : value
}

/**
 * Reads a decimal number of which `first` is the integer of the first 15 digits and the others
 * begin at `from`. Computes the quotient of integer and power of ten to some hundred bits, as the
 * sum of two doubles (Dekker, "A Floating-Point Technique for Extending the Available Precision",
 * 1971).
 */
function longDecimal(first: number, bytes: Uint8Array, from: number, to: number, pointAt: number): number {
  let rest = 0
  let digits = 0
  let pointed = pointAt
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    if (byte === point && pointed < 0) {
      pointed = at
      continue
    }
    const digit = byte - 48
    if (digit < 0 || digit > 9 || ++digits > exactPower - exactDigits) return Number.NaN
    rest = rest * 10 + digit
  }
  const shifted = first * powersOfTen[digits]!
  const below = rest + roundedOff(first, powersOfTen[digits]!, shifted)
  const integer = shifted + below
  const integerBelow = below - (integer - shifted)
  const power = powersOfTen[pointed < 0 ? 0 : to - pointed - 1]!
  const quotient = integer / power
  const product = quotient * power
  const quotientBelow = (integer - product - roundedOff(quotient, power, product) + integerBelow) / power
  // The sum of both is exact but for a relative error of the second of at most 2^-51.
  const error = Math.abs(quotientBelow) * 2 ** -50
  const value = quotient + (quotientBelow - error)
  return value === quotient + (quotientBelow + error) ? value : Number.NaN
}

/** Returns exactly what was rounded off a product of two doubles. */
function roundedOff(a: number, b: number, product: number): number {
  const upperA = upperHalf(a)
  const upperB = upperHalf(b)
  const lowerA = a - upperA
  const lowerB = b - upperB
  return lowerA * lowerB - (product - upperA * upperB - lowerA * upperB - upperA * lowerB)
}

/** The upper 26 bits of a double. */
function upperHalf(a: number): number {
  const scaled = a * (2 ** 27 + 1)
  return scaled - (scaled - a)
}

/** Whether a field is digits with at most one point, after a sign or none. */
export function isDecimal(bytes: Uint8Array, from: number, to: number): boolean {
  let at = from
  if (at < to && (bytes[at] === minus || bytes[at] === plus)) at++
  let digits = 0
  for (let points = 0; at < to; at++) {
    const byte = bytes[at]!
    if (byte === point) {
      if (++points > 1) return false
    } else if (byte < 48 || byte > 57) return false
    else digits++
  }
  return digits > 0
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

/** Returns why a text is no number as PostgreSQL spells it, of which `example` is one. */
export function numberProblem(text: string, example: string): string {
  if (/^[+-]?(0[xob]|[\d.].*_)/i.test(text)) {
    return 'PostgreSQL reads 0x, 0o, 0b and _ in numbers from version 16 on alone; decimal digits are read'
  }
  const marked = /^[+-]?\d[\d.,' \u00a0\u202f]*\d$/.test(text)
  return `it is no number such as ${example}${marked ? '; the options `decimal` and `thousands` state other marks' : ''}`
}
