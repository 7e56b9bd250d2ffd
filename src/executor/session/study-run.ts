import { nothingDone, sessionPlaces, triedBlocks } from '../../study/blocks/attempts.js'
import { type PlannedPlace, sessionOf } from '../../study/blocks/schedule.js'
import type { Context } from '../../study/context.js'
import { openJournal } from '../../study/journal/journal.js'
import { asStored } from '../../study/journal/journal-trial.js'
import type { JournalContents } from '../../study/journal/read-journal.js'
import { studyOf } from '../../study/journal/studies.js'
import type { Plan } from '../../study/plan.js'
import type { BlockLook, EarlyStop, Interim, Study } from '../../study/study.js'
import type { Trial } from '../../study/trial.js'
import type { Reporter } from '../report.js'
import type { TrialTask } from '../trial/trial.js'
import { controlWorkUs } from './control-work.js'

/** Analyses a study after each complete block; states its results and whether it may end. */
export type LookAt = (soFar: Study) => BlockLook

/** State that a run of trials continues from, and the receivers of its reports. */
export interface RunOptions {
  readonly stored: JournalContents | null
  readonly reporter: Reporter
  readonly lookAt: LookAt
}

/** One session of a study: its context, its places, and what runs their trials. */
export interface SessionRun {
  readonly context: Context
  readonly places: readonly PlannedPlace[]
  readonly signal: AbortSignal
  run(task: TrialTask): Promise<Trial>
}

/** The trials that one call runs for a study, in one session or several. */
export class StudyRun {
  readonly #plan: Plan
  readonly #path: string
  readonly #options: RunOptions
  readonly #contexts: Context[]
  readonly #trials: Trial[]
  readonly #looked: ReadonlySet<number>
  readonly #before: number
  /** The places of each session that this call runs. */
  readonly sessions: readonly (readonly PlannedPlace[])[]
  #blocksStored: number | null
  #ran = 0
  #stopped: EarlyStop | null = null

  /** `path` is that of the journal, whose lock the caller holds. */
  constructor(plan: Plan, path: string, options: RunOptions) {
    const { stored } = options
    this.#plan = plan
    this.#path = path
    this.#options = options
    this.#contexts = [...(stored?.contexts ?? [])]
    this.#trials = [...(stored?.trials ?? [])]
    this.#looked = triedBlocks(plan, stored ?? nothingDone)
    this.#before = this.#trials.length
    this.sessions = sessionPlaces(plan, stored ?? nothingDone)
    this.#blocksStored = stored?.plan.blocks ?? null
  }

  /** The study with all trials so far. */
  soFar(): Study {
    const damaged = this.#options.stored?.damaged ?? []
    const [contexts, trials] = [[...this.#contexts], [...this.#trials]]
    return studyOf(this.#plan, { contexts, trials, stopped: this.#stopped, damaged }, 'measured', this.#path)
  }

  /** Reports the end, and returns the study. */
  done(): Study {
    const study = this.soFar()
    this.#options.reporter.done(study, this.#trials.length - this.#before)
    return study
  }

  /**
   * Runs the trials of a session one after the other, appends each to the journal, and takes a look
   * at the study after every block. Throws where what failed would fail in all others too.
   */
  async runSession({ context, places, signal, run }: SessionRun): Promise<void> {
    const plan = this.#plan
    const { reporter, lookAt } = this.#options
    const total = this.sessions.reduce((sum, own) => sum + own.length, 0)
    const begun = this.#trials.length
    const warmUp = places.filter(({ phase }) => phase === 'warm-up').length
    // The warm-up comes first, and is of no block.
    const session = sessionOf(plan, places.at(-1)!.block)
    const journal = openJournal(this.#path)
    try {
      // An equal plan with another number of blocks is appended too: the last one counts.
      if (this.#blocksStored !== plan.blocks) journal.plan(plan)
      this.#blocksStored = plan.blocks
      journal.session(context)
      this.#contexts.push(context)
      for (const [index, place] of places.entries()) {
        signal.throwIfAborted()
        const at = { ran: this.#ran, places: total, session }
        reporter.begins(place, at)
        const trial = await run({
          place: { trial: (this.#trials.at(-1)?.trial ?? 0) + 1, ...place },
          slowDownBy: place.control === 'slowdown' ? (plan.controls.slowdown?.by ?? 0) : 0,
          extraWorkUs: place.control === 'work' ? controlWorkUs(plan.controls, this.#trials.slice(begun)) : 0,
        })
        journal.trial(trial)
        this.#trials.push(asStored(trial))
        this.#ran++
        const look = endsBlock(places, index) ? lookAt(this.soFar()) : null
        const isLast = this.#ran === total
        // A block in which only a failed trial is run again had its look already, and the
        // preregistered level is that of one look.
        if (!this.#looked.has(place.block)) this.#stopped = earlyStop(look?.interim ?? null, place, isLast)
        reporter.ended(place, trial, { ...at, ran: this.#ran }, look)
        if (index + 1 === warmUp) refuseWhereAllFailed(this.#trials.slice(-warmUp))
        if (endsBlock(places, index) && !isLast) refuseWhereFailuresRepeat(this.#trials.slice(begun))
        if (this.#stopped) {
          journal.stop(this.#stopped)
          break
        }
      }
    } finally {
      journal.close()
    }
  }
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
