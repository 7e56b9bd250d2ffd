import type { Treatment } from '../study/treatment.js'
import type { CompletedTrial, Trial, TrialError, TrialPlace } from '../study/trial.js'
import { cancellable } from './cancellable.js'
import { withSettings } from './connect.js'
import { CopyError, DatabaseError, LostRecordsError, sqlStateOf } from './errors.js'
import { openMs } from './load/dispatch.js'
import { withWorkers } from './load/with-workers.js'
import type { Load, LoadJob, Workers } from './load/workers.js'
import { observeProcess } from './probes/client.js'
import { clientReadings } from './probes/observe-client.js'
import { observeServer, probeOff, type ServerReadings, unobservedServer } from './probes/observe-server.js'
import { cancelConfig, type Session } from './session.js'
import { checkpoint, copySql, createTable, qualifiedTable } from './table.js'
import { checksumSql } from './verify/checksum.js'
import { countWorkers, endWorkers, workerPrefix } from './worker-backends.js'
import { workerSettings } from './worker-settings.js'

/** A trial that is to be run: its place, and the share by which it is slowed down as a positive control. */
export interface TrialTask {
  readonly place: TrialPlace
  readonly slowDownBy: number
}

/**
 * Runs one trial: makes the table anew, connects the workers, loads all records, verifies count and checksum. A trial that breaks
 * is returned as `failed`; an abort, or a server that is gone, throws. However it ends, no backend of its workers is left; where the server does not
 * end one in time, `DatabaseError` names it.
 */
export async function executeTrial(session: Session, { place, slowDownBy }: TrialTask): Promise<Trial> {
  const startedAt = new Date().toISOString()
  const { control, study, schema, connection, table, signal } = session
  if (place.treatment.target === 'table') {
    await onControl(session, async () => {
      await createTable(control, schema, table, place.treatment)
      if (connection.facts.canCheckpoint) await checkpoint(control)
    })
  }
  try {
    const loaded = await load(session, place, slowDownBy)
    const actual = await onControl(session, () => verify(session, loaded, place.treatment))
    return { ...place, state: 'completed', startedAt, ...loaded, ...actual }
  } catch (error) {
    await endWorkers(control, study).catch((left) => {
      if (!(left instanceof DatabaseError)) signal.throwIfAborted()
      throw left
    })
    signal.throwIfAborted()
    return { ...place, state: 'failed', startedAt, error: describeError(error) }
  }
}

/** Statements on the control connection, which an abort cancels: they may wait for a lock, or read all that was loaded. */
function onControl<T>(session: Session, run: () => Promise<T>): Promise<T> {
  return cancellable(session.control, cancelConfig(session), session.signal, run)
}

type Loaded = Omit<CompletedTrial, keyof TrialPlace | 'state' | 'startedAt' | 'records' | 'checksum'>

async function load(session: Session, { treatment }: TrialPlace, slowDownBy: number): Promise<Loaded> {
  const { control, study, observers, threads, signal } = session
  const measured = await withWorkers(jobOf(session, treatment, slowDownBy), threads, async (workers) => {
    const connectedBefore = await countWorkers(control, study)
    const observation = treatment.target === 'table' ? await observeServer(session, workers) : null
    try {
      const stopObserving = observers.probes.client ? observeProcess() : () => null
      const loaded = await workers.load().finally(stopObserving)
      await onControl(session, async () => observation?.stop(loaded))
      const connections = Math.max(connectedBefore, await countWorkers(control, study))
      // From an abort on the workers' connections are broken: what was read since is not their doing.
      signal.throwIfAborted()
      return { workers, loaded, observed: stopObserving(), connections, observation }
    } finally {
      await observation?.abandon()
    }
  })
  const readings = (await measured.observation?.readings()) ?? unobservedServer(treatment.workers)
  return { ...summarised(measured, treatment), ...merged(measured, readings) }
}

/** The job as the workers get it: where to connect to, and as whom. */
function jobOf(
  { study, schema, connection, input, table, files, observers, signal, meanings }: Session,
  treatment: Treatment,
  slowDownBy: number,
): LoadJob {
  const configs = Array.from({ length: treatment.workers }, (_, worker) => ({
    ...connection.config,
    application_name: `${workerPrefix(study)}${worker}`,
    options: withSettings(connection, workerSettings(treatment, meanings)),
  }))
  const server = { configs, copySql: copySql(schema, table, treatment.encoding) }
  return {
    input,
    table,
    files,
    treatment,
    server: treatment.target === 'table' ? server : null,
    slowDownBy,
    observeLoops: observers.probes.client,
    signal,
  }
}

interface Measured {
  readonly workers: Workers
  readonly loaded: Load
  readonly observed: ReturnType<ReturnType<typeof observeProcess>> | null
  readonly connections: number
}

function summarised({ workers, loaded, connections }: Measured, { workers: lanes, dispatch }: Treatment) {
  const { totalMs, readMs, analyseMs, encodeMs, bytes, badRecords, parts } = loaded
  const copyMs = sumOf(parts.map((part) => part.copyMs))
  return {
    totalMs,
    insertMs: openMs(parts),
    copyMs,
    readMs,
    analyseMs,
    encodeMs,
    idleMs: Math.max(0, lanes * totalMs - copyMs - (dispatch === 'split' ? encodeMs : 0)),
    connectMs: workers.connectMs,
    prepareMs: workers.prepareMs,
    bytes,
    badRecords,
    connections,
    backPressureMs: sumOf(loaded.backPressureMs),
    parts,
  }
}

/** The readings of all probes, those of the backends also added up over the workers. */
function merged({ loaded, observed }: Measured, server: ServerReadings) {
  const client = clientReadings(loaded, observed)
  const workerReadings = server.workers.map((own, worker) => ({
    worker,
    backPressureMs: loaded.backPressureMs[worker] ?? 0,
    ...own,
  }))
  const total = (name: keyof (typeof server.workers)[number]): number | null => {
    const values = server.workers.map((own) => own[name])
    return values.every((value) => value !== null) ? sumOf(values) : null
  }
  return {
    ...client.measures,
    ...server.measures,
    backendCpuMs: total('backendCpuMs'),
    backendQueueMs: total('backendQueueMs'),
    backendRssPeakBytes: total('backendRssPeakBytes'),
    backendPssPeakBytes: total('backendPssPeakBytes'),
    workerReadings,
    waits: server.waits,
    clientSeries: client.series,
    serverSeries: server.series,
    missing: { ...server.missing, ...(observed === null && { client: probeOff }) },
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}

/** Compares the table with the input; of the null trial, what was handed over. Throws `LostRecordsError` when they differ. */
async function verify(
  { control, schema, table, truth }: Session,
  { parts }: Loaded,
  { target }: Treatment,
): Promise<Pick<CompletedTrial, 'records' | 'checksum'>> {
  if (target === 'nothing') {
    const records = sumOf(parts.map((part) => part.records))
    if (records !== truth.records) throw new LostRecordsError(truth, { records, checksum: 'unknown' })
    return { records, checksum: null }
  }
  const found = await control.query<{ records: string; checksum: string }>(checksumSql(table, qualifiedTable(schema)))
  const actual = { records: Number(found.rows[0]?.records), checksum: String(found.rows[0]?.checksum) }
  if (actual.records !== truth.records || actual.checksum !== truth.checksum) throw new LostRecordsError(truth, actual)
  return actual
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
