import { isFinished } from '../study/blocks/attempts.js'
import type { PlannedPlace } from '../study/blocks/schedule.js'
import type { Context } from '../study/context.js'
import type { Meanings } from '../study/factors/meanings.js'
import { readJournal } from '../study/journal/read-journal.js'
import { studyOf } from '../study/journal/studies.js'
import type { Plan } from '../study/plan.js'
import type { Progress, Study } from '../study/study.js'
import type { Trial } from '../study/trial.js'
import { readContext, refuseOtherMachine } from './environment.js'
import { DatabaseError } from './errors.js'
import type { Consent } from './footprint/consent.js'
import type { Input } from './input/input.js'
import { specOf } from './input/with-spec.js'
import {
  checkServerLevel,
  dividedSettings,
  readServerLevels,
  type ServerLevels,
  withServerLevel,
} from './interventions/settings/server-wide.js'
import { makeReporter } from './report.js'
import { clusterFindings, clusterOf, factsOfCluster } from './server/citus/node-facts.js'
import type { Connection, Server } from './server/server.js'
import { withClientProcess } from './session/child-session.js'
import { type OpenSessions, withOpenSession } from './session/open-session.js'
import type { SessionSetup } from './session/session.js'
import { startFindings } from './session/start-findings.js'
import { type LookAt, StudyRun } from './session/study-run.js'
import { tableFindings } from './table/table-findings.js'
import type { TrialTask } from './trial/trial.js'
import { type Survey, survey } from './verify/survey.js'
import { verifyFiles } from './verify/verify-files.js'

interface Measuring {
  readonly server: Server
  readonly input: Input
  readonly signal: AbortSignal
  readonly lookAt: LookAt
  readonly onProgress?: (progress: Progress) => void
  readonly onWarning?: (text: string) => void
  readonly yes?: Consent
}

/**
 * Runs the trials that the plan asks for and the journal lacks: in one session, or in each of the
 * plan's with a server and a client process started for it. Where a set of settings is of the whole
 * server, every trial follows a start of the server with its settings, and one unmeasured load. Its
 * caller holds the journal's lock.
 */
