import { type Estimate, type LevelOptions, mapEstimate } from './estimate.js'
import { checkedPositive } from './numerics/checked-values.js'
import { logarithms } from './numerics/moments.js'
import { tInterval, tTest } from './t-interval.js'

/**
 * The ratio a/b within blocks, and the p value of the test that it is 1; null for a single block.
 */
export interface RatioEstimate extends Estimate {
  readonly pTwoSided: number | null
}

/**
 * The geometric mean of a/b over blocks with Student's t interval of the log ratios,
 * back-transformed. `a` and `b` hold one positive value per block, in the same order.
 */
export function pairedRatio(a: readonly number[], b: readonly number[], options: LevelOptions = {}): RatioEstimate {
  const logRatios = logRatio(a, b)
  return { ...mapEstimate(tInterval(logRatios, options), Math.exp), pTwoSided: tTest(logRatios) }
}

/**
 * log(a) − log(b), block by block. Throws `RangeError` for lists of different lengths and for
 * values that are not above zero.
 */
export function logRatio(a: readonly number[], b: readonly number[]): number[] {
  checkedPositive('a', a)
  checkedPositive('b', b)
  if (a.length !== b.length) {
    throw new RangeError(`Expected \`a\` and \`b\` to hold one value per block each, got ${a.length} and ${b.length}`)
  }
  const logB = logarithms('b', b)
  return logarithms('a', a).map((value, block) => value - logB[block]!)
}
