import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Context } from '../../../src/study/context.js'
import { treatmentsOf } from '../../../src/study/design.js'
import { journalPath, openJournal, readJournal } from '../../../src/study/journal/journal.js'
import { JournalError } from '../../../src/study/journal/journal-error.js'
import { asStored } from '../../../src/study/journal/journal-trial.js'
import { listStudies, readStudies, readStudy } from '../../../src/study/journal/studies.js'
import { schemaVersion } from '../../../src/study/make-plan.js'
import type { Plan } from '../../../src/study/plan.js'
import { allProbes } from '../../../src/study/readings.js'
import { defaultTreatment } from '../../../src/study/treatment.js'
import type { CompletedTrial, FailedTrial, Part } from '../../../src/study/trial.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab journal '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const plan: Plan = {
  name: 'made',
  schemaVersion,
  hash: '0123456789ab',
  treatments: treatmentsOf({ workers: [2, 4] }),
  leftOut: [],
  meanings: {},
  table: null,
  controls: { aa: null, slowdown: null },
  probes: allProbes,
  blocks: 2,
  warmUpBlocks: 0,
  seed: 1,
  input: { kind: 'made' },
  server: { kind: 'made' },
  registration: null,
}
const context = { startedAt: '2001-01-01T00:00:00.000Z', node: process.version } as Context

function parts(batches: number, workers: number): Part[] {
  return Array.from({ length: batches * workers }, (_, k) => ({
    worker: k % workers,
    batch: Math.floor(k / workers),
    records: 10_000 / workers,
    startMs: Math.floor(k / workers) * 41.37 + (k % workers) * 3.21,
    copyMs: 21.5 + ((k * 7919) % 1300) / 100,
    encodeMs: 3 + ((k * 7127) % 290) / 100,
    commitMs: 1 + ((k * 6761) % 470) / 100,
  }))
}

/** Readings such as a trial of 2.4 s with as many workers as the parts have leaves behind. */
function readings(ownParts: readonly Part[]) {
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
    interruptions: [{ of: 'client' as const, atMs: 210.5, ms: 1_500.25 }],
    blockers: [{ pid: 4711, user: 'reports', application: 'psql', workers: [0, 2], waitedMs: 320.5 }],
    missing: {},
  }
}

function trial(number: number, ownParts: readonly Part[]): CompletedTrial {
  return {
    trial: number,
    block: 1,
    position: number,
    phase: 'measured',
    control: null,
    treatment: defaultTreatment,
    state: 'completed',
    startedAt: '2001-01-01T00:00:01.000Z',
    totalMs: 2979.123456,
    insertMs: 1800.9876,
    copyMs: 5200.1,
    readMs: 300.5,
    analyseMs: 900.25,
    encodeMs: 500.125,
    idleMs: 2000.75,
    connectMs: 12.5,
    prepareMs: null,
    records: 717_000,
    bytes: 63_000_000,
    badRecords: 0,
    checksum: '-123456789012345678901',
    connections: 4,
    ...readings(ownParts),
    parts: ownParts,
  }
}

const failed: FailedTrial = {
  trial: 2,
  block: 1,
  position: 2,
  phase: 'measured',
  treatment: { ...defaultTreatment, workers: 4 },
  control: null,
  state: 'failed',
  startedAt: '2001-01-01T00:00:02.000Z',
  error: { name: 'CopyError', message: 'no space', sqlState: '53100', worker: 1, batch: 3, firstRecord: 32_500 },
}

function write(): string {
  const path = journalPath(folder, 'made', plan.hash)
  const journal = openJournal(path)
  journal.plan(plan)
  journal.session(context)
  journal.trial(trial(1, parts(3, 2)))
  journal.trial(failed)
  journal.close()
  return path
}

