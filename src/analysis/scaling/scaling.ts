import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { completeBlocks } from '../compare/complete-blocks.js'
import { type GroupOptions, groupTreatments } from '../compare/group-treatments.js'
import { usualLevel } from '../defaults.js'
import type { Estimate } from '../statistics/estimate.js'
import type { FTest } from '../statistics/least-squares.js'
import { logarithms, mean, standardDeviation } from '../statistics/numerics/moments.js'
import { formatNumber } from '../tables/tables.js'
import { levelsBeside } from '../text/levels.js'
import { about, type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { countedThings, quoted, quotedP } from '../text/quoted.js'
import { boundMeanings, intervalPhrase } from '../text/sentence.js'
import { takenOver } from '../text/taken-over.js'
import { lackOfFit } from './lack-of-fit.js'
import { compareScalingModels, type ScalingModel } from './scaling-models.js'
import type { ScalingObservations } from './scaling-observations.js'
import { fitUsl } from './usl.js'
import type { UslFit, UslPeak } from './usl-fit.js'

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
  /** The numbers in `sentence`. */
  readonly numbers: readonly QuotedNumber[]
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
export function fitScaling(
  study: Study,
  { by = 'batchSize', where, level = usualLevel }: ScalingOptions = {},
): Scaling[] {
  return groupTreatments(study, 'workers', { by, where }).map((group) => scalingOf(study, group, level))
}

function scalingOf(study: Study, treatments: readonly Treatment[], level: number): Scaling {
  const matrix = completeBlocks(study, treatments, 'recordsPerSecond')
  const observations = withoutBlocks(treatments, matrix)
  const empty = matrix.length === 0
  const fit: UslFit = empty
    ? { status: 'not-converged', reason: 'There is no complete block.' }
    : fitUsl(observations, { level })
  const at = levelsBeside(study, treatments[0]!, 'workers')
  const scaling = {
    study: study.plan.name,
    treatment: treatments[0]!,
    level,
    blocks: matrix.length,
    observations,
    fit,
    lackOfFit: fit.status === 'converged' ? lackOfFit(observations, fit) : null,
    models: empty ? [] : compareScalingModels(observations),
  }
  const { text, numbers } = scalingPhrase(at, scaling)
  return { ...scaling, at: at.text, sentence: text, numbers }
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
function scalingPhrase(at: Phrase, scaling: Omit<Scaling, 'at' | 'sentence' | 'numbers'>): Phrase {
  const { fit, blocks, lackOfFit: misfit } = scaling
  const where = at.text === '' ? '' : phrase`${at}: `
  if (fit.status !== 'converged')
    return phrase`${where}the scalability law was not fitted: ${takenOver('reason', fit.reason, 'why')}`
  const doubt =
    misfit && misfit.p < misfitP
      ? phrase`; the law misses the means by more than the blocks' spread (lack of fit, p ${quotedP('lackOfFit', misfit.p, 'p of the lack of fit')}), so the peak is a smoothed one`
      : ''
  const basis = countedThings('blocks', blocks, 'block', 'complete blocks')
  const said = phrase`${where}${fit.peak ? peakPhrase(fit.peak) : noPeak}, ${basis}${doubt}`
  return about(`scalability law of ${scaling.study}${at.text === '' ? '' : ` at ${at.text}`}`, said)
}

/** Below this p of the lack of fit, the law is said to miss the means. */
export const misfitP = 0.05

const noPeak = 'no interior peak: throughput does not fall with more workers'

function peakPhrase({ workers, throughput }: UslPeak): Phrase {
  const height = quoted('throughput', throughput.value, peakNumber(throughput.value), 'records per second at the peak')
  return phrase`a ${peakWorkers(workers)}, ${height} records/s`
}

function peakWorkers(workers: Estimate): Phrase {
  const bounds = intervalPhrase(workers, (name, bound) =>
    Number.isFinite(bound) ? quoted(name, bound, peakNumber(bound), `${boundMeanings[name]}, workers`) : 'no bound',
  )
  return phrase`peak at ${quoted('peak', workers.value, peakNumber(workers.value), 'workers at the peak')} workers${bounds}`
}

/** Where a peak is, in words: "peak at 4.3 workers [3.9, 5.0]". */
export function peakText(workers: Estimate): string {
  return peakWorkers(workers).text
}

function peakNumber(value: number): string {
  return formatNumber(value, value < 10 ? 1 : 0)
}
