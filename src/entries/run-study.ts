import { decideSequentially, primarySoFar } from '../analysis/compare/interim.js'
import { type StudyOptions as PlannedStudyOptions, runStudy as runPlanned } from '../executor/run-study.js'
import type { StopRule } from '../study/preregistration.js'
import type { Interim, Study } from '../study/study.js'

/** A rule to stop by. */
export interface StopOptions extends Omit<StopRule, 'bound'> {
  /** Default `obrien-fleming`. */
  readonly bound?: StopRule['bound']
  /** Who looks. Default `decideSequentially`. */
  readonly decide?: (study: Study) => Interim
}

export interface StudyOptions extends PlannedStudyOptions {
  /** Ends the study early, as soon as the primary contrast is decided. `blocks` is then the rule's `maxBlocks`. */
  readonly stop?: StopOptions
  /** What progress says of the study so far, after each block. Default: its primary contrast, where it registers one. */
  readonly interim?: (soFar: Study) => string
}

/**
 * Runs a study, continues an unfinished one, or reads a finished one back, in seeded complete blocks; each trial is appended to the journal as it ends.
 * A study that registers a primary contrast tells of it after every block, and ends by the rule that `stop` gives. Throws `TypeError` or `RangeError` for
 * options that make no sense, `DatabaseError` for a server that cannot be used, `BadRecordError` for an input that cannot be analysed, and `JournalError`
 * for a journal that was begun elsewhere; a trial that breaks is data and does not throw.
 *
 * @example
 * const study = await runStudy({ name: 'mine', input: flights(), factors: { workers: [1, 2, 4] }, blocks: 12 })
 */
export function runStudy(options: StudyOptions): Promise<Study> {
  const { stop, interim, ...planned } = options
  const rule = stop && { looks: stop.looks, bound: stop.bound, maxBlocks: stop.maxBlocks }
  return runPlanned({ ...planned, ...(rule ? { stop: rule } : {}) }, (soFar) => look(soFar, options))
}

function look(soFar: Study, { stop, interim }: StudyOptions): Interim | null {
  if (stop) return (stop.decide ?? decideSequentially)(soFar)
  if (interim) return { look: null, decided: false, text: interim(soFar) }
  if (!soFar.plan.registration) return null
  return { look: null, decided: false, text: primarySoFar(soFar) }
}
