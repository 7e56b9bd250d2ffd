import { checkedNumbers } from '../../check.js'
import { type Estimate, type LevelOptions, mapEstimate } from './estimate.js'
import { logarithms } from './numerics/moments.js'
import { tInterval, tTest } from './t-interval.js'

/**
 * The ratio a/b within blocks, and the p value of the test that it is 1; null for a single block.
 */
export interface RatioEstimate extends Estimate {
  readonly pTwoSided: number | null
}

/**
 * Estimates the ratio a/b of paired values: their geometric mean ratio, with Student's t interval
 * of the log ratios (Student 1908), back-transformed. `a` and `b` hold one positive value per
 * block, in the same order and unit; the ratio has no unit. `pTwoSided` tests that it is 1. A
 * single pair has neither interval nor p value.
 *
 * @throws `TypeError` or `RangeError` for lists of different lengths, for values that are no finite
 * numbers above 0, and for a level that does not lie between 0 and 1.
 * @example
 * const ratio = pairedRatio([9.1, 8.7, 9.4], [10.2, 9.9, 10.1])
 * ratio.value // 0.9003
 * ratio.interval // { level: 0.95, lower: 0.8362, upper: 0.9693 }
 */
export function pairedRatio(a: readonly number[], b: readonly number[], options: LevelOptions = {}): RatioEstimate {
  return ratioEstimate(logRatio(a, b), options)
}

/** Estimates a ratio from its logarithms, as `pairedRatio` does. */
export function ratioEstimate(logRatios: readonly number[], options: LevelOptions = {}): RatioEstimate {
  return { ...mapEstimate(tInterval(logRatios, options), Math.exp), pTwoSided: tTest(logRatios) }
}

/**
 * Returns log(a) − log(b), block by block. Throws `RangeError` for lists of different lengths and
 * for values that are not above zero.
 */
export function logRatio(a: readonly number[], b: readonly number[]): number[] {
  checkedNumbers('a', a, { above: 0 })
  checkedNumbers('b', b, { above: 0 })
  if (a.length !== b.length) {
    throw new RangeError(`Expected \`a\` and \`b\` to hold one value per block each, got ${a.length} and ${b.length}`)
  }
  const logB = logarithms('b', b)
  return logarithms('a', a).map((value, block) => value - logB[block]!)
}
