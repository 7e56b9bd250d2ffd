import normal from '@stdlib/stats-base-dists-normal'
import t from '@stdlib/stats-base-dists-t'
import { checkedInteger, checkedNumber } from '../../../check.js'
import { rootBetween } from '../numerics/root-between.js'
import { studentisedAverage } from '../studentised-average.js'

/**
 * The distribution of the studentised range: that of `k` independent normal values, divided by an
 * independent standard deviation.
 */
export interface StudentisedRange {
  /** Returns P(Q ≤ q), to about 13 decimals. */
  probability(q: number): number
  /** Returns the q with P(Q ≤ q) = `level`, to about 10 digits. */
  quantile(level: number): number
}

/**
 * Returns the distribution of the studentised range of `k` means (2 at least) with `df` degrees of
 * freedom (1 at least): the greatest is at z and the other k − 1 lie less than q·s below it, k φ(z)
 * [Φ(z) − Φ(z − q s)]^(k − 1), averaged over z and s (Hartley 1942, Biometrika 32, 334–348; R's
 * `ptukey` and `qtukey`). No unit.
 *
 * @throws `RangeError` for a `k` that is no whole number from 2, and for a `df` below 1.
 * @example
 * studentisedRange(3, 10).quantile(0.95) // 3.877
 */
export function studentisedRange(k: number, df: number): StudentisedRange {
  checkedInteger('k', k, { from: 2 })
  const average = studentisedAverage(df)
  const probability = (q: number): number => {
    if (Number.isNaN(q)) throw new RangeError('Expected `q` to be a number, got NaN')
    if (q <= 0) return 0
    if (q === Number.POSITIVE_INFINITY) return 1
    return Math.min(
      1,
      average((z, s) => k * (normal.cdf(z, 0, 1) - normal.cdf(z - q * s, 0, 1)) ** (k - 1)),
    )
  }
  const quantile = (level: number): number => {
    checkedNumber('level', level, { above: 0, below: 1 })
    // Bonferroni's t tests of all pairs, a little widened, reject less often.
    const high = -Math.SQRT2 * t.quantile((1 - level) / (k * (k - 1) + 1), df)
    return rootBetween((q) => probability(q) - level, 0, high)
  }
  return { probability, quantile }
}
