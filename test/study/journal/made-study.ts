import { missingPlaces, nothingDone } from '../../../src/study/blocks/attempts.js'
import { type PlannedPlace, warmUpPlaces } from '../../../src/study/blocks/schedule.js'
import type { Context } from '../../../src/study/context.js'
import type { Factors } from '../../../src/study/design.js'
import { journalPath, openJournal } from '../../../src/study/journal/journal.js'
import { makePlan, type PlanOptions } from '../../../src/study/make-plan.js'
import type { Plan } from '../../../src/study/plan.js'
import type { CompletedTrial, CopyPart, FailedTrial } from '../../../src/study/trial.js'

/** The input that the sessions of a made study loaded. */
const truth = { records: 60_000, checksum: '-123456789012345678901' }

/** A plan such as `runStudy` writes down, of a study that needs no server. */
export function madePlan(options: Partial<PlanOptions> = {}, factors: Factors = { workers: [2, 4] }): Plan {
  return makePlan({
    name: 'made',
    server: { describe: () => ({ kind: 'made' }) },
    input: { describe: () => ({ kind: 'made' }), fits: { columns: [{ name: 'id', type: 'int4' }], primaryKey: [] } },
    factors,
    blocks: 3,
    warmUpBlocks: 0,
    ...options,
  })
}

export const madeContext: Context = {
  startedAt: '2001-01-01T00:00:00.000Z',
  server: {
    kind: 'made',
    version: '18.4',
    versionNumber: 180_004,
    host: '127.0.0.1',
    port: 5432,
    database: 'made',
    settings: { fsync: 'on' },
    canCheckpoint: true,
    procRefusal: null,
    machine: null,
    storage: null,
    findings: [],
  },
  input: { name: 'made', files: 1, badRecords: 0, badRecordExamples: [], ...truth, contents: null },
  cluster: null,
  existingChecksum: null,
  existingRestore: null,
  serverLevels: null,
  hardware: { cpu: 'made', cores: 2, memoryBytes: 2 ** 34 },
  machine: null,
  syncTime: null,
  syncMissing: null,
  os: { platform: 'linux', release: '6', arch: 'x64' },
  node: 'v20.19.0',
  packages: { copylab: '0.1.0' },
  git: null,
  findings: [],
}

/** Parts of a load of all records, `batches` batches with a part for each worker. */
export function madeParts(batches: number, workers: number): CopyPart[] {
  const parts = batches * workers
  return Array.from({ length: parts }, (_, k) => ({
    worker: k % workers,
    batch: Math.floor(k / workers),
    records: Math.floor(((k + 1) * truth.records) / parts) - Math.floor((k * truth.records) / parts),
    startMs: Math.floor(k / workers) * 41.37 + (k % workers) * 3.21,
    copyMs: 21.5 + ((k * 7919) % 1300) / 100,
    encodeMs: 3 + ((k * 7127) % 290) / 100,
    commitMs: 1 + ((k * 6761) % 470) / 100,
  }))
}

