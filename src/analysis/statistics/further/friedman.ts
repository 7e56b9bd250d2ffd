import chisquare from '@stdlib/stats-base-dists-chisquare'
import { checkedMatrix, type Matrix } from '../numerics/matrix.js'
import { midRanks } from '../numerics/mid-ranks.js'

/** Result of Friedman's test. */
export interface Friedman {
  readonly chiSquared: number
  /** Treatments less one. */
  readonly df: number
  /**
   * p value from the chi-squared distribution, which the statistic approaches with many blocks;
   * rounded to 0 below 1e-16.
   */
  readonly p: number
}

/**
 * Tests whether treatments differ in complete blocks, by Friedman's rank test (1937, Journal of the
 * American Statistical Association 32, 675–701): rows are blocks, columns are treatments. Values
 * that are tied within a block share the mean of their ranks, for which the statistic is corrected
 * (Hollander & Wolfe 1973, section 7.1); where all blocks are tied throughout, it is 0.
 *
 * @throws `TypeError` or `RangeError` for fewer than two rows or columns, for rows of different
 * lengths, and for observations that are no finite numbers.
 * @example
 * friedman([[10.1, 9.2, 9.0], [11.0, 9.8, 9.9], [10.4, 9.9, 9.1]]).p // 0.09697
 */
export function friedman(matrix: Matrix): Friedman {
  const blocks = checkedMatrix('matrix', matrix, 2, 2).length
  const treatments = matrix[0]!.length
  const doubledSums = new Array<number>(treatments).fill(0)
  let tied = 0
  for (const row of matrix) {
    const { doubledRanks, tieSizes } = midRanks(row)
    for (let k = 0; k < treatments; k++) doubledSums[k]! += doubledRanks[k]!
    for (const size of tieSizes) tied += size ** 3 - size
  }
  const doubledMean = blocks * (treatments + 1)
  const squares = doubledSums.reduce((sum, value) => sum + ((value - doubledMean) / 2) ** 2, 0)
  const spread = blocks * treatments * (treatments + 1) - tied / (treatments - 1)
  const chiSquared = squares === 0 ? 0 : (12 * squares) / spread
  const df = treatments - 1
  return { chiSquared, df, p: 1 - chisquare.cdf(chiSquared, df) }
}
