import { withoutSpaces } from './spaces.js'

/**
 * A decimal number as PostgreSQL keeps it: `whole` without leading zeros, `fraction` with every
 * digit written.
 */
export interface Decimal {
  readonly kind: 'finite'
  readonly negative: boolean
  readonly whole: string
  readonly fraction: string
}
export type Numeric = Decimal | { readonly kind: 'NaN' | 'Infinity' | '-Infinity' }

// Digits that numeric can hold before and after the point (numeric.h and the limits in the manual,
// section 8.1.2).
const maxWholeDigits = 131_072
const maxFractionDigits = 16_383

const shape = /^([+-]?)(?:(\d+)\.?(\d*)|\.(\d+))(?:e([+-]?\d{1,6}))?$/i
const special = /^(?:(nan)|(\+?inf(?:inity)?)|(-inf(?:inity)?))$/i

/**
 * Reads the text of a number as `numeric_in` does, keeping its scale: `1.50` keeps two digits,
 * `1e3` none. Null when it is not a number.
 */
export function parseNumeric(text: string): Numeric | null {
  const trimmed = withoutSpaces(text)
  const match = shape.exec(trimmed)
  if (match === null) {
    const word = special.exec(trimmed)
    if (word === null) return null
    return { kind: word[1] !== undefined ? 'NaN' : word[2] !== undefined ? 'Infinity' : '-Infinity' }
  }
  const exponent = Number(match[5] ?? 0)
  const head = match[2] ?? ''
  const tail = match[3] ?? match[4] ?? ''
  if (head.length + exponent > 2 * maxWholeDigits || tail.length - exponent > 2 * maxFractionDigits) return null
  const digits = head + tail
  const point = head.length + exponent
  const whole = (point <= 0 ? '' : digits.slice(0, point).padEnd(point, '0')).replace(/^0+/, '')
  const fraction = point < 0 ? '0'.repeat(-point) + digits : digits.slice(point)
  if (whole.length > maxWholeDigits || fraction.length > maxFractionDigits) return null
  const zero = whole === '' && /^0*$/.test(fraction)
  return { kind: 'finite', negative: match[1] === '-' && !zero, whole, fraction }
}

/** The text that PostgreSQL shows for it (`numeric_out`). */
export function numericText(numeric: Numeric): string {
  if (numeric.kind !== 'finite') return numeric.kind
  const text = numeric.whole === '' ? '0' : numeric.whole
  return (numeric.negative ? '-' : '') + (numeric.fraction === '' ? text : `${text}.${numeric.fraction}`)
}

// utils/adt/numeric.c: NUMERIC_NEG, and NUMERIC_NAN, NUMERIC_PINF, NUMERIC_NINF for the texts that
// are not digits.
const negativeSign = 0x4000
const specialSigns = { NaN: 0xc000, Infinity: 0xd000, '-Infinity': 0xf000 } as const

const minus = 45
const point = 46
const zero = 48
const nine = 57

/** Upper bound of the bytes that `writeNumeric` writes for a text of `characters` characters. */
export function numericBytes(characters: number): number {
  return 8 + 2 * (Math.ceil(characters / 4) + 2)
}

/**
 * Writes COPY's binary numeric (`numeric_send`) of the text `bytes[from]` up to but without
 * `bytes[to]`, as PostgreSQL shows it, at `at`: the number of digits in base 10,000, the first
 * one's weight, the sign, the scale, and the digits. Returns the position after it.
 */
export function writeNumeric(bytes: Uint8Array, from: number, to: number, out: Buffer, at: number): number {
  const negative = bytes[from] === minus
  const start = negative ? from + 1 : from
  if (bytes[start]! > nine) {
    const text = String.fromCharCode(...bytes.subarray(from, to)) as keyof typeof specialSigns
    return writeHead(out, at, 0, 0, specialSigns[text], 0)
  }
  let pointAt = start
  while (pointAt < to && bytes[pointAt] !== point) pointAt++
  const scale = Math.max(0, to - pointAt - 1)
  // The point separates two groups of four; the first group may have fewer digits, the last one is
  // filled with zeros.
  let weight = Math.ceil((pointAt - start) / 4) - 1
  let end = at + 8
  let left = pointAt - start - 4 * weight
  let group = 0
  let digits = 0
  const endGroup = (): void => {
    if (digits > 0 || group > 0) {
      out[end++] = group >>> 8
      out[end++] = group & 255
      digits++
    } else weight--
    group = 0
    left = 4
  }
  for (let i = start; i < to; i++) {
    if (i === pointAt) continue
    group = group * 10 + bytes[i]! - zero
    if (--left === 0) endGroup()
  }
  if (left < 4) {
    for (; left > 0; left--) group *= 10
    endGroup()
  }
  while (digits > 0 && out[end - 1] === 0 && out[end - 2] === 0) {
    digits--
    end -= 2
  }
  writeHead(out, at, digits, digits === 0 ? 0 : weight, negative ? negativeSign : 0, scale)
  return end
}

function writeHead(out: Buffer, at: number, digits: number, weight: number, sign: number, scale: number): number {
  out.writeInt16BE(digits, at)
  out.writeInt16BE(weight, at + 2)
  out.writeUInt16BE(sign, at + 4)
  out.writeInt16BE(scale, at + 6)
  return at + 8
}