export async function measureStudy(plan: Plan, path: string, measuring: Measuring): Promise<Study> {
  const { server, input, signal, onWarning = () => {}, yes = false } = measuring
  const stored = readJournal(path)
  const reporter = makeReporter(plan, stored, measuring.onProgress)
  const onStep = (message: string): void => reporter.step('input', message)
  const onDisk = { study: plan.name, path, stored, onWarning: measuring.onWarning }
  const verifiedContents = () => verifyFiles(input, { ...onDisk, signal, onStep })
  // Another process may have finished the study while this one waited for it.
  if (stored && isFinished(plan, stored)) {
    await verifiedContents()
    const study = studyOf(plan, stored, 'disk', path)
    reporter.fromDisk(study)
    return study
  }
  const table = plan.table ?? input.fits
  const inputFiles = await input.files({ signal, onStep })
  const inSessions = plan.blocksPerSession !== null
  const surveyed = once(async (): Promise<Survey> => {
    const contents = await verifiedContents()
    reporter.step('input', 'reading the input once, for its checksum')
    const found = await survey(input, table, inputFiles, { signal, contents })
    if (found.facts.records === 0)
      throw new RangeError(`The input ${input.name} holds no records: check its files, offset and limit`)
    for (const { file } of found.files) {
      if (plan.treatments.some(({ client }) => client === 'threads')) specOf(file, 'thread')
      if (inSessions) specOf(file, 'session')
    }
    return found
  })
  const run = new StudyRun(plan, path, { stored, reporter, lookAt: measuring.lookAt })
  const trials = run.sessions.flat().map(({ treatment }) => treatment)
  // A consent holds for all sessions of a call.
  const consent = typeof yes === 'function' ? once(yes) : yes
  let previous = stored?.contexts.at(-1)
  let serverLevels: ServerLevels | null = null

  const using = { signal, onStep: (message: string) => reporter.step('server', message) }
  const setupOn = async (connection: Connection, meanings: Meanings): Promise<SessionSetup> => {
    const { probes, definition } = plan
    const cluster = await clusterOf(connection, { ...plan, study: plan.name, signal })
    // An unusable server is reported before the input, which may be long, is read.
    const { facts: truth, files } = await surveyed()
    const told = { onWait: reporter.waits, onWarning, yes: consent }
    const loaded = { input, table, definition, meanings, files, truth }
    return { study: plan.name, connection, ...loaded, probes, cluster, signal, ...told, trials }
  }
  const runSession = async (places: readonly PlannedPlace[], open: OpenSessions): Promise<void> => {
    const restarting = await server.use(async (connection) => {
      const { meanings, serverWide } = await dividedSettings(connection, plan, signal)
      const setup = await setupOn(connection, meanings)
      const facts = setup.cluster && factsOfCluster(setup.cluster)
      const found = { ...(await readContext(connection.facts, setup.truth)), cluster: facts }
      if (previous) refuseOtherMachine(previous, found, plan, path)
      return open(setup, plan.treatments, async (session) => {
        const { findings: ofSession, ...sessionFacts } = await session.facts()
        const findings = [
          ...found.findings,
          ...tableFindings(plan),
          ...ofSession,
          ...(facts ? clusterFindings(facts) : []),
          ...(inSessions ? startFindings(connection) : []),
        ]
        const context: Context = { ...found, ...sessionFacts, findings }
        if (previous) refuseOtherMachine(previous, context, plan, path)
        previous = context
        if (serverWide) return { context, meanings, serverWide }
        await run.runSession({ context, places, signal, run: session.run })
        return null
      })
    }, using)
    if (restarting === null) return
    const { context, meanings, serverWide } = restarting
    serverLevels ??= await readServerLevels(server, serverWide, using)
    const levels = serverLevels
    const runRestarted = (task: TrialTask): Promise<Trial> => {
      const { treatment } = task.place
      const level = treatment.settings
      return withServerLevel(server, level, serverWide[level] ?? {}, using, async (connection, found) => {
        checkServerLevel(level, levels[level] ?? {}, found)
        const setup = await setupOn(connection, meanings)
        return open(setup, [treatment], async (session) => {
          // It fills the buffers of the server, and the code of the client is compiled by it.
          const unmeasured = await session.run(task)
          return unmeasured.state === 'failed' ? unmeasured : session.run(task)
        })
      })
    }
    await run.runSession({ context: { ...context, serverLevels }, places, signal, run: runRestarted })
  }
  try {
    for (const places of run.sessions)
      await (inSessions ? withClientProcess((open) => runSession(places, open)) : runSession(places, withOpenSession))
  } catch (error) {
    throw error instanceof DatabaseError ? withKept(error, plan, path) : error
  }
  return run.done()
}

/** Returns a function that computes its value when it is first called, and keeps it. */
function once<A extends readonly unknown[], T>(compute: (...given: A) => T): (...given: A) => T {
  let first: { readonly value: T } | null = null
  return (...given) => {
    first ??= { value: compute(...given) }
    return first.value
  }
}

/** Adds the number of trials that are kept to the error that ends a study. */
function withKept(error: DatabaseError, { blocks }: Plan, path: string): DatabaseError {
  const stored = readJournal(path)
  if (!stored) return error
  const kept = stored.trials.filter(
    (trial) => trial.state === 'completed' && trial.block > 0 && trial.block <= blocks,
  ).length
  const count = kept === 0 ? 'No trial is' : kept === 1 ? '1 trial is' : `${kept} trials are`
  const [sentence, ...rest] = error.message.split('\n')
  const words = `${sentence}. ${count} kept; the same command continues`
  return new DatabaseError([words, ...rest].join('\n'), { cause: error.cause ?? error })
}
