import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import { type PlannedControl, plannedControls } from '../../study/controls.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Factor, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'
import { type CompletedTrial, type Control, trialsByBlock } from '../../study/trial.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { mean } from '../statistics/numerics/moments.js'
import { type RatioEstimate, ratioEstimate } from '../statistics/paired-ratio.js'
import { logRatioOf, positiveValue } from './pair-blocks.js'

/**
 * Result of one control of a study: its ratio to the measured trial of the same treatment, within
 * blocks.
 */
export interface ControlResult extends Basis {
  readonly control: Control
  readonly treatment: Treatment
  /**
   * Share by which the control adds to the treatment: of its time for a slow-down, of the CPU time
   * of client and backends for extra work; null for a control that adds nothing.
   */
  readonly by: number | null
  /**
   * The ratio that is true by construction: 1 for A/A, 1.1 for a total time that was slowed down by
   * 10 %. Null where it is not known: what extra work and probes cost depends on what else waits.
   */
  readonly expected: number | null
  /**
   * Extra work that the client did, as its trials measured it; null for other controls, and where
   * no trial did any, since the warm-up did not tell the CPU time of client and backends.
   */
  readonly added: AddedWork | null
  /**
   * control / measured: geometric mean over blocks with Student's t interval of the log ratios, in
   * a study in sessions over sessions, of the means of theirs; null without a block.
   */
  readonly estimate: RatioEstimate | null
  /**
   * Whether the interval shows a difference: for a slow-down and for extra work, on the slower side
   * of 1; for A/A, on either side, which should not be but happens by chance in 5 % of studies at a
   * level of 95 %; without probes, on either side. Null without an interval.
   */
  readonly detected: boolean | null
}

/** Extra work of the client in the trials of a control. */
export interface AddedWork {
  /** Mean time of it in a trial, summed over threads, in milliseconds. */
  readonly ms: number
  /**
   * `ms` as a share of the mean total time of the measured trials: by so much they are slower where
   * one thread does all of it and nothing of it fills time that is waited for anyway.
   */
  readonly share: number
}

/**
 * Results of the controls of a study, for the metric of a comparison. Null where the study has no
 * such control, and where what it adds does not touch the metric.
 */
export interface ComparisonControls {
  readonly result: 'controls'
  readonly metric: Metric
  /** The factors that vary in the study; words name its treatments by them. */
  readonly varying: readonly Factor[]
  readonly aa: ControlResult | null
  readonly slowdown: ControlResult | null
  readonly work: ControlResult | null
  readonly unprobed: ControlResult | null
}

/** Evaluates the study's control trials for a metric. */
export function comparisonControls(study: Study, metric: Metric, level = defaultLevel): ComparisonControls {
  const results = new Map(
    plannedControls(study.plan.controls).map((planned) => [
      planned.control,
      controlResult(study, planned, metric, level),
    ]),
  )
  const resultOf = (control: Control): ControlResult | null => results.get(control) ?? null
  return {
    result: 'controls',
    metric,
    varying: varyingFactors(study.plan.treatments),
    aa: resultOf('aa'),
    slowdown: resultOf('slowdown'),
    work: resultOf('work'),
    unprobed: resultOf('unprobed'),
  }
}

/**
 * Returns the ratio of a metric in a load that lasts longer by a share; null for a metric that is
 * neither the total time nor taken from it: a slow-down waits after the load, and extra work is
 * done before a COPY.
 */
function slowedRatio(metric: Metric, by: number): number | null {
  if (metric === 'totalMs') return 1 + by
  return metric === 'recordsPerSecond' ? 1 / (1 + by) : null
}

function controlResult(study: Study, planned: PlannedControl, metric: Metric, level: number): ControlResult | null {
  const { control, treatment, by } = planned
  const slower = by === null ? 1 : slowedRatio(metric, by)
  if (slower === null) return null
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
      if (typeof a !== 'number' || typeof b !== 'number') return []
      if (control === 'work' && addedMs(trial, partner!) === null) return []
      return [{ block: trial.block, a, b, trial, partner: partner! }]
    })
  const estimate = pairs.length === 0 ? null : ratioEstimate(replicateMeans(study, pairs, logRatioOf), { level })
  const expected = control === 'aa' || control === 'slowdown' ? slower : null
  const added = control === 'work' ? addedWork(pairs) : null
  return { ...planned, ...basisOf(study, pairs), expected, added, estimate, detected: detectedBy(estimate, slower) }
}

/** Whether the interval lies on the side of 1 on which `slower` lies; on either one for 1. */
function detectedBy(estimate: RatioEstimate | null, slower: number): boolean | null {
  if (!estimate?.interval) return null
  const { lower, upper } = estimate.interval
  return (slower <= 1 && upper < 1) || (slower >= 1 && lower > 1)
}

interface ControlPair {
  readonly trial: CompletedTrial
  readonly partner: CompletedTrial
}

/** The time of the extra work of a control's trial; null where it did none. */
function addedMs(trial: CompletedTrial, partner: CompletedTrial): number | null {
  const ms = (trial.clientWorkMs ?? 0) - (partner.clientWorkMs ?? 0)
  return ms > 0 ? ms : null
}

function addedWork(pairs: readonly ControlPair[]): AddedWork | null {
  if (pairs.length === 0) return null
  const ms = mean(pairs.map(({ trial, partner }) => addedMs(trial, partner) ?? 0))
  return { ms, share: ms / mean(pairs.map(({ partner }) => partner.totalMs)) }
}
