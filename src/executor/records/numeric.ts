import { misfit } from './column-values.js'
import type { Column, Value } from './types.js'

/** A decimal number as PostgreSQL keeps it: `whole` without leading zeros, `fraction` with every digit written. */
export interface Decimal {
  readonly kind: 'finite'
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}
export type Numeric = Decimal | { readonly kind: 'NaN' | 'Infinity' | '-Infinity' }

// Digits that numeric can hold before and after the point (numeric.h and the limits in the manual, section 8.1.2).
const mostWhole = 131_072
const mostFraction = 16_383

const shape = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d{1,6}))?$/i
const special = /^(?:(nan)|(\+?inf(?:inity)?)|(-inf(?:inity)?))$/i

/** Reads the text of a number as `numeric_in` does, keeping its scale: `1.50` keeps two digits, `1e3` none. Null when it is no number. */
export function parseNumeric(text: string): Numeric | null {
  const trimmed = text.trim()
  const match = shape.exec(trimmed)
  if (match === null) {
    const word = special.exec(trimmed)
    if (word === null) return null
    return { kind: word[1] !== undefined ? 'NaN' : word[2] !== undefined ? 'Infinity' : '-Infinity' }
  }
  const exponent = Number(match[5] ?? 0)
  const head = match[2] ?? ''
  const tail = match[3] ?? match[4] ?? ''
  if (head.length + exponent > 2 * mostWhole || tail.length - exponent > 2 * mostFraction) return null
  const digits = head + tail
  const point = head.length + exponent
  const whole = (point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')).replace(/^0+/, '')
  const fraction = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  if (whole.length > mostWhole || fraction.length > mostFraction) return null
  const zero = whole === '' && /^0*$/.test(fraction)
  return { kind: 'finite', negative: match[1] === '-' && !zero, whole, fraction }
}

/** The value of a `numeric` column. */
export function toNumeric(column: Column, value: Value): Numeric {
  const parsed = typeof value === 'string' ? parseNumeric(value) : null
  if (parsed === null) throw misfit(column, 'the text of a number that numeric can hold', value)
  return parsed
}

/** The text that PostgreSQL shows for it (`numeric_out`). */
export function numericText(numeric: Numeric): string {
  if (numeric.kind !== 'finite') return numeric.kind
  const text = numeric.whole === '' ? '0' : numeric.whole
  return (numeric.negative ? '-' : '') + (numeric.fraction === '' ? text : `${text}.${numeric.fraction}`)
}

/** The 16-bit words of COPY's binary numeric: digits, weight, sign, scale, then the digits in base 10,000 (`numeric_send`). */
export function numericWords(numeric: Numeric): number[] {
  if (numeric.kind !== 'finite') return [0, 0, specialSigns[numeric.kind], 0]
  const { whole, fraction } = numeric
  const left = whole.padStart(Math.ceil(whole.length / 4) * 4, '0')
  const right = fraction.padEnd(Math.ceil(fraction.length / 4) * 4, '0')
  const digits: number[] = []
  for (const part of [left, right]) for (let i = 0; i < part.length; i += 4) digits.push(Number(part.slice(i, i + 4)))
  let first = 0
  while (first < digits.length && digits[first] === 0) first++
  let end = digits.length
  while (end > first && digits[end - 1] === 0) end--
  const weight = end === first ? 0 : left.length / 4 - 1 - first
  return [end - first, weight & 0xffff, numeric.negative ? 0x4000 : 0, fraction.length, ...digits.slice(first, end)]
}

// utils/adt/numeric.c: NUMERIC_NAN, NUMERIC_PINF, NUMERIC_NINF
const specialSigns = { NaN: 0xc000, Infinity: 0xd000, '-Infinity': 0xf000 } as const
