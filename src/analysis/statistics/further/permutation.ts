import { checkedInteger, checkedNumbers } from '../../../check.js'
import { mean } from '../numerics/moments.js'
import { makeRandom } from '../numerics/random.js'
import type { RandomizationOptions } from './sign-flip.js'

/** Result of the permutation test. */
export interface PermutationTest {
  /** Mean of a minus mean of b, in the units of the values. */
  readonly difference: number
  /** p value for the alternative that the mean of a is the greater; never 0. */
  readonly pGreater: number
  /** Twice the smaller of both tails, 1 at most; never 0. */
  readonly pTwoSided: number
  /** Whether every division of the values was counted. */
  readonly exact: boolean
}

/** Largest number of divisions of the values that are all counted. */
const maxEnumerated = 200_000

/**
 * Tests the difference of the means of two independent samples, a minus b in the units of the
 * values, by the permutation test (Pitman 1937): the p value is the share of all divisions of the
 * values into groups of the observed sizes whose difference is at least the observed one. Beyond
 * 200 000 divisions, random ones are drawn and the observed one is counted among them (Phipson &
 * Smyth 2010). Sums that differ by less than 1e-12 of the sum of distances from the mean count as
 * equal.
 *
 * @throws `TypeError` or `RangeError` for an empty list, for values that are no finite numbers, and
 * for `resamples` or a `seed` that is no whole number in its range.
 * @example
 * permutationTest([12.1, 11.8, 12.4, 12.0], [11.2, 11.5, 11.1, 11.9]).pTwoSided // 0.05714
 */
export function permutationTest(
  a: readonly number[],
  b: readonly number[],
  { resamples = 100_000, seed = 1 }: RandomizationOptions = {},
): PermutationTest {
  checkedNumbers('a', a)
  checkedNumbers('b', b)
  checkedInteger('resamples', resamples, { from: 1 })
  // The sum of the smaller group, with its sign changed when that is b, orders the divisions as the
  // difference of means does.
  const [chosen, rest, sign] = a.length <= b.length ? [a, b, 1] : [b, a, -1]
  const centre = mean([...chosen, ...rest])
  const values = [...chosen, ...rest].map((value) => sign * (value - centre))
  const observed = values.slice(0, chosen.length).reduce((sum, value) => sum + value, 0)
  const tolerance = 1e-12 * values.reduce((sum, value) => sum + Math.abs(value), 0)
  const tails = { greater: 0, less: 0 }
  const count = (sum: number): void => {
    if (sum >= observed - tolerance) tails.greater++
    if (sum <= observed + tolerance) tails.less++
  }
  const all = choose(values.length, chosen.length)
  const exact = all <= maxEnumerated
  if (exact) visitSums(values, chosen.length, count)
  else {
    count(observed)
    visitRandomSums(values, chosen.length, resamples, seed, count)
  }
  const counted = exact ? all : 1 + resamples
  return {
    difference: mean(a) - mean(b),
    pGreater: tails.greater / counted,
    pTwoSided: Math.min(1, (2 * Math.min(tails.greater, tails.less)) / counted),
    exact,
  }
}

/**
 * Returns the number of ways to choose some of n; exact up to the number that is enumerated, and
 * above it for larger numbers.
 */
function choose(n: number, chosen: number): number {
  let ways = 1
  for (let k = 1; k <= chosen && ways <= maxEnumerated; k++) ways = (ways * (n - chosen + k)) / k
  return ways
}

/** Visits the sum of each choice of `chosen` values. */
function visitSums(values: readonly number[], chosen: number, visit: (sum: number) => void, from = 0, sum = 0): void {
  if (chosen === 0) visit(sum)
  else
    for (let k = from; k <= values.length - chosen; k++) visitSums(values, chosen - 1, visit, k + 1, sum + values[k]!)
}

/** Visits the sums of random choices of n values: the first steps of Fisher and Yates's shuffle. */
function visitRandomSums(
  values: readonly number[],
  chosen: number,
  resamples: number,
  seed: number,
  visit: (sum: number) => void,
): void {
  const random = makeRandom(seed)
  const shuffled = [...values]
  for (let resample = 0; resample < resamples; resample++) {
    let sum = 0
    for (let k = 0; k < chosen; k++) {
      const other = k + random.integerBelow(shuffled.length - k)
      const value = shuffled[other]!
      shuffled[other] = shuffled[k]!
      shuffled[k] = value
      sum += value
    }
    visit(sum)
  }
}
