import { checkedNumber, checkedNumbers } from '../../../check.js'
import type { Ordered } from './ordered.js'

/**
 * Returns the sample quantile of type 7 (Hyndman & Fan 1996, The American Statistician 50, 361–365;
 * R's default), in the units of the values: linear interpolation between the order statistics at (n
 * − 1)p + 1. `p` runs from 0 to 1.
 *
 * @throws `TypeError` or `RangeError` for an empty list, for values that are no finite numbers, and
 * for a `p` outside 0 to 1.
 * @example
 * quantile([3, 1, 4, 1, 5], 0.9) // 4.6
 */
export function quantile(values: readonly number[], p: number): number {
  checkedNumbers('values', values)
  return sortedQuantile(Float64Array.from(values).sort(), p)
}

/**
 * Returns the sample quantile of type 7 of numbers that are in ascending order already: only the
 * two numbers that it lies between are checked.
 */
export function sortedQuantile(sorted: Ordered, p: number): number {
  checkedNumber('p', p, { from: 0, to: 1 })
  const position = (sorted.length - 1) * p
  const below = Math.floor(position)
  const low = sorted.at(below)!
  const high = sorted.at(Math.min(below + 1, sorted.length - 1))!
  return low + (position - below) * (high - low)
}

/**
 * Returns the middle of the values, in their units: the quantile of type 7 at one half, and so the
 * mean of the two middle ones where their number is even (Hyndman & Fan 1996).
 *
 * @throws `TypeError` or `RangeError` for an empty list, and for values that are no finite numbers.
 * @example
 * median([3, 1, 4, 1]) // 2
 */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5)
}
