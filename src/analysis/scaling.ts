import type { Study, Treatment } from '../executor/types.js'
import { completeBlocks } from './complete-blocks.js'
import { type GroupOptions, groupTreatments } from './group-treatments.js'
import { lackOfFit } from './models/lack-of-fit.js'
import { compareScalingModels, type ScalingModel } from './models/scaling-models.js'
import type { ScalingObservations } from './models/scaling-observations.js'
import { fitUsl } from './models/usl.js'
import type { UslFit } from './models/usl-fit.js'
import { bracketed } from './sentence.js'
import type { Estimate } from './statistics/estimate.js'
import type { FTest } from './statistics/least-squares.js'
import { logarithms, mean, standardDeviation } from './statistics/moments.js'
import { formatNumber } from './tables.js'
import { counted, levelsBeside } from './treatments.js'

/** How throughput grows with workers, other factors held fixed. Plain data. */
export interface Scaling {
  readonly study: string
  /** The fixed levels that tell this curve from others of the study, in words: "10K"; empty where the study has no others. */
  readonly at: string
  readonly treatment: Treatment
  readonly level: number
  readonly blocks: number
  /** Records per second in every complete block, what the blocks differ by taken out. */
  readonly observations: ScalingObservations
  readonly fit: UslFit
  /** Whether the law has the wrong form: against the spread of the blocks; null where that cannot be told. */
  readonly lackOfFit: FTest | null
  readonly models: readonly ScalingModel[]
  readonly sentence: string
}

export interface ScalingOptions extends GroupOptions {
  readonly level?: number
}

/**
 * Fits the Universal Scalability Law to throughput against workers, for each level of other factors (`batchSize` unless told). Noise counts as a
 * share of throughput: the least squares are those of the logarithms. What a block's trials share is taken out first: each throughput is divided by
 * its block's geometric mean and multiplied by that of all blocks. How far blocks differ goes into the intervals of γ and of throughputs, which hold
 * for blocks in general where there are several. Throws `RangeError` where other factors vary
 * too, naming them.
 */
export function fitScaling(study: Study, { by = 'batchSize', where, level = 0.95 }: ScalingOptions = {}): Scaling[] {
  return groupTreatments(study, 'workers', { by, where }).map((group) => scalingOf(study, group, level))
}

function scalingOf(study: Study, treatments: readonly Treatment[], level: number): Scaling {
  const matrix = completeBlocks(study, treatments, 'recordsPerSecond')
  const observations = withoutBlocks(treatments, matrix)
  const empty = matrix.length === 0
  const fit: UslFit = empty
    ? { status: 'not-converged', reason: 'There is no complete block.' }
    : fitUsl(observations, { level })
  const scaling = {
    study: study.plan.name,
    at: levelsBeside(study, treatments[0]!, 'workers'),
    treatment: treatments[0]!,
    level,
    blocks: matrix.length,
    observations,
    fit,
    lackOfFit: fit.status === 'converged' ? lackOfFit(observations, fit) : null,
    models: empty ? [] : compareScalingModels(observations),
  }
  return { ...scaling, sentence: scalingSentence(scaling) }
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

/** The worker count of the peak, or that there is none, and whether the law fits. */
function scalingSentence({ at, fit, blocks, lackOfFit: misfit }: Omit<Scaling, 'sentence'>): string {
  const where = at === '' ? '' : `${at}: `
  if (fit.status !== 'converged') return `${where}the scalability law was not fitted: ${fit.reason}`
  const peak = fit.peak
    ? `a ${peakText(fit.peak.workers)}, ${peakNumber(fit.peak.throughput.value)} records/s`
    : 'no interior peak: throughput does not fall with more workers'
  const doubt =
    misfit && misfit.p < 0.05
      ? `; the law misses the means by more than the blocks' spread (lack of fit, p ${misfit.p < 0.001 ? 'below 0.001' : misfit.p.toPrecision(2)}), so the peak is a smoothed one`
      : ''
  return `${where}${peak}, ${counted(blocks, 'block')}${doubt}`
}

/** Where a peak is, in words: "peak at 4.3 workers [3.9, 5.0]". */
export function peakText(workers: Estimate): string {
  return `peak at ${peakNumber(workers.value)} workers${bracketed(workers, peakNumber)}`
}

function peakNumber(value: number): string {
  return Number.isFinite(value) ? formatNumber(value, value < 10 ? 1 : 0) : 'no bound'
}
