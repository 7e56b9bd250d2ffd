import { checkedOptions } from '../../check.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import {
  checkFactors,
  type Factor,
  factorEntry,
  type Level,
  levelsOf,
  type Selection,
  type Treatment,
} from '../../study/treatment.js'
import type { Basis } from '../replicates/replicates.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { mean } from '../statistics/numerics/moments.js'
import { tInterval } from '../statistics/t-interval.js'
import { completeBlocks } from './complete-blocks.js'

/** Two factors, and the treatments among which their interaction is estimated. */
export interface InteractionFactors {
  /** The factor whose effect is estimated. */
  readonly of: Factor
  /** The factor that the effect may depend on. */
  readonly by: Factor
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/** Options of `interaction`. */
export interface InteractionOptions extends InteractionFactors {
  /** The metric on which the effects are estimated. */
  readonly metric: Metric
  /**
   * Confidence level of the intervals.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * Estimate of how one factor's effect on a metric depends on another. Plain data: safe to print and
 * to write as JSON.
 */
export interface Interaction extends Basis {
  readonly result: 'interaction'
  readonly study: string
  readonly metric: Metric
  readonly of: Factor
  readonly by: Factor
  /** The lowest and the highest level of both factors. */
  readonly ends: { readonly of: readonly [Level, Level]; readonly by: readonly [Level, Level] }
  /** The ratio of two effects; null without a complete block. */
  readonly estimate: Estimate | null
  /** Number of complete blocks. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
}

/** The levels of two factors, from the lowest to the highest, of which a study ran every pair. */
export interface InteractionGrid {
  readonly of: readonly Level[]
  readonly by: readonly Level[]
}

/**
 * Estimates how the effect of the factor `of` depends on the factor `by`: the linear-by-linear
 * contrast of their scores in the logarithm of a metric, one value per complete block (Snedecor &
 * Cochran 1967, section 12.8), with Student's t interval over blocks, in a study in sessions over
 * the means of sessions. The score of a number is its
 * logarithm; of words, and of numbers with a zero among them, there are two levels with scores 0
 * and 1. Given as the ratio of two ratios: what doubling `of`, or its second level in place of the
 * first, does to the metric at the highest level of `by`, divided by what it does at the lowest.
 * Throws `RangeError` for a study without such a grid: see `interactionGrid`.
 */
export function interaction(study: Study, options: InteractionOptions): Interaction {
  const names = { of: true, by: true, where: true, metric: true, level: true } as const
  const { of, by, where, metric, level } = checkedOptions(options, names)
  checkFactors('of', [of])
  checkFactors('by', [by])
  const grid = interactionGrid(study, { of, by, where })
  if (!grid) {
    throw new RangeError(
      `Expected ${study.plan.name} to have run every pair of two or more levels of \`${of}\` and \`${by}\` and nothing else, with \`where\` ${JSON.stringify(where ?? {})}`,
    )
  }
  const ofScores = centred(scoresOf(grid.of)!)
  const byScores = scoresOf(grid.by)!
  const range = byScores.at(-1)! - byScores[0]!
  const overRange = centred(byScores.map((score) => score / range))
  const cells = grid.of.flatMap((own, k) =>
    grid.by.map((other, m) => ({
      treatment: study.plan.treatments.find((one) => fits(one, { ...where, [of]: own, [by]: other }))!,
      weight: ofScores[k]! * overRange[m]!,
    })),
  )
  const scale = cells.reduce((sum, { weight }) => sum + weight ** 2, 0)
  const { rows: matrix, ...basis } = completeBlocks(
    study,
    cells.map(({ treatment }) => treatment),
    metric,
  )
  const slopes = matrix.map((row) =>
    row.reduce((sum, value, cell) => sum + (cells[cell]!.weight * Math.log(value)) / scale, 0),
  )
  return {
    result: 'interaction',
    study: study.plan.name,
    metric,
    of,
    by,
    ends: { of: ends(grid.of), by: ends(grid.by) },
    estimate: slopes.length === 0 ? null : mapEstimate(tInterval(slopes, { level }), Math.exp),
    ...basis,
  }
}

/**
 * Returns the levels of which a study ran every pair, nothing else varying; null below two of
 * either, and where they have no order.
 */
export function interactionGrid(
  { plan }: Pick<Study, 'plan'>,
  { of, by, where = {} }: InteractionFactors,
): InteractionGrid | null {
  const own = plan.treatments.filter((one) => fits(one, where))
  const [ofLevels, byLevels] = [of, by].map((factor) => inOrder(factor, levelsOf(own, factor)))
  if (!ofLevels || !byLevels || own.length !== ofLevels.length * byLevels.length) return null
  return scoresOf(ofLevels) && scoresOf(byLevels) ? { of: ofLevels, by: byLevels } : null
}

const ends = (levels: readonly Level[]): [Level, Level] => [levels[0]!, levels.at(-1)!]

function fits(treatment: Treatment, where: Selection): boolean {
  return (Object.keys(where) as Factor[]).every((factor) => treatment[factor] === where[factor])
}

/**
 * Sorts levels: numbers ascending, off before on, words in the order in which the factor lists
 * them; null for levels without an order.
 */
function inOrder(factor: Factor, levels: readonly Level[]): readonly Level[] | null {
  if (levels.every((level) => typeof level === 'number')) return [...levels].sort((a, b) => a - b)
  const entry = factorEntry(factor)
  if (entry.kind === 'choice') return entry.levels.filter((level) => levels.includes(level))
  return entry.kind === 'switch' ? [false, true].filter((level) => levels.includes(level)) : null
}

/**
 * Returns the scores of levels; null where they have none: fewer than two, or more than two that
 * have no logarithm.
 */
function scoresOf(levels: readonly Level[]): number[] | null {
  if (levels.length < 2) return null
  if (levels.every((level) => typeof level === 'number' && level > 0))
    return levels.map((level) => Math.log2(Number(level)))
  return levels.length === 2 ? [0, 1] : null
}

function centred(scores: readonly number[]): number[] {
  const centre = mean(scores)
  return scores.map((score) => score - centre)
}
