import type { Treatment } from '../../study/treatment.js'
import type { CompletedTrial, TrialPlace } from '../../study/trial.js'
import { openMs } from '../load/dispatch.js'
import type { Load, Workers } from '../load/workers.js'
import type { BackendReading } from '../probes/backends.js'
import type { observeProcess } from '../probes/client.js'
import { clientReadings } from '../probes/observe-client.js'
import { probeOff, type ServerReadings } from '../probes/observe-server.js'
import type { Watched } from '../probes/standstills/watch-load.js'
import type { Build } from '../table/built-parts.js'
import type { MadeTable } from '../table/make-table.js'

/** Measurements of a trial before its content is verified. */
export type LoadedTrial = Omit<CompletedTrial, keyof TrialPlace | 'state' | 'startedAt' | 'records' | 'checksum'>

/** Measurements of a load by the client. */
export interface MeasuredLoad {
  readonly workers: Workers
  readonly loaded: Load
  readonly watched: Watched
  readonly observed: ReturnType<ReturnType<typeof observeProcess>> | null
  readonly connections: number
  /** What was made after the load; null for nothing. */
  readonly build: Build | null
  readonly made: MadeTable
}

/** Adds up the workers' times and combines them with the readings of all probes. */
export function loadedTrial(measured: MeasuredLoad, server: ServerReadings, treatment: Treatment): LoadedTrial {
  return { ...summarised(measured, treatment), ...merged(measured, server), ...interrupted(measured) }
}

function interrupted({ loaded, watched }: MeasuredLoad) {
  // A standstill at the beginning of the load may have begun before the clock started.
  const onClock = watched.interruptions.map((one) => ({ ...one, atMs: Math.max(0, one.atMs - loaded.clockStart) }))
  return { interruptions: onClock, blockers: watched.blockers }
}

function summarised(
  { workers, loaded, connections, build, made }: MeasuredLoad,
  { workers: workerCount, dispatch }: Treatment,
) {
  const { totalMs, readMs, analyseMs, encodeMs, bytes, badRecords, parts } = loaded
  const copyMs = sumOf(parts.map((part) => part.copyMs))
  return {
    totalMs: totalMs + (build?.ms ?? 0),
    insertMs: openMs(parts),
    copyMs,
    readMs,
    analyseMs,
    clientWorkMs: loaded.workMs,
    encodeMs,
    idleMs: Math.max(0, workerCount * totalMs - copyMs - (dispatch === 'split' ? encodeMs : 0)),
    connectMs: workers.connectMs,
    measuredRoundTripMs: workers.roundTripMs,
    prepareMs: workers.prepareMs,
    indexMs: build?.ms ?? null,
    indexWorkers: build?.workers ?? null,
    restoreMs: made.existing?.restoreMs ?? null,
    existingBytes: made.existing?.bytes ?? null,
    exitMs: null,
    fromCopyMs: null,
    betweenLinesMs: null,
    bytes,
    badRecords,
    connections,
    backPressureMs: sumOf(loaded.backPressureMs),
    parts,
  }
}

/**
 * Combines the readings of all probes; those of the backends are also added up over the workers.
 */
function merged({ loaded, observed }: MeasuredLoad, server: ServerReadings) {
  const client = clientReadings(loaded, observed)
  const workerReadings = server.workers.map((own, worker) => ({
    worker,
    backPressureMs: loaded.backPressureMs[worker] ?? 0,
    ...own,
  }))
  return {
    ...client.measures,
    ...server.measurements,
    ...totalOfBackends(server.workers),
    workerReadings,
    indexSizes: server.indexSizes,
    nodes: server.nodes,
    waits: server.waits,
    clientSeries: client.series,
    serverSeries: server.series,
    missing: { ...server.missing, ...(observed === null && { client: probeOff }) },
  }
}

/** Adds up what backends used; null where one of them has no reading, or there is none. */
export function totalOfBackends(workers: ServerReadings['workers']) {
  const total = (name: keyof BackendReading): number | null => {
    const values = workers.flatMap((own) => own[name] ?? [])
    return values.length === workers.length && workers.length > 0 ? sumOf(values) : null
  }
  return {
    backendCpuMs: total('backendCpuMs'),
    backendQueueMs: total('backendQueueMs'),
    backendRssPeakBytes: total('backendRssPeakBytes'),
    backendPssPeakBytes: total('backendPssPeakBytes'),
  }
}

function sumOf(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0)
}
