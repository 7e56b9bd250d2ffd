import type { Column } from '../../../../study/table/table.js'
import { type DigitLimit, digitsOf, limitNumeric } from '../../../records/declared-limit.js'
import { numericText, parseNumeric } from '../../../records/numeric.js'
import { withoutSpaces } from '../../../records/spaces.js'
import type { BytesColumn } from '../../../records/values.js'
import { numberProblem } from './field-numbers.js'
import type { ReadValue } from './value-reader.js'

/**
 * Returns the reader of a `numeric` column, which rounds as its limit says. The text is kept where
 * PostgreSQL would show it unchanged, such as `-12.50`.
 */
export function numericReader(column: Column): ReadValue {
  const limit = digitsOf(column)
  return (bytes, from, to, rows) => {
    const decimals = plainDecimals(bytes, from, to)
    if (decimals >= 0 && (limit === null || fits(bytes, from, to, decimals, limit))) {
      if (limit === null || decimals === limit.scale) (rows as BytesColumn).push(bytes, from, to)
      else pushPadded(bytes, from, to, decimals, limit.scale, rows as BytesColumn)
      return null
    }
    const text = bytes.toString('latin1', from, to)
    const numeric = parseNumeric(text)
    if (numeric === null) return numberProblem(withoutSpaces(text), '-12.50')
    const limited = limit === null ? numeric : limitNumeric(numeric, limit)
    if (limited === null) return `${column.declared} holds no number of as many digits`
    ;(rows as BytesColumn).pushString(numericText(limited), 'latin1')
    return null
  }
}

/**
 * Returns the digits after the point of a text of up to 1,000 digits that has its sign and its
 * point where PostgreSQL would write them: no leading zeros, no zero with a sign. Otherwise -1.
 */
function plainDecimals(bytes: Buffer, from: number, to: number): number {
  const negative = bytes[from] === 45
  const start = negative ? from + 1 : from
  let point = to
  let nonZero = false
  for (let at = start; at < to; at++) {
    const byte = bytes[at]!
    if (byte === 46 && point === to) point = at
    else if (byte < 48 || byte > 57) return -1
    else nonZero ||= byte !== 48
  }
  const whole = point - start
  if (whole === 0 || to - start > 1000 || point === to - 1) return -1
  if ((whole > 1 && bytes[start] === 48) || (negative && !nonZero)) return -1
  return point === to ? 0 : to - point - 1
}

/** Whether a plain number has digits before its point, and no more after it, for the limit. */
function fits(bytes: Buffer, from: number, to: number, decimals: number, { precision, scale }: DigitLimit): boolean {
  const length = to - from - (bytes[from] === 45 ? 1 : 0)
  const whole = decimals === 0 ? length : length - decimals - 1
  return decimals <= scale && whole <= precision - scale
}

/** Adds a number with zeros up to `scale` digits after its point. */
function pushPadded(bytes: Buffer, from: number, to: number, decimals: number, scale: number, rows: BytesColumn): void {
  let at = rows.reserveBytes(to - from + 1 + scale - decimals)
  const { bytes: own } = rows
  for (let k = from; k < to; k++) own[at++] = bytes[k]!
  if (decimals === 0) own[at++] = 46
  for (let k = decimals; k < scale; k++) own[at++] = 48
  rows.end(at)
}
