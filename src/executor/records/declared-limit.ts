import type { Column } from '../../study/table/table.js'
import type { Numeric } from './numeric.js'

/** Limit of a `numeric(precision,scale)`: decimal digits in all, and after the point. */
export interface DigitLimit {
  readonly precision: number
  readonly scale: number
}

/** Returns the limit of a column declared as `numeric(p,s)`; null for none. */
export function digitsOf({ declared = '' }: Column): DigitLimit | null {
  const match = /^numeric\((\d+),(-?\d+)\)$/.exec(declared)
  return match === null ? null : { precision: Number(match[1]), scale: Number(match[2]) }
}

/**
 * Returns the greatest number of characters of a column declared as `varchar(n)`; null for none.
 */
export function charactersOf({ declared = '' }: Column): number | null {
  const match = /^varchar\((\d+)\)$/.exec(declared)
  return match === null ? null : Number(match[1])
}

/**
 * Returns a text of at most `count` characters as `varchar(count)` takes it: spaces beyond them are
 * cut off, null stands for a text with others there (utils/adt/varchar.c).
 */
export function limitText(text: string, count: number): string | null {
  // A character takes one or two units.
  if (text.length <= count) return text
  let end = 0
  for (let characters = 0; characters < count && end < text.length; characters++) {
    end += text.codePointAt(end)! > 0xffff ? 2 : 1
  }
  return /[^ ]/.test(text.slice(end)) ? null : text.slice(0, end)
}

/**
 * Returns a number as `numeric(p,s)` takes it, rounded half away from zero to `s` digits after the
 * point; null where it then has more than `p` digits, or is infinite (utils/adt/numeric.c).
 */
export function limitNumeric(numeric: Numeric, { precision, scale }: DigitLimit): Numeric | null {
  if (numeric.kind !== 'finite') return numeric.kind === 'NaN' ? numeric : null
  const { whole, fraction, negative } = numeric
  const digits = whole + fraction
  const kept = whole.length + scale
  const cut = kept < 0 ? '' : digits.slice(0, kept).padEnd(kept, '0')
  const up = kept >= 0 && kept < digits.length && digits[kept]! >= '5'
  const rounded = (up ? String(BigInt(`0${cut}`) + 1n) : cut).replace(/^0+/, '')
  if (rounded.length > precision) return null
  const scaled = rounded.padStart(Math.max(scale, 0), '0')
  const point = scaled.length - Math.max(scale, 0)
  return {
    kind: 'finite',
    negative: negative && rounded !== '',
    whole: rounded === '' ? '' : scaled.slice(0, point) + '0'.repeat(Math.max(-scale, 0)),
    fraction: scaled.slice(point),
  }
}
