import t from '@stdlib/stats-base-dists-t'
import { checkedNumber } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Estimate, LevelOptions } from './estimate.js'
import { meanDifference } from './mean-difference.js'

/** Result of Welch's test. */
export interface Welch {
  readonly t: number
  /** Satterthwaite's degrees of freedom, not whole in general. */
  readonly df: number
  readonly pTwoSided: number
  /** Mean of a minus mean of b, in the units of the values; `n` counts the values of both. */
  readonly estimate: Estimate
}

/**
 * Tests whether two independent samples have equal means, whatever their spreads, by Welch's t test
 * (Welch 1947, Biometrika 34, 28–35), and estimates the difference of the means, a minus b, in the
 * units of the values.
 *
 * @throws `TypeError` or `RangeError` for fewer than two values in a list, where neither list
 * varies, for values that are no finite numbers, and for a level that does not lie between 0 and 1.
 * @example
 * const test = welch([12.1, 11.8, 12.4], [11.2, 11.5, 11.1])
 * test.pTwoSided // 0.02095
 * test.estimate.interval // { level: 0.95, lower: 0.2186, upper: 1.448 }
 */
export function welch(a: readonly number[], b: readonly number[], { level = defaultLevel }: LevelOptions = {}): Welch {
  checkedNumber('level', level, { above: 0, below: 1 })
  const { value, standardError, df } = meanDifference(a, b)
  const statistic = value / standardError
  const half = t.quantile((1 + level) / 2, df) * standardError
  return {
    t: statistic,
    df,
    pTwoSided: 2 * t.cdf(-Math.abs(statistic), df),
    estimate: { value, interval: { level, lower: value - half, upper: value + half }, n: a.length + b.length },
  }
}
