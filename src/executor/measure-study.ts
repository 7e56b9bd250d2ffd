import { displayPath } from '../project.js'
import type { Context } from '../study/context.js'
import { type JournalContents, openJournal, readJournal } from '../study/journal/journal.js'
import { JournalError } from '../study/journal/journal-error.js'
import { asStored } from '../study/journal/journal-trial.js'
import type { Plan } from '../study/plan.js'
import { missingPlaces, type PlannedPlace, warmUpPlaces } from '../study/schedule.js'
import type { EarlyStop, Interim, Progress, Study } from '../study/study.js'
import type { Trial } from '../study/trial.js'
import { changedMachine, readContext } from './environment.js'
import type { Input } from './input/input.js'
import { recipeOf } from './input/with-recipe.js'
import { observerFindings } from './probes/observers.js'
import { makeReporter, type Reporter } from './report.js'
import type { Server } from './server/server.js'
import { type Session, withSession } from './session.js'
import { executeTrial } from './trial/trial.js'
import { survey } from './verify/survey.js'

/** Looks at a study after each complete block: what is said of it, and whether it may end. Null where there is nothing to look at. */
export type LookAt = (soFar: Study) => Interim | null

interface Measuring {
  readonly server: Server
  readonly input: Input
  readonly signal: AbortSignal
  readonly lookAt: LookAt
  readonly onProgress?: (progress: Progress) => void
}

/** Whether a journal holds all that its plan asks for. */
export function isFinished(plan: Plan, { trials, stopped }: Pick<JournalContents, 'trials' | 'stopped'>): boolean {
  return stopped !== null || missingPlaces(plan, trials).length === 0
}

/** A study out of a plan and what its journal holds. */
export function studyOf(
  plan: Plan,
  { contexts, trials, stopped }: Pick<Study, 'contexts' | 'trials' | 'stopped'>,
  origin: Study['origin'],
  path: string,
): Study {
  const within = trials.filter((trial) => trial.block <= plan.blocks)
  return { plan, contexts, trials: within, stopped, origin, journal: displayPath(path) }
}

/** Runs what the plan asks for and the journal lacks, in one session. Its caller holds the journal's lock. */
export async function measureStudy(plan: Plan, path: string, measuring: Measuring): Promise<Study> {
  const { server, input, signal } = measuring
  const stored = readJournal(path)
  const reporter = makeReporter(plan, stored, measuring.onProgress)
  // Another process may have finished the study while this one waited for it.
  if (stored && isFinished(plan, stored)) {
    reporter.fromDisk()
    return studyOf(plan, stored, 'disk', path)
  }
  const table = plan.table ?? input.fits
  const inputFiles = await input.files({ signal, onStep: (message) => reporter.step('input', message) })
  reporter.step('input', 'reading the input once, for its checksum')
  const { facts: truth, files } = await survey(input, table, inputFiles, { signal })
  if (truth.records === 0)
    throw new RangeError(`The input ${input.name} holds no records: check its files, offset and limit`)
  if (plan.treatments.some(({ client }) => client === 'threads')) for (const { file } of files) recipeOf(file)

  return server.use(
    async (connection) => {
      const found = readContext(connection.facts, truth)
      const previous = stored?.contexts.at(-1)
      if (previous) refuseOtherMachine(previous, found, plan, path)
      const { probes, meanings, treatments } = plan
      const setup = { study: plan.name, connection, input, table, meanings, files, truth, probes, signal }
      return withSession(setup, treatments, async (session) => {
        const context = { ...found, findings: [...found.findings, ...observerFindings(session.observers)] }
        return runPlaces(session, plan, path, { stored, context, reporter, lookAt: measuring.lookAt })
      })
    },
    { signal, onStep: (message) => reporter.step('server', message) },
  )
}

interface Run {
  readonly stored: JournalContents | null
  readonly context: Context
  readonly reporter: Reporter
  readonly lookAt: LookAt
}

/** Runs the missing trials one after the other, writes each down, and looks at the study after every block. */
async function runPlaces(session: Session, plan: Plan, path: string, run: Run): Promise<Study> {
  const { stored, context, reporter } = run
  const contexts = [...(stored?.contexts ?? []), context]
  const trials: Trial[] = [...(stored?.trials ?? [])]
  const warmUp = warmUpPlaces(plan)
  const places = [...warmUp, ...missingPlaces(plan, trials)]
  let stopped: EarlyStop | null = null
  const soFar = (): Study => studyOf(plan, { contexts, trials, stopped }, 'measured', path)
  const journal = openJournal(path)
  try {
    // The same plan with another number of blocks is written down too: the last one stands.
    if (stored?.plan.blocks !== plan.blocks) journal.plan(plan)
    journal.session(context)
    for (const [ran, place] of places.entries()) {
      session.signal.throwIfAborted()
      reporter.begins(place, ran, places.length)
      const trial = await executeTrial(session, {
        place: { trial: trials.length + 1, ...place },
        slowDownBy: place.control === 'slowdown' ? (plan.controls.slowdown?.by ?? 0) : 0,
      })
      journal.trial(trial)
      trials.push(asStored(trial))
      const interim = endsBlock(places, ran) ? run.lookAt(soFar()) : null
      stopped = earlyStop(interim, place, ran + 1 === places.length)
      reporter.ended(place, trial, ran + 1, places.length, interim)
      if (ran + 1 === warmUp.length) refuseWhereAllFailed(trials.slice(-warmUp.length))
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

/** A look that decides ends the study, unless it was its last trial anyway. */
function earlyStop(interim: Interim | null, { block }: PlannedPlace, isLast: boolean): EarlyStop | null {
  if (!interim?.decided || interim.look === null || isLast) return null
  return { look: interim.look, block, text: interim.text }
}

function refuseOtherMachine(before: Context, now: Context, plan: Plan, path: string): void {
  const changes = changedMachine(before, now)
  if (changes.length === 0) return
  throw new JournalError(
    displayPath(path),
    null,
    `the study ${plan.name} was begun under other conditions (${changes.join('; ')}): give yours another name, or start anew with \`fresh: true\``,
  )
}

function refuseWhereAllFailed(trials: readonly Trial[]): void {
  const errors = trials.map((trial) => (trial.state === 'failed' ? trial.error : null))
  const first = errors[0]
  if (first && errors.every((error) => error !== null)) {
    throw new Error(`Every warm-up trial failed, so the study cannot go on. The first: ${first.message}`)
  }
}
