import { checkedInteger, checkedNumbers } from '../../../check.js'
import { makeRandom } from '../numerics/random.js'

/** How random patterns are drawn where there are too many for all of them. */
export interface RandomizationOptions {
  /**
   * Number of random patterns that represent all of them, 1 at least.
   *
   * @default 100_000
   */
  readonly resamples?: number
  /**
   * Seed of the random numbers, a whole number from 0.
   *
   * @default 1
   */
  readonly seed?: number
}

/** Result of the sign-flip test. */
export interface SignFlip {
  /** p value for the alternative that the differences are not symmetric about zero; never 0. */
  readonly pTwoSided: number
  /** Whether every pattern of signs was counted. */
  readonly exact: boolean
}

/** Largest number of differences of which every pattern of signs is counted. */
const maxEnumerated = 20

/**
 * Tests whether paired differences are symmetric about zero, by Fisher's randomisation test (1935,
 * The Design of Experiments, section 21): the p value is the share of all patterns of signs whose
 * sum is at least as far from zero as the observed one. Differences of zero are left out: their
 * signs change nothing. Beyond 20 others, random patterns are drawn and the observed one is counted
 * among them (Phipson & Smyth 2010). Sums that differ by less than 1e-12 of the sum of sizes count
 * as equal.
 *
 * @throws `TypeError` or `RangeError` for an empty list, for values that are no finite numbers, and
 * for `resamples` or a `seed` that is no whole number in its range.
 * @example
 * signFlip([1.1, 0.4, 2.3, -0.2, 1.7, 0.9]) // { pTwoSided: 0.0625, exact: true }
 */
export function signFlip(
  differences: readonly number[],
  { resamples = 100_000, seed = 1 }: RandomizationOptions = {},
): SignFlip {
  const sizes = checkedNumbers('differences', differences)
    .filter((value) => value !== 0)
    .map(Math.abs)
  checkedInteger('resamples', resamples, { from: 1 })
  let observed = 0
  let total = 0
  for (const value of differences) {
    observed += value
    total += Math.abs(value)
  }
  const bound = Math.abs(observed) - 1e-12 * total
  if (sizes.length <= maxEnumerated) return { pTwoSided: enumerated(sizes, bound), exact: true }
  return { pTwoSided: sampled(sizes, bound, resamples, seed), exact: false }
}

/**
 * Returns the share of patterns whose sum is at least `bound` away from zero. Half of them are
 * enough, since a pattern and its opposite agree.
 */
function enumerated(sizes: readonly number[], bound: number): number {
  const sums = new Float64Array(2 ** Math.max(0, sizes.length - 1))
  sums[0] = sizes[0] ?? 0
  let filled = 1
  for (const size of sizes.slice(1)) {
    for (let k = 0; k < filled; k++) {
      sums[filled + k] = sums[k]! - size
      sums[k]! += size
    }
    filled *= 2
  }
  let extreme = 0
  for (const sum of sums) if (Math.abs(sum) >= bound) extreme++
  return extreme / filled
}

function sampled(sizes: readonly number[], bound: number, resamples: number, seed: number): number {
  const random = makeRandom(seed)
  let extreme = 0
  for (let k = 0; k < resamples; k++) {
    let sum = 0
    let signs = 0
    for (let index = 0; index < sizes.length; index++) {
      if (index % 32 === 0) signs = random.integerBelow(2 ** 32)
      sum += signs & 1 ? sizes[index]! : -sizes[index]!
      signs >>>= 1
    }
    if (Math.abs(sum) >= bound) extreme++
  }
  return (1 + extreme) / (1 + resamples)
}
