import { withoutSpaces } from '../../../records/spaces.js'
import type { Float64Column } from '../../../records/values.js'
import { decimalIn, isDecimal, numberProblem } from './field-numbers.js'
import type { ReadValue } from './value-reader.js'

export const readFloat8: ReadValue = (bytes, from, to, rows) => {
  let value = decimalIn(bytes, from, to)
  if (Number.isNaN(value) && isDecimal(bytes, from, to)) value = Number(bytes.toString('latin1', from, to))
  // One that is 0 may be too near to 0, and one of many digits too large.
  if (!Number.isFinite(value) || (value === 0 && to - from > 15)) {
    return readOther(bytes, from, to, rows as Float64Column, 'float8')
  }
  ;(rows as Float64Column).push(value)
  return null
}

export const readFloat4: ReadValue = (bytes, from, to, rows) => {
  const value = decimalIn(bytes, from, to)
  const single = Math.fround(value)
  // Not a number has no finite one either.
  if (!Number.isFinite(single) || (single !== value && isMiddle(value, single))) {
    return readOther(bytes, from, to, rows as Float64Column, 'float4')
  }
  ;(rows as Float64Column).push(single)
  return null
}

const shape = /^([+-]?)(\d+\.?\d*|\.\d+)(?:e([+-]?\d+))?$/i
const infinityShape = /^([+-]?)inf(?:inity)?$/i

/** Reads numbers of any length, words, and spaces around, as C's `strtod` and `strtof` do. */
function readOther(
  bytes: Buffer,
  from: number,
  to: number,
  rows: Float64Column,
  type: 'float4' | 'float8',
): string | null {
  const text = withoutSpaces(bytes.toString('latin1', from, to))
  const infinity = infinityShape.exec(text)
  if (infinity !== null) {
    rows.push(infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY)
    return null
  }
  if (/^[+-]?nan$/i.test(text)) {
    rows.push(Number.NaN)
    return null
  }
  const number = shape.exec(text)
  if (number === null) return numberProblem(text, '-1.5 or 1e-7')
  const [, sign, digits, exponent = '0'] = number
  const value = type === 'float8' ? Number(text) : singleOf(sign!, digits!, Number(exponent))
  if (!Number.isFinite(value)) return `it is out of the range of ${type}`
  if (value === 0 && /[1-9]/.test(digits!)) return `it is too near to 0 for ${type}`
  rows.push(value)
  return null
}

/** Returns the number of 32 bits that is nearest to a decimal one, ties to even. */
function singleOf(sign: string, digits: string, exponent: number): number {
  const value = Number(`${sign}${digits}e${exponent}`)
  const single = Math.fround(value)
  if (!Number.isFinite(value) || single === value || !isMiddle(value, single)) return single
  // Rounded twice, a number next to the middle of two may come to the wrong side.
  const other = 2 * value - unbounded(single)
  const side = compareDecimal(digits, exponent, Math.abs(value)) * (value < 0 ? -1 : 1)
  if (side === 0) return single
  return side > 0 === other > value ? other : single
}

/** Whether a number lies in the middle of two of 32 bits, one of which is `single`. */
function isMiddle(value: number, single: number): boolean {
  const other = 2 * value - unbounded(single)
  // Twice the greatest doubles is infinite, and they are the middle of none.
  return Number.isFinite(other) && Math.fround(other) === other
}

/** The number that would follow the greatest of 32 bits, for an infinite one. */
function unbounded(single: number): number {
  return Number.isFinite(single) ? single : Math.sign(single) * 2 ** 128
}

/**
 * Returns the sign of a decimal number minus a positive double that lies in the middle of two
 * numbers of 32 bits.
 */
function compareDecimal(digits: string, exponent: number, middle: number): -1 | 0 | 1 {
  const [whole = '', fraction = ''] = digits.split('.')
  // Times 2^150 every middle of two numbers of 32 bits is an integer.
  const ten = exponent - fraction.length
  const decimal = (BigInt(`0${whole}${fraction}`) << 150n) * 10n ** BigInt(Math.max(ten, 0))
  const other = BigInt(middle * 2 ** 150) * 10n ** BigInt(Math.max(-ten, 0))
  return decimal < other ? -1 : decimal > other ? 1 : 0
}
