import type { Waits, WorkerReading } from '../../study/readings.js'
import type { Treatment } from '../../study/treatment.js'
import type { CompletedTrial, CopyPart } from '../../study/trial.js'

/** True times of a trial, before noise, in milliseconds. */
export interface SimulatedTruth {
  readonly totalMs: number
  /**
   * Time in which a COPY is open.
   *
   * @default two fifths of the total time
   */
  readonly insertMs?: number
  /**
   * Shares of the time in COPY, by the state of the backend: 'cpu' or a wait event. They add up to
   * 1.
   */
  readonly events?: Readonly<Record<string, number>>
  /**
   * Share of 'cpu' for which the backend was on a core.
   *
   * @default 1
   */
  readonly onCore?: number
  readonly backendPssPeakBytes?: number
  readonly eventLoopUtilisation?: number
  /**
   * Share of the host's two cores that is busy.
   *
   * @default 0.8
   */
  readonly hostBusy?: number
  /**
   * Measured round trip, without noise.
   *
   * @default null, as in a study without a relay
   */
  readonly measuredRoundTripMs?: number
  /**
   * Time of extra work of the client, as it is measured.
   *
   * @default null: none
   */
  readonly clientWorkMs?: number | null
}

/**
 * Builds a completed trial whose times are the true ones times a factor. All other values follow
 * from them by fixed shares. `started` says when its session and it began.
 */
export function simulatedTrial(
  treatment: Treatment,
  truth: SimulatedTruth,
  { factor, records, observed }: { readonly factor: number; readonly records: number; readonly observed: boolean },
  {
    trial,
    block,
    position,
    phase,
    control,
  }: Pick<CompletedTrial, 'trial' | 'block' | 'position' | 'phase' | 'control'>,
  started: { readonly session: string; readonly trial: string },
): CompletedTrial {
  const totalMs = truth.totalMs * factor
  const insertMs = (truth.insertMs ?? truth.totalMs * 0.4) * factor
  const readMs = (totalMs - insertMs) * 0.2
  const analyseMs = (totalMs - insertMs) * 0.5
  const encodeMs = (totalMs - insertMs) * 0.25
  const parts = simulatedParts(treatment, records, totalMs, insertMs)
  const copyMs = parts.reduce((sum, part) => sum + part.copyMs, 0)
  const events = truth.events ?? { cpu: 0.8, 'LWLock:WALWrite': 0.1, 'Lock:extend': 0.1 }
  const workerReadings = Array.from({ length: treatment.workers }, (_, worker): WorkerReading => {
    const own = parts.filter((part) => part.worker === worker).reduce((sum, part) => sum + part.copyMs, 0)
    return {
      worker,
      backPressureMs: own * 0.1,
      backendCpuMs: own * (events.cpu ?? 0) * (truth.onCore ?? 1),
      backendQueueMs: own * (events.cpu ?? 0) * (1 - (truth.onCore ?? 1)),
      backendRssPeakBytes: 30 * 2 ** 20,
      backendPssPeakBytes: (truth.backendPssPeakBytes ?? 12 * 2 ** 20 * treatment.workers) / treatment.workers,
      walBytes: (records * 150) / treatment.workers,
      extendBytes: (records * 100) / treatment.workers,
      writeBytes: (records * 100) / treatment.workers,
    }
  })
  const total = (name: 'backPressureMs' | 'backendCpuMs' | 'backendQueueMs'): number =>
    workerReadings.reduce((sum, own) => sum + own[name]!, 0)
  const cpuMs = totalMs * 0.7
  const seconds = Array.from({ length: 8 }, (_, k) => (totalMs * k) / 7)
  return {
    // Spreading the five would cost more time than all else of a simulated study.
    trial,
    block,
    position,
    phase,
    control,
    treatment,
    state: 'completed',
    startedAt: started.trial,
    totalMs,
    insertMs,
    copyMs,
    readMs,
    analyseMs,
    clientWorkMs: truth.clientWorkMs ?? null,
    encodeMs,
    idleMs: Math.max(0, treatment.workers * totalMs - copyMs - encodeMs),
    connectMs: 12,
    measuredRoundTripMs: truth.measuredRoundTripMs ?? null,
    prepareMs: null,
    indexMs: null,
    indexWorkers: null,
    triggerMs: null,
    restoreMs: null,
    existingBytes: null,
    exitMs: null,
    fromCopyMs: null,
    betweenLinesMs: null,
    records,
    bytes: records * 60,
    badRecords: 0,
    checksum: '12345',
    connections: treatment.workers,
    backPressureMs: total('backPressureMs'),
    rssPeakBytes: (120 + 4 * treatment.workers) * 2 ** 20,
    clientCpuMs: cpuMs,
    eventLoopUtilisation: truth.eventLoopUtilisation ?? 0.7,
    eventLoopDelayP99Ms: 5,
    eventLoopDelayMaxMs: 20,
    gcMs: totalMs * 0.02,
    gcPauseMaxMs: 4,
    backendCpuMs: total('backendCpuMs'),
    backendQueueMs: total('backendQueueMs'),
    backendRssPeakBytes: 30 * 2 ** 20 * treatment.workers,
    backendPssPeakBytes: truth.backendPssPeakBytes ?? 12 * 2 ** 20 * treatment.workers,
    hostBusy: truth.hostBusy ?? 0.8,
    hostSteal: 0,
    hostOthers: 0.01,
    hostAvailableBytes: 2 ** 33,
    hostSwapPages: 0,
    cpuPressureMs: totalMs * 0.3,
    ioPressureMs: totalMs * 0.1,
    memoryPressureMs: 0,
    walBytes: records * 150,
    walRecords: records,
    walFullPages: 100,
    walSyncs: parts.length,
    walWriteMs: insertMs * 0.02,
    walSyncMs: insertMs * 0.05,
    extends: 200,
    extendBytes: records * 100,
    extendMs: insertMs * 0.03,
    writeBytes: records * 100,
    writeMs: insertMs * 0.03,
    checkpoints: 0,
    autovacuumSamples: 0,
    tableBytes: records * 100,
    indexBytes: records * 30,
    configurationLoadedAt: started.session,
    clockDriftMs: 0.1,
    distributedCommitMs: null,
    parts,
    workerReadings,
    indexSizes: null,
    nodes: null,
    waits: observed ? simulatedWaits(parts, treatment.workers, totalMs, events) : null,
    clientSeries: observed
      ? {
          atMs: seconds,
          rssBytes: seconds.map((_, k) => (110 + k) * 2 ** 20),
          cpuMs: seconds.map((_, k) => (cpuMs * k) / 7),
        }
      : null,
    serverSeries: observed
      ? {
          atMs: seconds,
          connections: seconds.map(() => treatment.workers + 2),
          workerConnections: seconds.map(() => treatment.workers),
          ownConnections: seconds.map(() => 2),
          backendCpuMs: seconds.map((_, k) => (total('backendCpuMs') * k) / 7),
          backendPssBytes: seconds.map((_, k) => (8 + k) * 2 ** 20 * treatment.workers),
          hostBusy: seconds.map((_, k) => (k === 0 ? 0 : 0.8)),
        }
      : null,
    interruptions: [],
    blockers: [],
    missing: observed
      ? {}
      : {
          waits: 'the simulation draws times alone',
          client: 'the simulation draws times alone',
          backends: 'the simulation draws times alone',
        },
  }
}

