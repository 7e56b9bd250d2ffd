import { checkedValues } from './checked-values.js'

/**
 * Sample quantile of type 7 (Hyndman & Fan 1996; R's default): linear interpolation between the
 * order statistics at (n − 1)p + 1. `p` runs from 0 to 1.
 */
export function quantile(values: readonly number[], p: number): number {
  checkedValues('values', values)
  return sortedQuantile(Float64Array.from(values).sort(), p)
}

/**
 * The same of numbers that are in ascending order already, which are not looked at but for the two
 * in question.
 */
export function sortedQuantile(sorted: Float64Array, p: number): number {
  if (!(p >= 0 && p <= 1)) throw new RangeError(`Expected \`p\` to be a number from 0 to 1, got ${p}`)
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted[below]!
  const high = sorted[Math.min(below + 1, sorted.length - 1)]!
  return low + (position - below) * (high - low)
}

/** The middle of the values: the quantile at one half. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