/** Readings such as a trial of 2.4 s with n workers produces. */
function madeReadings(workers: number) {
  const events = [
    'idle',
    'cpu',
    'Client:ClientRead',
    'LWLock:WALWrite',
    'IO:WalSync',
    'Lock:extend',
    'LWLock:WALInsert',
  ]
  const samples = Array.from({ length: 200 }, (_, k) => k)
  const seconds = samples.slice(0, 12).map((k) => k * 207)
  return {
    backPressureMs: 312.25,
    rssPeakBytes: 180_000_000,
    clientCpuMs: 2500.5,
    eventLoopUtilisation: 0.812345,
    eventLoopDelayP99Ms: 21.125,
    eventLoopDelayMaxMs: 43.5,
    gcMs: 60.75,
    gcPauseMaxMs: 8.25,
    backendCpuMs: 2210.123456,
    backendQueueMs: 310.123456,
    backendRssPeakBytes: 120_000_000,
    backendPssPeakBytes: 60_000_000,
    hostBusy: 0.91234,
    hostSteal: 0.00123,
    hostOthers: 0.01234,
    hostAvailableBytes: 20_000_000_000,
    hostSwapPages: 0,
    cpuPressureMs: 1200.5,
    ioPressureMs: 310.5,
    memoryPressureMs: 0,
    walBytes: 112_000_000,
    walRecords: 1_440_000,
    walFullPages: 120,
    walSyncs: 288,
    walWriteMs: 120.5,
    walSyncMs: 310.5,
    extends: 310,
    extendBytes: 90_000_000,
    extendMs: 45.5,
    writeBytes: 70_000_000,
    writeMs: 65.5,
    checkpoints: 0,
    autovacuumSamples: 0,
    tableBytes: 90_000_000,
    indexBytes: 20_000_000,
    configurationLoadedAt: '2001-01-01T00:00:00.000Z',
    clockDriftMs: 0.0625,
    triggerMs: null,
    workerReadings: Array.from({ length: workers }, (_, worker) => ({
      worker,
      backPressureMs: 80.5,
      backendCpuMs: 550.25,
      backendQueueMs: 77.25,
      backendRssPeakBytes: 30_000_000,
      backendPssPeakBytes: 15_000_000,
      walBytes: 28_000_000,
      extendBytes: 22_000_000,
      writeBytes: 17_000_000,
    })),
    indexSizes: null,
    waits: {
      source: 'pg_stat_activity' as const,
      samples: samples.length,
      counts: events.map((event, k) => ({ event, count: 100 + k })),
      blockers: [{ event: 'Lock:extend', by: 'worker' as const, count: 12 }],
      timeline: {
        atMs: samples.map((k) => 5 + 12 * k),
        events,
        workers: Array.from({ length: workers }, (_, worker) => samples.map((k) => (k * 7 + worker) % events.length)),
      },
    },
    clientSeries: {
      atMs: samples.slice(0, 48).map((k) => 50 * k),
      rssBytes: samples.slice(0, 48).map((k) => (150 + (k % 9)) * 2 ** 20),
      cpuMs: samples.slice(0, 48).map((k) => 47 * k),
    },
    serverSeries: {
      atMs: seconds,
      connections: seconds.map(() => workers + 2),
      workerConnections: seconds.map(() => workers),
      ownConnections: seconds.map(() => 2),
      backendCpuMs: seconds.map((at) => Math.floor(at * 0.9)),
      backendPssBytes: seconds.map((at) => 2 ** 20 + Math.floor(at) * 1024),
      hostBusy: seconds.map((_, k) => (k % 10) / 10),
    },
    interruptions: [],
    blockers: [],
    missing: {},
  }
}

/** A completed trial at a place; every further one takes a little longer or shorter. */
export function madeTrial(number: number, place: PlannedPlace, batches = 3): CompletedTrial {
  const { workers, target } = place.treatment
  const parts = madeParts(batches, workers)
  const [copyMs, encodeMs] = [parts.reduce((sum, part) => sum + part.copyMs, 0), 500.125]
  const end = Math.max(...parts.map(({ startMs, copyMs }) => startMs + copyMs))
  const totalMs = Math.max(end, 2979.123456 + 100 * ((number * 7) % 5) - 200 * workers)
  return {
    trial: number,
    ...place,
    state: 'completed',
    startedAt: new Date(Date.UTC(2001, 0, 1) + 5000 * number).toISOString(),
    totalMs,
    insertMs: 0.6 * totalMs,
    copyMs,
    readMs: 300.5,
    analyseMs: 900.25,
    encodeMs,
    idleMs: Math.max(0, workers * totalMs - copyMs - encodeMs),
    connectMs: 12.5,
    measuredRoundTripMs: null,
    clientWorkMs: null,
    prepareMs: null,
    indexMs: null,
    indexWorkers: null,
    restoreMs: null,
    distributedCommitMs: null,
    nodes: null,
    existingBytes: null,
    exitMs: null,
    fromCopyMs: null,
    betweenLinesMs: null,
    bytes: 63_000_000,
    badRecords: 0,
    connections: workers,
    records: truth.records,
    checksum: target === 'table' ? truth.checksum : null,
    ...madeReadings(workers),
    parts,
  }
}

/** A trial that failed at a place. */
export function madeFailure(number: number, place: PlannedPlace): FailedTrial {
  return {
    trial: number,
    ...place,
    state: 'failed',
    startedAt: '2001-01-01T00:00:02.000Z',
    error: { name: 'CopyError', message: 'no space', sqlState: '53100', worker: 1, batch: 3, firstRecord: 32_500 },
  }
}

/** Every place that a plan has, in run order. */
export function placesOf(plan: Plan): PlannedPlace[] {
  return [...warmUpPlaces(plan), ...missingPlaces(plan, nothingDone)]
}

/** Writes the journal of a finished study; returns its path. */
export function writeStudy(folder: string, plan: Plan): string {
  const path = journalPath(folder, plan.name, plan.hash)
  const journal = openJournal(path)
  journal.plan(plan)
  journal.session(madeContext)
  for (const [k, place] of placesOf(plan).entries()) journal.trial(madeTrial(k + 1, place))
  journal.close()
  return path
}
