import normal from '@stdlib/stats-base-dists-normal'
import t from '@stdlib/stats-base-dists-t'
import { checkedInteger, checkedNumber } from '../../check.js'
import { rootBetween } from './numerics/root-between.js'
import { studentisedAverage } from './studentised-average.js'

/**
 * Critical values found so far, by their arguments: a bootstrap asks for an equal one thousands of
 * times.
 */
const found = new Map<string, number>()

/**
 * Returns Dunnett's one-sided critical value d (Dunnett 1955, Journal of the American Statistical
 * Association 50, 1096–1121): of `comparisons` Student t variables with `df` degrees of freedom
 * that share their standard error and are pairwise correlated 1/2, as differences of equally
 * replicated means from one of them are, none exceeds d with probability `level`. It has no unit,
 * is the t quantile for one comparison, and is accurate to 10 digits.
 *
 * @throws `RangeError` for a number of comparisons that is no whole number from 1, for a `df` below
 * 1, and for a level that does not lie between 0 and 1.
 * @example
 * dunnettCritical(3, 12, 0.95) // 2.287
 */
export function dunnettCritical(comparisons: number, df: number, level: number): number {
  checkedInteger('comparisons', comparisons, { from: 1 })
  checkedNumber('level', level, { above: 0, below: 1 })
  const key = `${comparisons} ${df} ${level}`
  const known = found.get(key)
  if (known !== undefined) return known
  const average = studentisedAverage(df)
  // T_i = (X_i − Z) / (√2 S) with independent standard normal X_i and Z.
  const noneExceeds = (d: number): number => average((z, s) => normal.cdf(Math.SQRT2 * d * s + z, 0, 1) ** comparisons)
  // One comparison alone exceeds less, and Bonferroni's comparisons exceed more; both are widened
  // for certainty.
  const low = t.quantile(level / 2, df)
  const high = -t.quantile((1 - level) / (comparisons + 1), df)
  const critical = rootBetween((d) => noneExceeds(d) - level, low, high)
  found.set(key, critical)
  return critical
}
