import t from '@stdlib/stats-base-dists-t'
import { defaultLevel } from '../defaults.js'
import type { Estimate, LevelOptions } from './estimate.js'
import { meanDifference } from './mean-difference.js'
import { checkedBetween } from './numerics/checked-values.js'

/** What Welch's test found. */
export interface Welch {
  readonly t: number
  /** Satterthwaite's degrees of freedom, not whole in general. */
  readonly df: number
  readonly pTwoSided: number
  /** Mean of a minus mean of b, in the units of the values; `n` counts the values of both. */
  readonly estimate: Estimate
}

/**
 * Welch's t test that two independent samples have equal means, whatever their spreads (Welch
 * 1947). Throws `RangeError` for fewer than two values in a list and where neither list varies.
 */
export function welch(a: readonly number[], b: readonly number[], { level = defaultLevel }: LevelOptions = {}): Welch {
  checkedBetween('level', level, 0, 1)
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
