import type { Context } from '../../../src/study/context.js'
import { journalPath } from '../../../src/study/journal/journal.js'
import { openJournal } from '../../../src/study/journal/write-journal.js'
import { makePlan, type PlanOptions } from '../../../src/study/make-plan.js'
import type { Plan } from '../../../src/study/plan.js'
import { missingPlaces, type PlannedPlace, warmUpPlaces } from '../../../src/study/schedule.js'
import type { CompletedTrial, FailedTrial, Part } from '../../../src/study/trial.js'

const described = { describe: () => ({ kind: 'made' }) }
const fits = { columns: [{ name: 'a', type: 'int4' }], primaryKey: [] } as const

/** A plan of two treatments, as it would be made for a real study. */
export function madePlan(changes: Partial<PlanOptions> = {}): Plan {
  return makePlan({
    name: 'made',
    server: described,
    input: { ...described, fits },
    factors: { workers: [2, 4], batchSize: 10_000 },
    blocks: 2,
    warmUpBlocks: 0,
    ...changes,
  })
}

/** What a session found, and what its trials must load. */
export const madeContext: Context = {
  startedAt: '2001-01-01T00:00:00.000Z',
  server: {
    kind: 'made',
    version: '18.4',
    versionNumber: 180_004,
    host: '127.0.0.1',
    port: 5432,
    database: 'copylab',
    settings: { fsync: 'on' },
    canCheckpoint: true,
    procRefusal: null,
    findings: [],
  },
  input: {
    name: 'made',
    files: 1,
    records: 60_000,
    badRecords: 0,
    badRecordExamples: [],
    checksum: '-123456789012345678901',
  },
  hardware: { cpu: 'made', cores: 2, memoryBytes: 2 ** 33 },
  os: { platform: 'linux', release: '6', arch: 'x64' },
  node: 'v20.19.0',
  packages: { copylab: '0.1.0' },
  git: null,
  findings: [],
}

export function parts(batches: number, workers: number, batchSize = 10_000): Part[] {
  return Array.from({ length: batches * workers }, (_, k) => ({
    worker: k % workers,
    batch: Math.floor(k / workers),
    records: batchSize / workers,
    startMs: Math.floor(k / workers) * 41.37 + (k % workers) * 3.21,
    copyMs: 21.5 + ((k * 7919) % 1300) / 100,
    encodeMs: 3 + ((k * 7127) % 290) / 100,
    commitMs: 1 + ((k * 6761) % 470) / 100,
  }))
}

/** Readings such as a trial of 2.4 s with as many workers as the parts have leaves behind. */
export function readings(ownParts: readonly Part[]) {
  const workers = 1 + Math.max(...ownParts.map((part) => part.worker))
  const events = [
    'idle',
    'cpu',
    'Client:ClientRead',
    'LWLock:WALWrite',
    'IO:WalSync',
    'Lock:extend',
    'LWLock:WALInsert',
  ]
  const looks = Array.from({ length: 200 }, (_, k) => k)
  const seconds = looks.slice(0, 12).map((k) => k * 207)
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
    hostAvailableBytes: 20_000_000_000,
    hostSwapPages: 0,
    cpuPressureMs: 1200.5,
    ioPressureMs: 310.5,
    memoryPressureMs: 0,
    walBytes: 112_000_000,
    walSyncs: 288,
    walWriteMs: 120.5,
    walSyncMs: 310.5,
    extends: 310,
    extendBytes: 90_000_000,
    extendMs: 45.5,
    writeBytes: 70_000_000,
    writeMs: 65.5,
    checkpoints: 0,
    autovacuumLooks: 0,
    tableBytes: 90_000_000,
    indexBytes: 20_000_000,
    configurationLoadedAt: '2001-01-01T00:00:00.000Z',
    clockDriftMs: 0.0625,
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
    waits: {
      source: 'pg_stat_activity' as const,
      looks: looks.length,
      counts: events.map((event, k) => ({ event, count: 100 + k })),
      blockers: [{ event: 'Lock:extend', by: 'worker' as const, count: 12 }],
      timeline: {
        atMs: looks.map((k) => 5 + 12 * k),
        events,
        workers: Array.from({ length: workers }, (_, worker) => looks.map((k) => (k * 7 + worker) % events.length)),
      },
    },
    clientSeries: {
      atMs: looks.slice(0, 48).map((k) => 50 * k),
      rssBytes: looks.slice(0, 48).map((k) => (150 + (k % 9)) * 2 ** 20),
      cpuMs: looks.slice(0, 48).map((k) => 47 * k),
    },
    serverSeries: {
      atMs: seconds,
      connections: seconds.map(() => workers + 2),
      backendCpuMs: seconds.map((at) => Math.floor(at * 0.9)),
      backendPssBytes: seconds.map((at) => 2 ** 20 + Math.floor(at) * 1024),
      hostBusy: seconds.map((_, k) => (k % 10) / 10),
    },
    missing: {},
  }
}

/** A trial of a place whose numbers agree with each other and with the context. */
export function madeTrial(
  trial: number,
  place: PlannedPlace,
  ownParts: readonly Part[] = parts(madeContext.input.records / 10_000, place.treatment.workers),
): CompletedTrial {
  const { workers } = place.treatment
  const copyMs = ownParts.reduce((sum, part) => sum + part.copyMs, 0)
  const [totalMs, encodeMs] = [2979.123456 + trial, 500.125]
  return {
    trial,
    ...place,
    state: 'completed',
    startedAt: '2001-01-01T00:00:01.000Z',
    totalMs,
    insertMs: 1800.9876,
    copyMs,
    readMs: 300.5,
    analyseMs: 900.25,
    encodeMs,
    idleMs: Math.max(0, workers * totalMs - copyMs - encodeMs),
    connectMs: 12.5,
    prepareMs: null,
    records: ownParts.reduce((sum, part) => sum + part.records, 0),
    bytes: 63_000_000,
    badRecords: 0,
    checksum: madeContext.input.checksum,
    connections: workers,
    ...readings(ownParts),
    parts: ownParts,
  }
}

/** A trial of a place that broke. */
export function brokenTrial(trial: number, place: PlannedPlace): FailedTrial {
  return {
    trial,
    ...place,
    state: 'failed',
    startedAt: '2001-01-01T00:00:02.000Z',
    error: { name: 'CopyError', message: 'no space', sqlState: '53100', worker: 1, batch: 3, firstRecord: 32_500 },
  }
}

/** Writes the journal of a finished study: a session with the warm-up and all blocks. Returns its path. */
export function writeJournal(folder: string, plan: Plan = madePlan(), context: Context = madeContext): string {
  const path = journalPath(folder, plan.name, plan.hash)
  const journal = openJournal(path)
  journal.plan(plan)
  journal.session(context)
  for (const [k, place] of [...warmUpPlaces(plan), ...missingPlaces(plan, [])].entries())
    journal.trial(madeTrial(k + 1, place))
  journal.close()
  return path
}

/** The lines of a journal as they were written before they carried numbers and digests. */
export function unsealed(lines: readonly string[]): string[] {
  return lines.map((line) => {
    const { line: _, digest: __, ...content } = JSON.parse(line) as Record<string, unknown>
    return JSON.stringify(content)
  })
}
