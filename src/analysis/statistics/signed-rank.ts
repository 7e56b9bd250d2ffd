import { checkedBetween, checkedValues } from './checked-values.js'
import type { Estimate, Interval, LevelOptions } from './estimate.js'
import { median } from './quantile.js'

/** What Wilcoxon's exact signed-rank test found. */
export interface SignedRank {
  /** Sum of the ranks of the positive differences; tied differences share the mean of their ranks. */
  readonly v: number
  readonly pTwoSided: number
  /** For the alternative that the differences lie above zero. */
  readonly pGreater: number
  /** Hodges–Lehmann estimate of the centre, and its exact interval: null where `n` differences cannot reach the level. */
  readonly estimate: Estimate
  /** Differences of exactly zero. The test leaves them out, the estimate keeps them. */
  readonly zeros: number
  /** Whether differences were tied in size. The p values stay exact; the interval is then at least as sure as it says. */
  readonly ties: boolean
}

/**
 * Wilcoxon's signed-rank test of paired differences (Hollander & Wolfe 1973, section 3.1), exact for any `n`: zeros are left out
 * (Wilcoxon's way) and ties get mean ranks, whose own null distribution is enumerated. The estimate is the median of all Walsh
 * averages (Hodges & Lehmann 1963), the interval Tukey's, from their order statistics; it carries the level that it achieves.
 */
export function signedRank(differences: readonly number[], { level = 0.95 }: LevelOptions = {}): SignedRank {
  checkedBetween('level', level, 0, 1)
  const values = checkedValues('differences', differences)
  const nonZero = values.filter((value) => value !== 0)
  const { doubledRanks, ties } = meanRanks(nonZero.map(Math.abs))
  const doubledV = doubledRanks.reduce((sum, rank, k) => (nonZero[k]! > 0 ? sum + rank : sum), 0)
  const probability = nullDistribution(doubledRanks)
  const pLess = sumOf(probability, 0, doubledV)
  const pGreater = sumOf(probability, doubledV, probability.length - 1)
  const walsh = walshAverages(values)
  return {
    v: doubledV / 2,
    pTwoSided: Math.min(1, 2 * Math.min(pLess, pGreater)),
    pGreater,
    estimate: { value: median(walsh), interval: tukeyInterval(walsh, values.length, level), n: values.length },
    zeros: values.length - nonZero.length,
    ties,
  }
}

/** The fewest differences with which the exact signed-rank interval reaches a level: 6 for 95 %. */
export function leastDifferences(level: number): number {
  let n = 1
  while (2 ** (1 - n) > (1 - checkedBetween('level', level, 0, 1)) * (1 + 1e-12)) n++
  return n
}

/** Ranks times two, so that the mean rank of two tied sizes is a whole number. */
function meanRanks(sizes: readonly number[]): { doubledRanks: number[]; ties: boolean } {
  const order = sizes.map((_, k) => k).sort((i, j) => sizes[i]! - sizes[j]!)
  const doubledRanks = new Array<number>(sizes.length)
  let ties = false
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && sizes[order[to]!] === sizes[order[from]!]) to++
    ties ||= to - from > 1
    for (let k = from; k < to; k++) doubledRanks[order[k]!] = from + 1 + to
    from = to
  }
  return { doubledRanks, ties }
}

/** Probability of each sum of ranks when every rank is positive with probability one half. */
function nullDistribution(ranks: readonly number[]): Float64Array {
  const total = ranks.reduce((sum, rank) => sum + rank, 0)
  const probability = new Float64Array(total + 1)
  probability[0] = 1
  let reached = 0
  for (const rank of ranks) {
    reached += rank
    for (let sum = reached; sum >= 0; sum--) {
      probability[sum] = (probability[sum]! + (sum >= rank ? probability[sum - rank]! : 0)) / 2
    }
  }
  return probability
}

function sumOf(probability: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let k = from; k <= to; k++) sum += probability[k]!
  return Math.min(1, sum)
}

/** The means of all pairs of values, each value with itself included, in ascending order. */
function walshAverages(values: readonly number[]): number[] {
  const averages = new Float64Array((values.length * (values.length + 1)) / 2)
  let k = 0
  for (let i = 0; i < values.length; i++) {
    for (let j = i; j < values.length; j++) averages[k++] = (values[i]! + values[j]!) / 2
  }
  return Array.from(averages.sort())
}

function tukeyInterval(walsh: readonly number[], n: number, level: number): Interval | null {
  const probability = nullDistribution(Array.from({ length: n }, (_, k) => k + 1))
  let tail = 0
  let cut = 0
  while (2 * (tail + probability[cut]!) <= (1 - level) * (1 + 1e-12)) tail += probability[cut++]!
  if (cut === 0) return null
  return { level: 1 - 2 * tail, lower: walsh[cut - 1]!, upper: walsh[walsh.length - cut]! }
}
