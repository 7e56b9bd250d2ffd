import t from '@stdlib/stats-base-dists-t'
import { checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Estimate, LevelOptions } from './estimate.js'
import { mean, standardDeviation } from './numerics/moments.js'

/**
 * Estimates a mean with Student's t interval (Student 1908, Biometrika 6, 1–25), in the units of
 * the values. A single value has no interval.
 *
 * @throws `TypeError` or `RangeError` for an empty list, for values that are no finite numbers, and
 * for a level that does not lie between 0 and 1.
 * @example
 * tInterval([9.8, 10.4, 10.1, 9.9]).interval // { level: 0.95, lower: 9.629, upper: 10.47 }
 */
export function tInterval(values: readonly number[], { level = defaultLevel }: LevelOptions = {}): Estimate {
  checkedNumber('level', level, { above: 0, below: 1 })
  const n = checkedNumbers('values', values).length
  const value = mean(values)
  if (n < 2) return { value, interval: null, n }
  const half = (t.quantile((1 + level) / 2, n - 1) * standardDeviation(values)) / Math.sqrt(n)
  return { value, interval: { level, lower: value - half, upper: value + half }, n }
}

/**
 * Returns the two-sided p value of Student's t test that the mean is zero; null for a single value,
 * 0 when all values are equal and not zero.
 */
export function tTest(values: readonly number[]): number | null {
  if (checkedNumbers('values', values).length < 2) return null
  const centre = mean(values)
  const error = standardDeviation(values) / Math.sqrt(values.length)
  if (error === 0) return centre === 0 ? 1 : 0
  return 2 * t.cdf(-Math.abs(centre / error), values.length - 1)
}