describe('journal', () => {
  it('readJournal gives back what was appended, times to 10 µs', () => {
    const contents = readJournal(write())!
    expect(contents.plan).toEqual(plan)
    expect(contents.contexts).toEqual([context])
    expect(contents.trials[1]).toEqual(failed)
    const read = contents.trials[0] as CompletedTrial
    expect(read).toEqual(asStored(trial(1, parts(3, 2))))
    expect(read.totalMs).toBe(2979.123)
    const { waits, clientSeries, serverSeries, workerReadings } = trial(1, parts(3, 2))
    expect(read).toMatchObject({ waits, clientSeries, serverSeries, workerReadings })
    for (const [k, part] of parts(3, 2).entries()) {
      expect(read.parts[k]).toMatchObject({ worker: part.worker, batch: part.batch, records: part.records })
      expect(Math.abs(read.parts[k]!.startMs - part.startMs)).toBeLessThan(0.0051)
      expect(Math.abs(read.parts[k]!.copyMs - part.copyMs)).toBeLessThan(0.0051)
    }
  })

  it('readJournal passes over a torn last line, and openJournal cuts it off before the next', () => {
    const path = write()
    appendFileSync(path, '{"type":"trial","trial":{"tri')
    expect(readJournal(path)!.trials).toHaveLength(2)
    const journal = openJournal(path)
    journal.trial(failed)
    journal.close()
    expect(readJournal(path)!.trials).toHaveLength(3)
    expect(
      readFileSync(path, 'utf8')
        .split('\n')
        .slice(0, -1)
        .every((line) => JSON.parse(line)),
    ).toBe(true)
  })

  it('readJournal names the file and line of a line that is broken in the middle', () => {
    const path = write()
    const lines = readFileSync(path, 'utf8').split('\n')
    writeFileSync(path, [lines[0], 'garbage', ...lines.slice(2)].join('\n'))
    expect(() => readJournal(path)).toThrow(JournalError)
    expect(() => readJournal(path)).toThrow(/0123456789ab\.jsonl:2: not a line of JSON/)
  })

  it('readJournal refuses a journal of another format version', () => {
    const path = journalPath(folder, 'made', plan.hash)
    const journal = openJournal(path)
    journal.plan({ ...plan, schemaVersion: 99 })
    journal.close()
    expect(() => readJournal(path)).toThrow(/written in format 99/)
  })

  it('a study of 540 trials with their parts stays below 5 MB', () => {
    const path = journalPath(folder, 'made', plan.hash)
    const journal = openJournal(path)
    journal.plan(plan)
    journal.session(context)
    const levels = [1, 2, 3, 4, 6, 8].flatMap((workers) =>
      [10_000, 20_000, 30_000].map((batchSize) => ({ workers, batchSize })),
    )
    for (let block = 1; block <= 30; block++) {
      for (const { workers, batchSize } of levels)
        journal.trial(trial(block, parts(Math.ceil(717_000 / batchSize), workers)))
    }
    journal.close()
    expect(readJournal(path)!.trials).toHaveLength(540)
    expect(statSync(path).size).toBeLessThan(5_000_000)
  })
})

describe('readStudy', () => {
  it('readStudy reads the newest plan of a name, or the one asked for', () => {
    write()
    const other = { ...plan, hash: 'ba9876543210' }
    const journal = openJournal(journalPath(folder, 'made', other.hash))
    journal.plan(other)
    journal.session({ ...context, startedAt: '2002-01-01T00:00:00.000Z' })
    journal.close()
    expect(readStudy('made', { folder }).plan.hash).toBe(other.hash)
    expect(readStudy('made', { folder, hash: plan.hash }).trials).toHaveLength(2)
    expect(readStudy('made', { folder }).origin).toBe('disk')
    expect(listStudies(folder)).toEqual(['made'])
  })

  it('readStudies reads every plan of every name, the newest of a name first', () => {
    expect(readStudies({ folder })).toEqual([])
    write()
    for (const [name, hash, startedAt] of [
      ['made', 'ffffffffffff', '2002-01-01T00:00:00.000Z'],
      ['another', 'eeeeeeeeeeee', '2000-01-01T00:00:00.000Z'],
    ] as const) {
      const journal = openJournal(journalPath(folder, name, hash))
      journal.plan({ ...plan, name, hash })
      journal.session({ ...context, startedAt })
      journal.close()
    }
    const studies = readStudies({ folder })
    expect(studies.map((study) => `${study.plan.name} ${study.plan.hash}`)).toEqual([
      'another eeeeeeeeeeee',
      'made ffffffffffff',
      `made ${plan.hash}`,
    ])
    expect(studies[2]).toEqual(readStudy('made', { folder, hash: plan.hash }))
  })

  it('readStudy of a name that is not there says which are', () => {
    write()
    expect(() => readStudy('absent', { folder })).toThrow(/got "absent"; there are made/)
  })
})
