import { checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Estimate, LevelOptions } from './estimate.js'
import type { ExactTails } from './numerics/exact-tails.js'
import { midRanks } from './numerics/mid-ranks.js'
import { orderStatisticInterval } from './numerics/order-statistic-interval.js'
import { sortedQuantile } from './numerics/quantile.js'
import { walshAverages } from './numerics/walsh-averages.js'

/** Result of Wilcoxon's exact signed-rank test. */
export interface SignedRank {
  /**
   * Sum of the ranks of the positive differences; tied differences share the mean of their ranks.
   */
  readonly v: number
  readonly pTwoSided: number
  /** p value for the alternative that the differences lie above zero. */
  readonly pGreater: number
  /**
   * Hodges–Lehmann estimate of the centre, and its exact interval: null where `n` differences
   * cannot reach the level.
   */
  readonly estimate: Estimate
  /** Differences of exactly zero. The test leaves them out, the estimate keeps them. */
  readonly zeros: number
  /**
   * Whether differences were tied in size. The p values stay exact; the interval is then at least
   * as sure as it says.
   */
  readonly ties: boolean
}

/**
 * Tests whether paired differences lie about zero, by Wilcoxon's signed-rank test (Hollander &
 * Wolfe 1973, Nonparametric Statistical Methods, section 3.1), exact for any number of them. Zeros
 * are left out (Wilcoxon's way), and ties get mean ranks, whose own null distribution is
 * enumerated. The estimate is the median of all Walsh averages (Hodges & Lehmann 1963), in the
 * units of the differences; its interval is Tukey's, from their order statistics, and carries the
 * level that it achieves.
 *
 * @throws `TypeError` or `RangeError` for an empty list, for values that are no finite numbers, and
 * for a level that does not lie between 0 and 1.
 * @example
 * const test = signedRank([1.1, 0.4, 2.3, -0.2, 1.7, 0.9])
 * test.pTwoSided // 0.0625
 * test.estimate.value // 1.05
 */
export function signedRank(differences: readonly number[], { level = defaultLevel }: LevelOptions = {}): SignedRank {
  checkedNumber('level', level, { above: 0, below: 1 })
  const values = checkedNumbers('differences', differences)
  const nonZero = values.filter((value) => value !== 0)
  const { doubledRanks, tieSizes } = midRanks(nonZero.map(Math.abs))
  const doubledV = doubledRanks.reduce((sum, rank, k) => (nonZero[k]! > 0 ? sum + rank : sum), 0)
  const n = values.length
  const walsh = walshAverages(values)
  return {
    v: doubledV / 2,
    ...tailsOf(doubledRanks, doubledV, tieSizes.length > 0),
    estimate: {
      value: sortedQuantile(walsh, 0.5),
      interval: orderStatisticInterval(walsh, untiedDistribution(n), level),
      n,
    },
    zeros: n - nonZero.length,
    ties: tieSizes.length > 0,
  }
}

/**
 * Returns the smallest number of differences with which the exact signed-rank interval reaches a
 * level: 6 for 95 %.
 */
export function minDifferences(level: number): number {
  let n = 1
  while (2 ** (1 - n) > (1 - checkedNumber('level', level, { above: 0, below: 1 })) * (1 + 1e-12)) n++
  return n
}

/**
 * Computes the tails from the observed sum of doubled ranks on, itself included. Since its
 * distribution is symmetric, the larger tail is what the smaller one leaves, and the sum itself.
 */
function tailsOf(doubledRanks: readonly number[], doubledV: number, ties: boolean): ExactTails {
  const doubledTotal = doubledRanks.reduce((sum, rank) => sum + rank, 0)
  const doubledLess = Math.min(doubledV, doubledTotal - doubledV)
  const last = ties ? doubledLess : doubledLess / 2
  const probability = ties ? lowerDistribution(doubledRanks, last) : untiedDistribution(doubledRanks.length)
  let smaller = 0
  for (let sum = 0; sum <= last; sum++) smaller += probability[sum]!
  const larger = 1 - smaller + probability[last]!
  return { pGreater: doubledV === doubledLess ? larger : smaller, pTwoSided: Math.min(1, 2 * smaller) }
}

/**
 * Returns the probability of each sum of ranks up to `last`, half their total at most, when every
 * rank is positive with probability one half. The distribution is symmetric after every rank, so
 * that its upper half is that of its lower one.
 */
function lowerDistribution(ranks: readonly number[], last: number): Float64Array {
  const probability = new Float64Array(last + 1)
  probability[0] = 1
  let reached = 0
  // In ascending order the sums that are reached stay small for longest.
  for (const rank of Float64Array.from(ranks).sort()) {
    const half = Math.min(Math.floor((reached + rank) / 2), last)
    for (let sum = Math.floor(reached / 2) + 1; sum <= Math.min(half, reached); sum++) {
      probability[sum] = probability[reached - sum]!
    }
    for (let sum = half; sum >= rank; sum--) probability[sum] = (probability[sum]! + probability[sum - rank]!) / 2
    for (let sum = Math.min(rank - 1, half); sum >= 0; sum--) probability[sum]! /= 2
    reached += rank
  }
  return probability
}

let lastUntied: { readonly n: number; readonly probability: Float64Array } | null = null

/**
 * Returns the lower half of the null distribution of n ranks without ties. It is kept since a
 * study's contrasts have equally many pairs.
 */
function untiedDistribution(n: number): Float64Array {
  if (lastUntied?.n !== n) {
    const ranks = Array.from({ length: n }, (_, k) => k + 1)
    lastUntied = { n, probability: lowerDistribution(ranks, Math.floor((n * (n + 1)) / 4)) }
  }
  return lastUntied.probability
}
