import { median } from 'copylab/statistics'

/**
 * Repeated measurements of one thing, each of them in the order in which it was made, in the unit
 * of the field that holds them.
 */
export interface Spread {
  readonly median: number
  readonly min: number
  readonly max: number
  readonly values: readonly number[]
}

/** Throws a RangeError for no values at all. */
export function spreadOf(values: readonly number[]): Spread {
  if (values.length === 0) throw new RangeError('Expected at least one measurement, got none')
  return { median: median(values), min: Math.min(...values), max: Math.max(...values), values }
}

/** "1,234 [1,100 to 1,400]": the median and the range, times `scale`. */
export function spreadText({ median, min, max }: Spread, { digits = 0, scale = 1 } = {}): string {
  const text = (value: number): string =>
    (value * scale).toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })
  return `${text(median)} [${text(min)} to ${text(max)}]`
}
