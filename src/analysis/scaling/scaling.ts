import { checkedOptions } from '../../check.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Selection, Treatment } from '../../study/treatment.js'
import { completeBlocks } from '../compare/complete-blocks.js'
import { type GroupOptions, groupTreatments } from '../compare/group-treatments.js'
import { defaultLevel } from '../defaults.js'
import type { Basis } from '../replicates/replicates.js'
import type { FTest } from '../statistics/least-squares.js'
import { logarithms, mean, standardDeviation } from '../statistics/numerics/moments.js'
import { levelsExcept, selectionPhrase } from '../text/levels.js'
import { lackOfFit } from './lack-of-fit.js'
import { compareScalingModels, type ScalingModel } from './scaling-models.js'
import type { ScalingObservations } from './scaling-observations.js'
import { fitUsl, type UslFit } from './usl.js'

/** Growth of throughput with workers, other factors held fixed. Plain data. */
export interface Scaling extends Basis {
  /** Names the kind of result. */
  readonly result: 'scaling'
  /** Name of the study. */
  readonly study: string
  /**
   * The fixed levels that distinguish this curve from others of the study; none where the study has
   * no others.
   */
  readonly fixed: Selection
  /** The fixed levels in words: "10K"; empty where there are none. */
  readonly at: string
  /** The first treatment of the curve; the others differ from it in `workers` alone. */
  readonly treatment: Treatment
  /** Confidence level of each interval, between 0 and 1. */
  readonly level: number
  /** Number of complete blocks: those in which every number of workers has a throughput. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /**
   * Records per second in every complete block, the differences between blocks taken out; in a
   * study in sessions the geometric means of each session, the differences between sessions taken
   * out.
   */
  readonly observations: ScalingObservations
  /** The fitted law, throughput in records per second, or the reason that there is none. */
  readonly fit: UslFit
  /**
   * Test of whether the law has the wrong form, against the spread of the blocks, or of the
   * sessions' means; null where it cannot be tested.
   */
  readonly lackOfFit: FTest | null
  /** Models that the throughputs can tell apart, best first; empty without a complete block. */
  readonly models: readonly ScalingModel[]
}

/** Options of `fitScaling`; `by` is `batchSize` where it is not given. */
export interface ScalingOptions extends GroupOptions {
  /**
   * Confidence level of the intervals.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * Fits the Universal Scalability Law (Gunther 1993) to throughput against workers, for each level
 * of other factors, each batch size by default. Noise counts as a share of throughput: the least
 * squares are those of the logarithms. What a block's trials share is taken out first: each
 * throughput is divided by its block's geometric mean and multiplied by that of all blocks. How far
 * blocks differ goes into the intervals of γ and of throughputs, which hold for blocks in general
 * where there are several. In a study in sessions all this is said of sessions, each with the
 * geometric means of its blocks, in place of blocks.
 *
 * @throws `RangeError` where other factors vary too, naming them.
 * @example
 * const scalings = fitScaling(study)
 * show(plotScaling(scalings))
 */
export function fitScaling(study: Study, options: ScalingOptions = {}): Scaling[] {
  checkedStudy(study)
  const {
    by = 'batchSize',
    where,
    level = defaultLevel,
  } = checkedOptions(options, { by: true, where: true, level: true })
  return groupTreatments(study, 'workers', { by, where }).map((group) => scalingOf(study, group, level))
}

function scalingOf(study: Study, treatments: readonly Treatment[], level: number): Scaling {
  const { rows: matrix, ...basis } = completeBlocks(study, treatments, 'recordsPerSecond')
  const observations = withoutBlocks(treatments, matrix)
  const empty = matrix.length === 0
  const fit: UslFit = empty
    ? { status: 'not-converged', reason: 'There is no complete block.' }
    : fitUsl(observations, { level })
  const fixed = levelsExcept(study, treatments[0]!, 'workers')
  return {
    result: 'scaling',
    study: study.plan.name,
    fixed,
    at: selectionPhrase(fixed).text,
    treatment: treatments[0]!,
    level,
    ...basis,
    observations,
    fit,
    lackOfFit: fit.status === 'converged' ? lackOfFit(observations, fit) : null,
    models: empty ? [] : compareScalingModels(observations),
  }
}

function withoutBlocks(treatments: readonly Treatment[], matrix: readonly (readonly number[])[]): ScalingObservations {
  if (matrix.length === 0) return { workers: [], throughput: [], noise: 'proportional', spentDegrees: 0 }
  const centres = matrix.map((row) => mean(logarithms('throughput', row)))
  const centre = mean(centres)
  return {
    workers: matrix.flatMap(() => treatments.map(({ workers }) => workers)),
    throughput: matrix.flatMap((row, block) => row.map((value) => value * Math.exp(centre - centres[block]!))),
    noise: 'proportional',
    spentDegrees: matrix.length - 1,
    levelVariance: matrix.length > 1 ? standardDeviation(centres) ** 2 / matrix.length : null,
  }
}

/** p value of the lack of fit below which the law counts as missing the means. */
export const lackOfFitAlpha = 0.05

/**
 * Returns whether the law was not fitted, or misses the means by more than the blocks' spread:
 * nothing can be concluded from it then.
 */
export function isMissed({ fit, lackOfFit }: Pick<Scaling, 'fit' | 'lackOfFit'>): boolean {
  return fit.status !== 'converged' || (lackOfFit !== null && lackOfFit.p < lackOfFitAlpha)
}
