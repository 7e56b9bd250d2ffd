import { withoutSpaces } from '../../../records/spaces.js'
import type { Int32Column, Int64Column, ValueColumn } from '../../../records/values.js'
import { integerIn, numberProblem } from './field-numbers.js'
import type { ReadValue } from './value-reader.js'

export const readInt2: ReadValue = (bytes, from, to, rows) => readInteger(bytes, from, to, rows, 'int2', 32_767)

export const readInt4: ReadValue = (bytes, from, to, rows) => readInteger(bytes, from, to, rows, 'int4', 2_147_483_647)

export const readInt8: ReadValue = (bytes, from, to, rows) => {
  const value = integerIn(bytes, from, to)
  if (!Number.isNaN(value)) {
    ;(rows as Int64Column).pushSafe(value)
    return null
  }
  const digits = integerDigits(bytes, from, to)
  if (digits === null) return integerProblem(bytes, from, to)
  const wide = digits.length > 20 ? 2n ** 63n : BigInt(digits)
  if (BigInt.asIntN(64, wide) !== wide) {
    return 'int8 holds -9223372036854775808 to 9223372036854775807; take numeric'
  }
  ;(rows as Int64Column).pushBig(wide)
  return null
}

function readInteger(
  bytes: Buffer,
  from: number,
  to: number,
  rows: ValueColumn,
  type: 'int2' | 'int4',
  greatest: number,
): string | null {
  let value = integerIn(bytes, from, to)
  if (Number.isNaN(value)) {
    const digits = integerDigits(bytes, from, to)
    if (digits === null) return integerProblem(bytes, from, to)
    value = Number(digits)
  }
  if (value < -greatest - 1 || value > greatest) return `${type} holds ${-greatest - 1} to ${greatest}; take int8`
  ;(rows as Int32Column).push(value)
  return null
}

/**
 * Returns the digits of an integer with the sign that is a minus, without leading zeros, of a text
 * with spaces around; null for another text.
 */
function integerDigits(bytes: Buffer, from: number, to: number): string | null {
  const match = /^([+-]?)0*(\d+)$/.exec(withoutSpaces(bytes.toString('latin1', from, to)))
  return match === null ? null : `${match[1] === '-' ? '-' : ''}${match[2]}`
}

function integerProblem(bytes: Buffer, from: number, to: number): string {
  const text = withoutSpaces(bytes.toString('latin1', from, to))
  const isDecimal = /^[+-]?(\d+\.\d*|\.?\d+)(e[+-]?\d+)?$/i.test(text)
  return isDecimal ? 'it is not written as a whole number; take numeric or float8' : numberProblem(text, '-42')
}
