import { checkedChoice, checkedOptions } from '../../check.js'
import { disturbedBlocks, undisturbedTrials } from '../../study/blocks/disturbed.js'
import { sessionAt } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { type Factor, type Treatment, varyingFactors } from '../../study/treatment.js'
import type { CompletedTrial, CopyPart, FailedTrial, Measurements, Trial, TrialPlace } from '../../study/trial.js'
import { metricValue } from '../metric-value.js'
import { describeTreatment } from '../text/levels.js'

/**
 * A completed trial as one flat row: place, treatment, measures, and the two speeds that follow
 * from them.
 */
export interface CompletedRow extends Omit<TrialPlace, 'treatment'>, Treatment, Omit<Measurements, 'checkpoints'> {
  readonly state: 'completed'
  readonly startedAt: string
  /** Number of the session that it ran in, from 1. */
  readonly session: number
  /**
   * Checkpoints begun during the trial, called `checkpoints` in a trial: a row also has the factor
   * of that name.
   */
  readonly checkpointsBegun: number | null
  /** Records loaded per second of `totalMs`; null when that is 0. */
  readonly recordsPerSecond: number | null
  /** Records loaded per second of `insertMs`; null when that is 0. */
  readonly recordsPerInsertSecond: number | null
  /** Reason that no analysis uses the trial's block; null where analyses do. */
  readonly leftOut: string | null
}

/** A failed trial as one flat row: place, treatment and the reason. */
export interface FailedRow extends Omit<TrialPlace, 'treatment'>, Treatment {
  readonly state: 'failed'
  readonly startedAt: string
  /** Number of the session that it ran in, from 1. */
  readonly session: number
  /** The error, in words. */
  readonly error: string
}

/** One trial as a flat row; `state` tells a completed trial from a failed one. */
export type TrialRow = CompletedRow | FailedRow

/**
 * One COPY as a flat row, with its trial and the factors that distinguish that trial's treatment
 * from others.
 */
export interface PartRow extends CopyPart, Pick<Treatment, 'workers' | 'batchSize'> {
  readonly trial: number
  readonly block: number
  /** The treatment in words: "1 worker, batches of 10,000". */
  readonly treatmentLabel: string
}

/**
 * Selection of the trials that become rows.
 *
 * @default the measured and completed ones
 */
export interface TrialRowsOptions {
  readonly phase?: 'measured' | 'control' | 'warm-up' | 'all'
  readonly state?: 'completed' | 'all'
}

/** Returns one flat row per trial, in run order; by default of the completed, measured trials. */
export function trialRows(study: Study, options: TrialRowsOptions & { readonly state: 'all' }): TrialRow[]
export function trialRows(study: Study, options?: TrialRowsOptions): CompletedRow[]
export function trialRows(study: Study, options: TrialRowsOptions = {}): TrialRow[] {
  checkedStudy(study)
  const { phase = 'measured', state = 'completed' } = checkedOptions(options, { phase: true, state: true })
  checkedChoice('phase', phase, ['measured', 'control', 'warm-up', 'all'])
  checkedChoice('state', state, ['completed', 'all'])
  const disturbed = disturbedBlocks(study)
  return study.trials
    .filter((trial) => (phase === 'all' || trial.phase === phase) && (state === 'all' || trial.state === 'completed'))
    .map((trial) => flat(trial, sessionAt(study, trial.startedAt) + 1, disturbed.get(trial.block)?.[0]?.reason ?? null))
}

/**
 * Returns one flat row per COPY of the completed, measured trials that analyses use: the parts of
 * the batches that the workers loaded.
 */
export function partRows(study: Study): PartRow[] {
  const varying = varyingFactors(study.plan.treatments)
  const named: readonly Factor[] = varying.length > 0 ? varying : ['workers', 'batchSize']
  return undisturbedTrials(study)
    .filter((trial): trial is CompletedTrial => trial.state === 'completed' && trial.phase === 'measured')
    .flatMap(({ trial, block, treatment, parts }) => {
      const { workers, batchSize } = treatment
      const place = { trial, block, treatmentLabel: describeTreatment(treatment, named), workers, batchSize }
      return parts.map((part) => ({ ...place, ...part }))
    })
}

function flat(trial: Trial, session: number, leftOut: string | null): TrialRow {
  return trial.state === 'completed' ? completedRow(trial, session, leftOut) : failedRow(trial, session)
}

function completedRow(completed: CompletedTrial, session: number, leftOut: string | null): CompletedRow {
  const { trial, block, position, phase, control, state, startedAt, treatment, ...rest } = completed
  const {
    parts,
    workerReadings,
    indexSizes,
    nodes,
    waits,
    clientSeries,
    serverSeries,
    interruptions,
    blockers,
    missing,
    checkpoints,
    ...measures
  } = rest
  return {
    trial,
    block,
    position,
    phase,
    control,
    state,
    startedAt,
    session,
    ...treatment,
    ...measures,
    checkpointsBegun: checkpoints,
    recordsPerSecond: metricValue(completed, 'recordsPerSecond'),
    recordsPerInsertSecond: metricValue(completed, 'recordsPerInsertSecond'),
    leftOut,
  }
}

function failedRow({ treatment, error, ...place }: FailedTrial, session: number): FailedRow {
  return { ...place, session, ...treatment, error: error.message }
}
