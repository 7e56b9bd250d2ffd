import type { Plan } from '../plan.js'
import type { Study } from '../study.js'
import { sameTreatment } from '../treatment.js'
import { type FailedTrial, type Trial, type TrialError, trialsByBlock } from '../trial.js'
import { blockPlaces, type PlannedPlace, warmUpPlaces } from './schedule.js'
import { bySession, countedTrials } from './sessions.js'

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

/** The trials of a study or of its journal, with the sessions in which they ran. */
type Done = Pick<Study, 'contexts' | 'trials'> & Partial<Pick<Study, 'brokenOff'>>

/** What a journal holds that there is not yet. */
export const nothingDone: Done = { contexts: [], trials: [] }

/**
 * Returns the places of blocks that the plan asks for and the journal lacks, in run order: places
 * never run, and failed ones that may be run again. In a study in sessions a block that lacks one
 * lacks all of them, since another session runs it.
 */
export function missingPlaces(plan: Plan, done: Done): PlannedPlace[] {
  const open = triedPlaces(plan, done).filter((place) => !stands(place))
  const lacking = open.filter(({ counted }) => !isCompleted(counted))
  if (plan.blocksPerSession === null) return lacking.map(({ place }) => place)
  const blocks = new Set(lacking.map(({ place }) => place.block))
  return open.filter(({ place }) => blocks.has(place.block)).map(({ place }) => place)
}

/**
 * Returns the places that a call runs, for each of its sessions: the warm-up, and missing places. A
 * plan that is not in sessions has one.
 */
export function sessionPlaces(plan: Plan, done: Done): PlannedPlace[][] {
  const sessions = bySession(plan, missingPlaces(plan, done))
  return sessions.map((missing) => [...warmUpPlaces(plan), ...missing])
}

/** Returns the places of blocks that were run and have no completed trial, in run order. */
export function failedPlaces({ plan, stopped, ...done }: Pick<Study, 'plan' | 'stopped'> & Done): FailedPlace[] {
  return triedPlaces(plan, done)
    .filter(({ all, counted }) => failuresIn(all).length > 0 && !isCompleted(counted))
    .map((tried) => ({
      place: tried.place,
      failures: failuresIn(tried.all),
      standing: stands(tried) ? 'alike' : stopped ? 'ended' : null,
    }))
}

/**
 * Returns the failed trials of blocks whose place also has a completed trial, which counts instead;
 * in run order.
 */
export function repeatedTrials({ plan, ...done }: Pick<Study, 'plan'> & Done): FailedTrial[] {
  return triedPlaces(plan, done)
    .flatMap(({ all, counted }) => (isCompleted(counted) ? failuresIn(all) : []))
    .sort((a, b) => a.trial - b.trial)
}

/** Whether the study has every trial of its plan that can be run. */
export function isFinished(plan: Plan, { stopped, ...done }: Pick<Study, 'stopped'> & Done): boolean {
  return stopped !== null || missingPlaces(plan, done).length === 0
}

/** Returns the blocks in which every place was run, with or without success. */
export function triedBlocks(plan: Plan, done: Done): ReadonlySet<number> {
  const places = triedPlaces(plan, done)
  const open = new Set(places.filter(({ counted }) => counted.length === 0).map(({ place }) => place.block))
  return new Set(places.map(({ place }) => place.block).filter((block) => !open.has(block)))
}

interface TriedPlace {
  readonly place: PlannedPlace
  /** Its trials in the order in which they were run. */
  readonly all: readonly Trial[]
  /** Those of them that count. */
  readonly counted: readonly Trial[]
}

/** Returns the planned places, in run order, with their trials. */
function triedPlaces(plan: Plan, { contexts, trials, brokenOff = [] }: Done): TriedPlace[] {
  const done = brokenOff.length === 0 ? trials : [...trials, ...brokenOff].sort((a, b) => a.trial - b.trial)
  const counting = countedTrials(plan, { contexts, trials: done }).trials
  const [byBlock, countedByBlock] = [trialsByBlock(done), trialsByBlock(counting)]
  const placed = (place: PlannedPlace, blocks: ReadonlyMap<number, readonly Trial[]>): readonly Trial[] =>
    (blocks.get(place.block) ?? []).filter((trial) => isAt(place, trial))
  return Array.from({ length: plan.blocks }, (_, k) => blockPlaces(plan, k + 1))
    .flat()
    .map((place) => ({ place, all: placed(place, byBlock), counted: placed(place, countedByBlock) }))
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

function stands({ all }: Pick<TriedPlace, 'all'>): boolean {
  const last = failuresIn(all).slice(-failuresThatStand)
  return last.length === failuresThatStand && new Set(last.map(({ error }) => reasonOf(error))).size === 1
}

/**
 * Returns a text that is equal for alike failures: everything but the numbers in their messages,
 * such as workers, lines and checksums.
 */
function reasonOf({ name, sqlState, message }: TrialError): string {
  return JSON.stringify([name, sqlState, message.replace(/-?\d+/g, '0')])
}