/**
 * Simulates a wait sample every 12 ms: idle outside COPY, else the events in their shares, spread
 * evenly by the golden ratio.
 */
function simulatedWaits(
  parts: readonly CopyPart[],
  workers: number,
  totalMs: number,
  events: Readonly<Record<string, number>>,
): Waits {
  const atMs = Array.from({ length: Math.floor(totalMs / 12) }, (_, k) => 6 + 12 * k)
  const names = ['idle', ...Object.keys(events)]
  const samples = Array.from({ length: workers }, (_, worker) => {
    const own = parts.filter((part) => part.worker === worker)
    return atMs.map((at, sample) => {
      if (!own.some(({ startMs, copyMs }) => at >= startMs && at < startMs + copyMs)) return 0
      let left = ((sample + worker / workers) * 0.618_033_988_75) % 1
      const found = Object.values(events).findIndex((share) => {
        left -= share
        return left < 0
      })
      return found < 0 ? names.length - 1 : found + 1
    })
  })
  const counts = names.map((event, index) => ({ event, count: samples.flat().filter((one) => one === index).length }))
  return {
    source: 'pg_stat_activity',
    samples: atMs.length,
    counts: counts.filter(({ count }) => count > 0),
    blockers: [],
    timeline: { atMs, events: names, workers: samples },
  }
}

/** Simulates one COPY per worker and batch, all of a batch's open from the same moment on. */
function simulatedParts(
  { workers, batchSize }: Treatment,
  records: number,
  totalMs: number,
  insertMs: number,
): CopyPart[] {
  const batches = Math.ceil(records / batchSize)
  return Array.from({ length: batches * workers }, (_, k) => {
    const batch = Math.floor(k / workers)
    return {
      worker: k % workers,
      batch,
      records: Math.min(batchSize, records - batch * batchSize) / workers,
      encodeMs: ((totalMs - insertMs) * 0.25) / batches / workers,
      startMs: ((batch + 1) * totalMs - insertMs) / batches,
      copyMs: insertMs / batches,
      commitMs: (insertMs * 0.2) / batches,
    }
  })
}
