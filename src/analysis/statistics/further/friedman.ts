import chisquare from '@stdlib/stats-base-dists-chisquare'
import { checkedMatrix, type Matrix } from '../numerics/checked-values.js'
import { midRanks } from '../numerics/mid-ranks.js'

/** What Friedman's test found. */
export interface Friedman {
  readonly chiSquared: number
  /** Treatments less one. */
  readonly df: number
  /**
   * From the chi-squared distribution, which the statistic approaches with many blocks; rounded to
   * 0 below 1e-16.
   */
  readonly p: number
}

/**
 * Friedman's rank test (1937) that treatments do not differ, in complete blocks: rows are blocks,
 * columns treatments. Values that are tied within a block share the mean of their ranks, for which
 * the statistic is corrected (Hollander & Wolfe 1973, section 7.1); where all blocks are tied
 * throughout, it is 0. Throws `RangeError` for fewer than two rows or columns.
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
