import t from '@stdlib/stats-base-dists-t'
import { checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Estimate, LevelOptions } from './estimate.js'
import { mean, standardDeviation } from './numerics/moments.js'

/**
 * The ratio of two standard deviations, and the p value of the test that it is 1; null where there
 * are too few pairs for it.
 */
export interface SpreadRatio extends Estimate {
  readonly pTwoSided: number | null
  /** The two standard deviations (divisor n − 1). */
  readonly sdA: number
  readonly sdB: number
}

/**
 * Estimates the ratio of the standard deviations of paired values, a over b and without a unit,
 * with the test of Pitman (1939, Biometrika 31, 9–12) and Morgan (1939, 13–19): the spreads are
 * equal where sums and differences of the pairs are uncorrelated, t = r √((n − 2) / (1 − r²)). The
 * interval holds the ratios that this test does not reject (Snedecor & Cochran 1967, Statistical
 * Methods, section 7.13): the variance ratio F times K ± √(K² − 1), K = 1 + 2 (1 − r²) t² / (n −
 * 2), r the correlation of a and b. Exact for pairs that are normally distributed. Below 3 pairs
 * there is neither interval nor p value.
 *
 * @throws `TypeError` or `RangeError` for lists of different lengths or of fewer than 2 values, for
 * values that are no finite numbers, where a list does not vary, and for a level that does not lie
 * between 0 and 1.
 * @example
 * const spread = spreadRatio([9.1, 8.2, 9.9, 9.0], [10.2, 10.1, 10.5, 10.3])
 * spread.value // 4.071
 * spread.pTwoSided // 0.01542
 */
export function spreadRatio(
  a: readonly number[],
  b: readonly number[],
  { level = defaultLevel }: LevelOptions = {},
): SpreadRatio {
  checkedNumber('level', level, { above: 0, below: 1 })
  const n = checkedNumbers('a', a, { least: 2 }).length
  if (checkedNumbers('b', b, { least: 2 }).length !== n) {
    throw new RangeError(`Expected \`a\` and \`b\` to hold one value per block each, got ${n} and ${b.length}`)
  }
  const sdA = standardDeviation(a)
  const sdB = standardDeviation(b)
  if (sdA === 0 || sdB === 0) {
    throw new RangeError('Expected `a` and `b` to vary each, got a list of equal numbers')
  }
  const value = sdA / sdB
  if (n < 3) return { value, interval: null, n, pTwoSided: null, sdA, sdB }
  const df = n - 2
  const unexplained = Math.max(0, 1 - correlation(a, b) ** 2)
  const k = 1 + (2 * unexplained * t.quantile((1 + level) / 2, df) ** 2) / df
  const widest = Math.sqrt(k + Math.sqrt(k * k - 1))
  const interval = { level, lower: value / widest, upper: value * widest }
  // t of the correlation of sums and differences, written in F = value² and r.
  const statistic = (Math.abs(value ** 2 - 1) * Math.sqrt(df)) / (2 * value * Math.sqrt(unexplained))
  return { value, interval, n, pTwoSided: Number.isNaN(statistic) ? 1 : 2 * t.cdf(-statistic, df), sdA, sdB }
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const centreA = mean(a)
  const centreB = mean(b)
  const products = a.reduce((sum, value, k) => sum + (value - centreA) * (b[k]! - centreB), 0)
  return products / ((a.length - 1) * standardDeviation(a) * standardDeviation(b))
}
