import { nothingDone, sessionPlaces, triedBlocks } from '../../study/blocks/attempts.js'
import { type PlannedPlace, warmUpPlaces } from '../../study/blocks/schedule.js'
import type { Context } from '../../study/context.js'
import { openJournal } from '../../study/journal/journal.js'
import { asStored } from '../../study/journal/journal-trial.js'
import type { JournalContents } from '../../study/journal/read-journal.js'
import { studyOf } from '../../study/journal/studies.js'
import type { Plan } from '../../study/plan.js'
import type { BlockLook, EarlyStop, Interim, Study } from '../../study/study.js'
import type { Trial } from '../../study/trial.js'
import type { Reporter } from '../report.js'
import { executeTrial } from '../trial/trial.js'
import type { Session } from './session.js'

/** Analyses a study after each complete block; states its results and whether it may end. */
export type LookAt = (soFar: Study) => BlockLook

/** State that a run of trials continues from, and the receivers of its reports. */
export interface Run {
  readonly stored: JournalContents | null
  readonly context: Context
  readonly reporter: Reporter
  readonly lookAt: LookAt
}

/**
 * Runs the missing trials one after the other, appends each to the journal, and takes a look at the
 * study after every block.
 */
export async function runPlaces(session: Session, plan: Plan, path: string, run: Run): Promise<Study> {
  const { stored, context, reporter } = run
  const contexts = [...(stored?.contexts ?? []), context]
  const trials: Trial[] = [...(stored?.trials ?? [])]
  const damaged = stored?.damaged ?? []
  const warmUp = warmUpPlaces(plan)
  const places = sessionPlaces(plan, stored ?? nothingDone).flat()
  const looked = triedBlocks(plan, stored ?? nothingDone)
  const before = trials.length
  let stopped: EarlyStop | null = null
  const soFar = (): Study => studyOf(plan, { contexts, trials, stopped, damaged }, 'measured', path)
  const journal = openJournal(path)
  try {
    // An equal plan with another number of blocks is appended too: the last one counts.
    if (stored?.plan.blocks !== plan.blocks) journal.plan(plan)
    journal.session(context)
    for (const [ran, place] of places.entries()) {
      session.signal.throwIfAborted()
      reporter.begins(place, ran, places.length)
      const trial = await executeTrial(session, {
        place: { trial: (trials.at(-1)?.trial ?? 0) + 1, ...place },
        slowDownBy: place.control === 'slowdown' ? (plan.controls.slowdown?.by ?? 0) : 0,
      })
      journal.trial(trial)
      trials.push(asStored(trial))
      const look = endsBlock(places, ran) ? run.lookAt(soFar()) : null
      const interim = look?.interim ?? null
      // A block in which only a failed trial is run again had its look already, and the
      // preregistered level is that of one look.
      if (!looked.has(place.block)) stopped = earlyStop(interim, place, ran + 1 === places.length)
      reporter.ended(place, trial, ran + 1, places.length, look)
      if (ran + 1 === warmUp.length) refuseWhereAllFailed(trials.slice(-warmUp.length))
      if (endsBlock(places, ran) && ran + 1 < places.length) refuseWhereFailuresRepeat(trials.slice(before))
      if (stopped) {
        journal.stop(stopped)
        break
      }
    }
  } finally {
    journal.close()
  }
  const study = soFar()
  reporter.done(study, study.trials.length - (stored?.trials.length ?? 0))
  return study
}

function endsBlock(places: readonly PlannedPlace[], k: number): boolean {
  return places[k]!.phase !== 'warm-up' && places[k + 1]?.block !== places[k]!.block
}

/** Returns the early stop when the look decides; null when it does not, or after the last trial. */
function earlyStop(interim: Interim | null, { block }: PlannedPlace, isLast: boolean): EarlyStop | null {
  if (!interim?.decided || interim.look === null || isLast) return null
  return { look: interim.look, block, text: interim.text }
}

/**
 * Throws where every trial of a session failed with one SQLSTATE of class 23, an integrity
 * violation: what the records hold, and what the table allows, is equal in all others.
 */
function refuseWhereFailuresRepeat(trials: readonly Trial[]): void {
  const states = new Set(trials.map((trial) => (trial.state === 'failed' ? trial.error.sqlState : null)))
  const [first] = trials
  const [state] = states
  if (states.size > 1 || !state?.startsWith('23') || first?.state !== 'failed') return
  throw new Error(
    `Every trial failed since the table does not allow the records (SQLSTATE ${state}), so the study cannot go on. The first: ${first.error.message}`,
  )
}

function refuseWhereAllFailed(trials: readonly Trial[]): void {
  const errors = trials.map((trial) => (trial.state === 'failed' ? trial.error : null))
  const first = errors[0]
  if (first && errors.every((error) => error !== null)) {
    throw new Error(`Every warm-up trial failed, so the study cannot go on. The first: ${first.message}`)
  }
}
