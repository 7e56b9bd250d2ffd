import { isFinished, nothingDone, sessionPlaces } from '../study/blocks/attempts.js'
import type { Context } from '../study/context.js'
import { readJournal } from '../study/journal/read-journal.js'
import { studyOf } from '../study/journal/studies.js'
import type { Plan } from '../study/plan.js'
import type { Progress, Study } from '../study/study.js'
import { readContext, refuseOtherMachine } from './environment.js'
import { DatabaseError } from './errors.js'
import type { Consent } from './footprint/consent.js'
import type { Input } from './input/input.js'
import { specOf } from './input/with-spec.js'
import { readSyncTime } from './probes/machine/sync-time.js'
import { observerFindings } from './probes/observers.js'
import { makeReporter } from './report.js'
import { clusterFindings, clusterOf, factsOfCluster } from './server/citus/node-facts.js'
import type { Server } from './server/server.js'
import { type LookAt, runPlaces } from './session/run-places.js'
import { withSession } from './session/session.js'
import { tableFindings } from './table/table-findings.js'
import { survey } from './verify/survey.js'
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
 * Runs the trials that the plan asks for and the journal lacks, in one session. Its caller holds
 * the journal's lock.
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

  // An unusable server is reported before the input, which may be long, is read.
  const using = server.use(
    async (connection) => {
      const cluster = await clusterOf(connection, { ...plan, study: plan.name, signal })
      const contents = await verifiedContents()
      reporter.step('input', 'reading the input once, for its checksum')
      const { facts: truth, files } = await survey(input, table, inputFiles, { signal, contents })
      if (truth.records === 0)
        throw new RangeError(`The input ${input.name} holds no records: check its files, offset and limit`)
      if (plan.treatments.some(({ client }) => client === 'threads')) for (const { file } of files) specOf(file)
      const facts = cluster && factsOfCluster(cluster)
      const found = { ...(await readContext(connection.facts, truth)), cluster: facts }
      const previous = stored?.contexts.at(-1)
      if (previous) refuseOtherMachine(previous, found, plan, path)
      const { probes, meanings, treatments, definition } = plan
      const trials = sessionPlaces(plan, stored ?? nothingDone)
        .flat()
        .map(({ treatment }) => treatment)
      const common = {
        study: plan.name,
        connection,
        input,
        table,
        definition,
        meanings,
        files,
        truth,
        probes,
        cluster,
        signal,
      }
      const setup = { ...common, onWait: reporter.waits, onWarning, yes, trials }
      return withSession(setup, treatments, async (session) => {
        const findings = [
          ...found.findings,
          ...tableFindings(plan),
          ...observerFindings(session.observers),
          ...(facts ? clusterFindings(facts) : []),
        ]
        const { existingChecksum, keptTables } = session
        const existingRestore = existingChecksum === null ? null : keptTables === null ? 'rows' : 'database'
        const sync = await readSyncTime(session)
        const context: Context = { ...found, ...sync, existingChecksum, existingRestore, findings }
        if (previous) refuseOtherMachine(previous, context, plan, path)
        return runPlaces(session, plan, path, { stored, context, reporter, lookAt: measuring.lookAt })
      })
    },
    { signal, onStep: (message) => reporter.step('server', message) },
  )
  return using.catch((error: unknown) => {
    throw error instanceof DatabaseError ? withKept(error, plan, path) : error
  })
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
