import t from '@stdlib/stats-base-dists-t'
import { checkedNumber } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { BestOptions } from './means-with-best.js'
import { fewest } from './numerics/fewest.js'
import { checkedMatrix, type Matrix } from './numerics/matrix.js'
import { mean, standardDeviation } from './numerics/moments.js'

/**
 * Comparison of another treatment with the chosen one, within blocks and in the units of the
 * observations.
 */
export interface ComparedWithChosen {
  /** Column of the other treatment. */
  readonly treatment: number
  /** Difference by which its mean is worse than that of the chosen one: 0 or more. */
  readonly deficit: number
  /** Standard deviation of that difference from block to block. */
  readonly sd: number
  /**
   * Largest difference by which the chosen one is worse than the other; below 0 where the chosen
   * one is shown to be better.
   */
  readonly atMost: number
}

/**
 * The treatment with the best mean, and a bound of the cost of using it where another is the truly
 * best.
 */
export interface ChoiceRegret {
  /** Column of the chosen treatment; the first of equal ones. */
  readonly chosen: number
  /** All others, in the order of their columns. */
  readonly others: readonly ComparedWithChosen[]
  /**
   * Largest difference by which the chosen treatment is worse than the truly best one, in the units
   * of the observations; 0 where it is shown to be the best.
   */
  readonly upper: number
}

/**
 * Chooses the treatment with the best mean in complete blocks, rows for blocks and columns for
 * treatments, and bounds what the choice costs: how much worse than the truly best treatment, which
 * is unknown but fixed, the chosen one is at most, in the units of the observations. That none of
 * the others is worse than it by more than what Student's one-sided bound of their differences
 * within blocks says, each at 1 − (1 − level)/(treatments − 1), has at least the probability
 * `level` (Bonferroni); so whichever is chosen, however the data led to it, the greatest of its
 * bounds against all others holds (the argument of Edwards & Hsu 1983, Journal of the American
 * Statistical Association 78, 965–971). Every difference has its own standard deviation: treatments
 * may be unequally noisy and blocks may differ.
 *
 * @throws `TypeError` or `RangeError` for fewer than two rows or columns, for rows of different
 * lengths, for observations that are no finite numbers, and for a level that does not lie between 0
 * and 1.
 * @example
 * const times = [[10.1, 9.2, 9.0], [11.0, 9.8, 9.9], [10.4, 9.4, 9.1]]
 * const { chosen, upper } = choiceRegret(times, { goal: 'min' })
 * chosen // 2
 * upper // 0.3838
 */
export function choiceRegret(matrix: Matrix, { goal, level = defaultLevel }: BestOptions): ChoiceRegret {
  const rows = checkedMatrix('matrix', matrix, 2, 2)
  checkedNumber('level', level, { above: 0, below: 1 })
  const sign = goal === 'min' ? 1 : -1
  const costs = rows[0]!.map((_, column) => sign * mean(rows.map((row) => row[column]!)))
  const chosen = costs.indexOf(Math.min(...costs))
  const critical = criticalValue(costs.length - 1, rows.length, level)
  const others = costs.flatMap((_, treatment): ComparedWithChosen[] => {
    if (treatment === chosen) return []
    const differences = rows.map((row) => sign * (row[treatment]! - row[chosen]!))
    const deficit = mean(differences)
    const sd = standardDeviation(differences)
    return [{ treatment, deficit: deficit, sd, atMost: (critical * sd) / Math.sqrt(rows.length) - deficit }]
  })
  return { chosen, others, upper: Math.max(0, ...others.map(({ atMost }) => atMost)) }
}

/** Bound and confidence level of a regret that fresh blocks are to reach. */
export interface RegretBlocksOptions {
  readonly level?: number
  /** The bound to reach, in the units of the observations; above 0. */
  readonly upper: number
  /** Smallest number of blocks that is considered. */
  readonly least: number
}

/** Number of blocks at which the search stops: more than anyone runs. */
const maxBlocks = 10_000

/**
 * Returns the smallest number of fresh blocks, of the chosen treatment and the given others alone,
 * after which the bound of the regret is `upper` or less if means and standard deviations are as
 * they were found; null above 10,000.
 */
export function blocksForRegret(
  others: readonly Pick<ComparedWithChosen, 'deficit' | 'sd'>[],
  { level = defaultLevel, upper, least }: RegretBlocksOptions,
): number | null {
  const isEnough = (blocks: number): boolean => {
    const critical = criticalValue(others.length, blocks, level)
    return others.every(({ deficit, sd }) => (critical * sd) / Math.sqrt(blocks) - deficit <= upper)
  }
  return fewest(isEnough, least, maxBlocks)
}

/**
 * Returns the bound of Student's t that none of `comparisons` one-sided comparisons exceeds, by
 * Bonferroni's inequality.
 */
export function criticalValue(comparisons: number, blocks: number, level: number): number {
  return t.quantile(1 - (1 - level) / comparisons, blocks - 1)
}
