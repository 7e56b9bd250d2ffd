import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Factor, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'
import { type CompletedTrial, type Control, trialsByBlock } from '../../study/trial.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { type RatioEstimate, ratioEstimate } from '../statistics/paired-ratio.js'
import { logRatioOf, positiveValue } from './pair-blocks.js'

/**
 * Result of one control of a study: its ratio to the measured trial of the same treatment, within
 * blocks.
 */
export interface ControlResult extends Basis {
  readonly control: Control
  readonly treatment: Treatment
  /** Share by which the trial was slowed down; null for A/A. */
  readonly by: number | null
  /**
   * The ratio that is true by construction: 1 for A/A, 1.1 for a total time that was slowed down by
   * 10 %.
   */
  readonly expected: number
  /**
   * control / measured: geometric mean over blocks with Student's t interval of the log ratios, in
   * a study in sessions over sessions, of the means of theirs; null without a block.
   */
  readonly estimate: RatioEstimate | null
  /**
   * Whether the interval shows a difference: for a slow-down, on the expected side of 1; for A/A,
   * on either side, which should not be but happens by chance in 5 % of studies at a level of 95 %.
   * Null without an interval.
   */
  readonly detected: boolean | null
}

/**
 * Results of the controls of a study, for the metric of a comparison. Null where the study has no
 * such control, and where a slow-down does not touch the metric.
 */
export interface ComparisonControls {
  readonly result: 'controls'
  readonly metric: Metric
  /** The factors that vary in the study; words name its treatments by them. */
  readonly varying: readonly Factor[]
  readonly aa: ControlResult | null
  readonly slowdown: ControlResult | null
}

/** Evaluates the study's control trials for a metric. */
export function comparisonControls(study: Study, metric: Metric, level = defaultLevel): ComparisonControls {
  const { aa, slowdown } = study.plan.controls
  const slowed = slowdown ? slowedRatio(metric, slowdown.by) : null
  return {
    result: 'controls',
    metric,
    varying: varyingFactors(study.plan.treatments),
    aa: aa && controlResult(study, { control: 'aa', treatment: aa, by: null, expected: 1 }, metric, level),
    slowdown:
      slowdown && slowed !== null
        ? controlResult(study, { control: 'slowdown', ...slowdown, expected: slowed }, metric, level)
        : null,
  }
}

/**
 * Returns the ratio expected of a slow-down; null for a metric that it does not touch. The
 * slow-down waits after the load, so that it lengthens the total time and nothing measured inside
 * it.
 */
function slowedRatio(metric: Metric, by: number): number | null {
  if (metric === 'totalMs') return 1 + by
  return metric === 'recordsPerSecond' ? 1 / (1 + by) : null
}

function controlResult(
  study: Study,
  planned: Pick<ControlResult, 'control' | 'treatment' | 'by' | 'expected'>,
  metric: Metric,
  level: number,
): ControlResult {
  const { control, treatment } = planned
  const readValue = positiveValue(metric)
  const own = undisturbedTrials(study).filter(
    (trial): trial is CompletedTrial => trial.state === 'completed' && sameTreatment(trial.treatment, treatment),
  )
  const measured = trialsByBlock(own.filter(({ phase }) => phase === 'measured'))
  const pairs = own
    .filter((trial) => trial.phase === 'control' && trial.control === control)
    .flatMap((trial) => {
      const [partner] = measured.get(trial.block) ?? []
      const [a, b] = [readValue(trial, control), partner ? readValue(partner, 'the measured trial') : 'not run']
      return typeof a === 'number' && typeof b === 'number' ? [{ block: trial.block, a, b }] : []
    })
  const estimate = pairs.length === 0 ? null : ratioEstimate(replicateMeans(study, pairs, logRatioOf), { level })
  return { ...planned, ...basisOf(study, pairs), estimate, detected: detectedBy(estimate, planned.expected) }
}

function detectedBy(estimate: RatioEstimate | null, expected: number): boolean | null {
  if (!estimate?.interval) return null
  const { lower, upper } = estimate.interval
  return (expected <= 1 && upper < 1) || (expected >= 1 && lower > 1)
}
