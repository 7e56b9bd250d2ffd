import t from '@stdlib/stats-base-dists-t'
import { checkedNumber, checkedNumbers } from '../../../check.js'
import { defaultLevel } from '../../defaults.js'
import type { LevelOptions } from '../estimate.js'
import { meanDifference } from '../mean-difference.js'
import { mean, standardDeviation } from '../numerics/moments.js'

/** Bounds between which a mean difference counts as none, in the units of the values. */
export interface EquivalenceOptions extends LevelOptions {
  readonly lower: number
  readonly upper: number
}

/** Bounds of equivalence, and whether the two samples are taken to have one spread. */
export interface EquivalenceTwoSampleOptions extends EquivalenceOptions {
  /**
   * True for one spread of both samples (Student), false for spreads that may differ (Welch 1947).
   *
   * @default false
   */
  readonly pooled?: boolean
}

/** Result of two one-sided tests. */
export interface Equivalence {
  /** p value of the test that the difference is `lower` or less. */
  readonly pLower: number
  /** p value of the test that the difference is `upper` or more. */
  readonly pUpper: number
  /** Whether both are rejected at 1 − level. */
  readonly equivalent: boolean
}

/**
 * Tests whether the mean of paired differences lies between two bounds, by two one-sided t tests
 * (Schuirmann 1987, Journal of Pharmacokinetics and Biopharmaceutics 15, 657–680). Equivalence at a
 * level of 0.95 says that the interval of level 0.9 lies within the bounds, which are in the units
 * of the differences.
 *
 * @throws `TypeError` or `RangeError` for fewer than two differences, for values that are no finite
 * numbers, for bounds that are no interval, and for a level that does not lie between 0 and 1.
 * @example
 * equivalence([0.1, -0.2, 0.3, 0.0, -0.1], { lower: -0.5, upper: 0.5 }).equivalent // true
 */
export function equivalence(differences: readonly number[], options: EquivalenceOptions): Equivalence {
  const n = checkedNumbers('differences', differences, { least: 2 }).length
  return oneSidedTests(mean(differences), standardDeviation(differences) / Math.sqrt(n), n - 1, options)
}

/**
 * Tests whether the means of two independent samples differ by an amount between two bounds, by two
 * one-sided t tests (Schuirmann 1987). The difference is a minus b, and the bounds are in the units
 * of the values. The spreads may differ (Welch 1947) unless they are pooled.
 *
 * @throws `TypeError` or `RangeError` for fewer than two values in a list, where neither list
 * varies, for values that are no finite numbers, for bounds that are no interval, and for a level
 * that does not lie between 0 and 1.
 * @example
 * const bounds = { lower: -0.5, upper: 0.5 }
 * equivalenceTwoSample([10.1, 9.8, 10.3, 9.9], [10.0, 10.2, 9.9, 10.1], bounds).equivalent // true
 */
export function equivalenceTwoSample(
  a: readonly number[],
  b: readonly number[],
  { pooled = false, ...options }: EquivalenceTwoSampleOptions,
): Equivalence {
  const { value, standardError, df } = meanDifference(a, b, { pooled })
  return oneSidedTests(value, standardError, df, options)
}

function oneSidedTests(
  value: number,
  standardError: number,
  df: number,
  { lower, upper, level = defaultLevel }: EquivalenceOptions,
): Equivalence {
  checkedNumber('level', level, { above: 0, below: 1 })
  checkedNumber('lower', lower)
  checkedNumber('upper', upper, { above: lower })
  const pLower = tailBelow((lower - value) / standardError, df)
  const pUpper = tailBelow((value - upper) / standardError, df)
  return { pLower, pUpper, equivalent: Math.max(pLower, pUpper) < 1 - level }
}

/**
 * Returns P(T < statistic); without any spread the statistic is infinite, or not a number where the
 * mean meets the bound, which rejects nothing.
 */
function tailBelow(statistic: number, df: number): number {
  if (Number.isFinite(statistic)) return t.cdf(statistic, df)
  return statistic === Number.NEGATIVE_INFINITY ? 0 : 1
}
