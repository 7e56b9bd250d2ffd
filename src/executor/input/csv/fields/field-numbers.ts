/**
 * Readers of numbers from the bytes of a field, without an intermediate string; NaN where the bytes
 * have another form, unless stated otherwise.
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
