import { withExtraWork } from '../../study/factors/client-work.js'
import { chosenProbes } from '../../study/readings.js'
import { mayRewrite } from '../../study/table/layout-of.js'
import { isByProgram, type Treatment } from '../../study/treatment.js'
import type { Trial, TrialError, TrialPlace } from '../../study/trial.js'
import { monotonicMs } from '../clock.js'
import { CopyError, DatabaseError, sqlStateOf } from '../errors.js'
import { qualifiedTable } from '../footprint/mark.js'
import { checkSteady } from '../interventions/checkpoints/steady.js'
import { clusterUnder } from '../server/citus/cluster.js'
import { namingLostNodes } from '../server/citus/lost-nodes.js'
import { nameOf } from '../server/connection-error.js'
import type { Session } from '../session/session.js'
import { checkEqual, type ExistingContent, withoutExisting } from '../table/existing-rows.js'
import { createTable, layoutKey, type MadeTable } from '../table/make-table.js'
import { loadedSum, tableSum, verifyContent } from '../verify/verify-content.js'
import { withCopiedTable } from './copied-table.js'
import { loadTrial } from './load-trial.js'
import { namingRecords } from './naming-records.js'
import { onControl } from './on-control.js'
import { loadByProgram } from './program-trial.js'
import { asksForCheckpoint, checkpoint } from './table.js'
import { endWorkers } from './worker-backends.js'

/** SQLSTATE `cannot_connect_now`, of a server that takes no new connections. */
const cannotConnectNow = '57P03'

/** A trial to run: its place, and what a control adds to the treatment. */
export interface TrialTask {
  readonly place: TrialPlace
  /** Share by which it is slowed down. */
  readonly slowDownBy: number
  /** Extra work of the client on a core with each record, in microseconds. */
  readonly extraWorkUs: number
}

/**
 * Runs one trial: creates an empty table, connects the workers, loads all records, verifies count
 * and checksum. A trial that fails is returned as `failed`; an abort, a file that has changed since
 * it was listed, or a server that is gone or shutting down, throws. However it ends, no backend of
 * its workers is left; where the server does not end one in time, `DatabaseError` names it.
 */
export async function executeTrial(session: Session, task: TrialTask): Promise<Trial> {
  const { treatment } = task.place
  const { keptTables } = session
  session.onEvent()
  session.input.checkUnchanged?.()
  await session.cores?.take(treatment.cores)
  const begun: Begun = { startedAt: new Date().toISOString(), at: monotonicMs() }
  if (keptTables !== null && treatment.target === 'table' && treatment.existingRows > 0) {
    return withCopiedTable(session, keptTables, treatment, (copied, made) => loadAndVerify(copied, task, made, begun))
  }
  const made =
    treatment.target === 'table'
      ? await onControl(session, () => madeTable(session, treatment)).catch(async (error: unknown) => {
          throw await namingLostNodes(error, session, { treatment, trialMs: monotonicMs() - begun.at })
        })
      : emptyTable
  return loadAndVerify(session, task, made, begun)
}

/** When a trial began: ISO 8601, UTC, and by `monotonicMs`. */
interface Begun {
  readonly startedAt: string
  readonly at: number
}

/** Runs a trial whose table is ready. */
async function loadAndVerify(
  session: Session,
  { place, slowDownBy, extraWorkUs }: TrialTask,
  made: MadeTable,
  { startedAt, at }: Begun,
): Promise<Trial> {
  const { control, study, schema, connection, table, signal, onEvent } = session
  const { treatment } = place
  const isTable = treatment.target === 'table'
  const naming = (error: unknown): Promise<unknown> =>
    namingLostNodes(error, session, { treatment, trialMs: monotonicMs() - at })
  try {
    if (made.existing) checkEqual(made.existing, firstOf(session, treatment, made.existing))
    onEvent()
    const load = isByProgram(treatment) ? loadByProgram : loadTrial
    const observed = place.control === 'unprobed' ? withoutProbes(session) : session
    const loaded = await load(observed, withExtraWork(treatment, extraWorkUs), { slowDownBy, made })
    onEvent()
    const found = isTable
      ? withoutExisting(await onControl(session, () => tableSum(control, table, qualifiedTable(schema))), made.existing)
      : loadedSum(loaded.parts)
    const content = isTable && mayRewrite(session, treatment) ? { ...found, checksum: null } : found
    verifyContent(session.truth, content)
    if (place.control !== 'unprobed')
      await onControl(session, () => checkSteady(control, treatment, loaded, content.records))
    return { ...place, state: 'completed', startedAt, ...loaded, ...content }
  } catch (error) {
    await endWorkers(control, study).catch((left) => {
      if (!(left instanceof DatabaseError)) signal.throwIfAborted()
      throw left
    })
    signal.throwIfAborted()
    // Those that are connected may stay while it shuts down, and no worker of a later trial could.
    if (describeError(error).sqlState === cannotConnectNow) {
      throw new DatabaseError(
        `PostgreSQL at ${nameOf(connection.facts)} is starting up or shutting down: try again in a moment`,
        { cause: error },
      )
    }
    return {
      ...place,
      state: 'failed',
      startedAt,
      error: describeError(await naming(await namingRecords(error, session))),
    }
  }
}

function withoutProbes(session: Session): Session {
  return { ...session, observers: { ...session.observers, probes: chosenProbes(false), triggerCounting: null } }
}

const emptyTable: MadeTable = { later: [], existing: null }

/** Makes the table, and writes all that was left to write. */
async function madeTable(session: Session, treatment: Treatment): Promise<MadeTable> {
  const made = await createTable(session, treatment)
  const { connection, control } = session
  if (asksForCheckpoint(treatment, connection.facts)) await checkpoint(control, clusterUnder(session, treatment))
  return made
}

/** What the table of this layout held before its first trial: `now` where this is the first. */
function firstOf({ existing }: Session, treatment: Treatment, now: ExistingContent): ExistingContent {
  const key = layoutKey(treatment)
  const first = existing.get(key) ?? now
  existing.set(key, first)
  return first
}

function describeError(error: unknown): TrialError {
  const { name, message } = error as { name?: string; message?: string }
  const place = error instanceof CopyError ? error : null
  return {
    name: name ?? 'Error',
    message: message ?? String(error),
    sqlState: place ? place.sqlState : sqlStateOf(error),
    worker: place?.worker ?? null,
    batch: place?.batch ?? null,
    firstRecord: place?.firstRecord ?? null,
  }
}
