import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { sameTreatment } from '../treatment.js'
import { type FailedTrial, type Trial, type TrialError, trialsByBlock } from '../trial.js'
import { blockPlaces, type PlannedPlace, warmUpPlaces } from './schedule.js'

/** A place of a block that was run and has no completed trial. */
export interface FailedPlace {
  readonly place: PlannedPlace
  /** The failed trials, at least one, in run order. */
  readonly failures: readonly FailedTrial[]
  /**
   * Reason why the place is not run again: its last failures are alike, or the study has ended
   * early. Null where the next call runs it.
   */
  readonly standing: 'alike' | 'ended' | null
}

/** Number of consecutive failures with alike messages after which a place is not run again. */
export const failuresThatStand = 3

/**
 * Returns the places of blocks that the plan asks for and the journal lacks, in run order: places
 * never run, and failed ones that may be run again.
 */
export function missingPlaces(plan: Plan, done: readonly Trial[]): PlannedPlace[] {
  return triedPlaces(plan, done)
    .filter(({ trials }) => !isCompleted(trials) && !stands(trials))
    .map(({ place }) => place)
}

/** Returns the places that a session runs: the warm-up, and the missing places. */
export function sessionPlaces(plan: Plan, done: readonly Trial[]): PlannedPlace[] {
  return [...warmUpPlaces(plan), ...missingPlaces(plan, done)]
}

/** Returns the places of blocks that were run and have no completed trial, in run order. */
export function failedPlaces({
  plan,
  trials: done,
  stopped,
}: Pick<Study, 'plan' | 'trials' | 'stopped'>): FailedPlace[] {
  return triedPlaces(plan, done)
    .filter(({ trials }) => trials.length > 0 && !isCompleted(trials))
    .map(({ place, trials }) => ({
      place,
      failures: failuresIn(trials),
      standing: stands(trials) ? 'alike' : stopped ? 'ended' : null,
    }))
}

/**
 * Returns the failed trials of blocks whose place also has a completed trial, which counts instead;
 * in run order.
 */
export function repeatedTrials({ plan, trials: done }: Pick<Study, 'plan' | 'trials'>): FailedTrial[] {
  return triedPlaces(plan, done)
    .flatMap(({ trials }) => (isCompleted(trials) ? failuresIn(trials) : []))
    .sort((a, b) => a.trial - b.trial)
}

/** Whether the study has every trial of its plan that can be run. */
export function isFinished(plan: Plan, { trials, stopped }: Pick<Study, 'trials' | 'stopped'>): boolean {
  return stopped !== null || missingPlaces(plan, trials).length === 0
}

/** Returns the blocks in which every place was run, with or without success. */
export function triedBlocks(plan: Plan, done: readonly Trial[]): ReadonlySet<number> {
  const places = triedPlaces(plan, done)
  const open = new Set(places.filter(({ trials }) => trials.length === 0).map(({ place }) => place.block))
  return new Set(places.map(({ place }) => place.block).filter((block) => !open.has(block)))
}

/**
 * Returns the planned places, in run order, each with its trials in the order in which they were
 * run.
 */
function triedPlaces(plan: Plan, done: readonly Trial[]): { place: PlannedPlace; trials: readonly Trial[] }[] {
  const byBlock = trialsByBlock(done)
  return Array.from({ length: plan.blocks }, (_, k) => blockPlaces(plan, k + 1))
    .flat()
    .map((place) => ({ place, trials: (byBlock.get(place.block) ?? []).filter((trial) => isAt(place, trial)) }))
}

/** Whether a trial of a block holds a place of it: the position follows from the other two. */
function isAt({ control, treatment }: PlannedPlace, trial: Trial): boolean {
  return trial.control === control && sameTreatment(trial.treatment, treatment)
}

function isCompleted(trials: readonly Trial[]): boolean {
  return trials.some(({ state }) => state === 'completed')
}

function failuresIn(trials: readonly Trial[]): FailedTrial[] {
  return trials.filter((trial): trial is FailedTrial => trial.state === 'failed')
}

function stands(trials: readonly Trial[]): boolean {
  const last = failuresIn(trials).slice(-failuresThatStand)
  return last.length === failuresThatStand && new Set(last.map(({ error }) => reasonOf(error))).size === 1
}

/**
 * Returns a text that is equal for alike failures: everything but the numbers in their messages,
 * such as workers, lines and checksums.
 */
function reasonOf({ name, sqlState, message }: TrialError): string {
  return JSON.stringify([name, sqlState, message.replace(/-?\d+/g, '0')])
}
