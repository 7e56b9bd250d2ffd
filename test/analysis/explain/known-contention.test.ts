import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect } from 'vitest'
import { reasonWords } from '../../../src/analysis/explain/explain-words.js'
import { workerTimes } from '../../../src/analysis/explain/worker-time.js'
import {
  type Activity,
  type ContributionName,
  type Explanation,
  explain,
  type Selection,
  sentencesOf,
} from '../../../src/entries/analysis.js'
import {
  embedded,
  type Input,
  type Progress,
  type Row,
  runStudy,
  type Study,
  type StudyOptions,
  synthetic,
} from '../../../src/entries/executor.js'
import { changedFile } from '../../executor/records-of.js'
import { useRunningServer } from '../../executor/running-server.js'
import { itAlone as it } from '../../quiet-machine.js'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab contention '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const measure = (options: Pick<StudyOptions, 'server' | 'input' | 'factors' | 'onProgress'>): Promise<Study> =>
  runStudy({ name: 'known', blocks: 4, warmUpBlocks: 1, folder, fresh: true, ...options })

/** Share of a treatment's worker time that went to an activity, over all its trials. */
function shareOf(study: Study, where: Selection, activity: Activity): number {
  const times = workerTimes(study, where)
  expect(times).toHaveLength(4)
  const sum = (value: (time: (typeof times)[number]) => number): number =>
    times.reduce((all, one) => all + value(one), 0)
  return sum((time) => time.ms[activity]) / sum((time) => time.wallMs)
}

/** The contribution that takes most of the time that was lost. */
const largestOf = ({ contributions }: Explanation): ContributionName =>
  contributions.reduce((a, b) => (b.perWorkerMs > a.perWorkerMs ? b : a)).name

/** The causes that interventions confirmed. */
const confirmed = ({ causes }: Explanation): string[] =>
  causes.filter(({ state }) => state === 'confirmed').map(({ name }) => name)

/**
 * Every pass over the input but the survey's, with what is done at its beginning, and to each row.
 */
function meddled(
  input: Input,
  each: { readonly begin?: () => Promise<void>; readonly row?: (row: Row) => Row },
): Input {
  let pass = 0
  return {
    ...input,
    files: async (given) => {
      const files = await input.files(given)
      return files.map((file, index) => ({
        ...file,
        async *read() {
          if (index === 0 && ++pass > 1) await each.begin?.()
          const { row } = each
          yield* (pass > 1 && row ? changedFile(file, input.fits, (given) => [row(given)]) : file).read()
        },
      }))
    },
  }
}

/** Tells which treatment's trial runs, by what the study says of its progress. */
function watched(): { onProgress: (progress: Progress) => void; runs: (words: string) => boolean } {
  let message = ''
  return {
    onProgress: (progress) => {
      message = progress.message
    },
    runs: (words) => message.includes(words),
  }
}

function busyFor(ms: number): void {
  for (const end = performance.now() + ms; performance.now() < end; );
}

describe('relation extension', () => {
  // With few buffers every new page has to wait for an old one to be written.
  const { server } = useRunningServer(embedded({ settings: { shared_buffers: '16MB' } }))

  it('explain names relation extension when 8 workers load wide rows into an unlogged table without index', async () => {
    const base = synthetic({ records: 60_000, width: 1_900, columns: 1 })
    const wide: Input = { ...base, fits: { ...base.fits, primaryKey: [] } }
    const study = await measure({
      server,
      input: wide,
      factors: {
        workers: [1, 8],
        batchSize: 1_000,
        dispatch: 'queue',
        encoding: 'binary',
        source: 'prepared',
        persistence: 'unlogged',
      },
    })
    const answer = explain(study, { from: { workers: 1 }, to: { workers: 8 } })
    expect(shareOf(study, { workers: 1 }, 'extension')).toBeLessThan(0.05)
    expect(shareOf(study, { workers: 8 }, 'extension')).toBeGreaterThan(0.3)
    expect(answer.lockShare!.change.interval!.lower).toBeGreaterThan(0.1)
    expect(answer.largest).toBe('extension')
    expect(largestOf(answer)).toBe('extension')
    expect(sentencesOf(answer)[1]).toMatch(/^Per worker, the largest contributions: .*relation extension \+/)
    expect(reasonWords(answer.reason).text).toMatch(
      /^Contention or client\? Of \+[\d,]+ ms \(.*?\), per worker: waits in the server \+/,
    )
  })
})

describe('syncs of WAL', () => {
  // On a fast disk a sync is over before a second commit waits for it; so each waits for two
  // milliseconds first.
  const { server } = useRunningServer(embedded({ settings: { commit_delay: '2000', commit_siblings: '0' } }))

  it('explain names WAL when tiny batches wait for their commits to reach the disk', async () => {
    const study = await measure({
      server,
      input: synthetic({ records: 30_000, width: 40, columns: 1 }),
      factors: { workers: 8, batchSize: 20, source: 'prepared', dispatch: 'queue', synchronousCommit: [false, true] },
    })
    const answer = explain(study, { from: { synchronousCommit: false }, to: { synchronousCommit: true } })
    expect(shareOf(study, { synchronousCommit: true }, 'wal')).toBeGreaterThan(
      5 * shareOf(study, { synchronousCommit: false }, 'wal'),
    )
    expect(answer.largest).toBe('wal')
    expect(largestOf(answer)).toBe('wal')
    expect(sentencesOf(answer)[1]).toMatch(/^Per worker, the largest contributions: WAL \+/)
    const events = new Set(
      study.trials.flatMap((trial) => (trial.state === 'completed' ? (trial.waits?.timeline?.events ?? []) : [])),
    )
    // Asleep in it, or at work in the kernel for it.
    expect([...events].map((event) => event.replace('cpu/', ''))).toContain('IO:WalSync')
  })
})

describe('known causes that an intervention takes away', () => {
  const { server } = useRunningServer()

  it('explain confirms WAL where every commit waits for ten milliseconds, and is not waited for', async () => {
    const study = await measure({
      server,
      input: synthetic({ records: 40_000, width: 60 }),
      factors: {
        workers: 2,
        batchSize: 1000,
        settings: { default: {}, slow: { commit_delay: '10000', commit_siblings: '0' } },
        synchronousCommit: [true, false],
      },
    })
    const answer = explain(study, { from: { settings: 'default' }, to: { settings: 'slow' } })
    expect(largestOf(answer)).toBe('wal')
    expect(confirmed(answer)).toEqual(['wal'])
  })

  it('explain confirms the network where round trips take 20 ms, and larger batches need few', async () => {
    const study = await measure({
      server,
      input: synthetic({ records: 100_000, width: 60 }),
      factors: { workers: 2, batchSize: [2000, 20_000], roundTripMs: [0, 20] },
    })
    const at = { batchSize: 2000 }
    const answer = explain(study, { from: { roundTripMs: 0, ...at }, to: { roundTripMs: 20, ...at } })
    expect(largestOf(answer)).toBe('network')
    expect(confirmed(answer)).toEqual(['network'])
    const network = answer.contributions.find(({ name }) => name === 'network')!
    expect(network.perWorkerMs / answer.changeMs!.value).toBeGreaterThan(0.8)
  })
})

describe('other contentions made on purpose', () => {
  const { server, connection } = useRunningServer()

  it('explain names locks, and the probe who holds them, when another session locks the table', async () => {
    const progress = watched()
    const locker = new pg.Client(connection().config)
    await locker.connect()
    let unlocked: Promise<unknown> = Promise.resolve()
    const input = meddled(synthetic({ records: 4_000, width: 60 }), {
      begin: async () => {
        if (!progress.runs('2 workers')) return
        await locker.query('BEGIN; LOCK TABLE "copylab_known".records IN SHARE MODE')
        // Longer waits leave their block out of every analysis.
        unlocked = locker.query('SELECT pg_sleep(0.08); COMMIT')
      },
    })
    const study = await measure({
      server,
      input,
      factors: { workers: [1, 2], batchSize: 1_000 },
      onProgress: progress.onProgress,
    }).finally(() => unlocked.then(() => locker.end()))
    const answer = explain(study, { from: { workers: 1 }, to: { workers: 2 } })
    expect(shareOf(study, { workers: 2 }, 'locks')).toBeGreaterThan(0.5)
    expect(shareOf(study, { workers: 1 }, 'locks')).toBeLessThan(0.02)
    expect(answer.largest).toBe('locks')
    expect(largestOf(answer)).toBe('locks')
    const blockers = study.trials.flatMap((trial) => (trial.state === 'completed' ? (trial.waits?.blockers ?? []) : []))
    expect(blockers.find(({ event }) => event === 'Lock:relation')).toMatchObject({ by: 'other session' })
  })

  it('explain names the client when analysing is slowed down', async () => {
    const progress = watched()
    const slow = (row: Row): Row => {
      if (progress.runs('2 workers')) busyFor(0.05)
      return row
    }
    const study = await measure({
      server,
      input: meddled(synthetic({ records: 6_000, width: 60 }), { row: slow }),
      factors: { workers: [1, 2], batchSize: 500, dispatch: 'queue' },
      onProgress: progress.onProgress,
    })
    const answer = explain(study, { from: { workers: 1 }, to: { workers: 2 } })
    expect(shareOf(study, { workers: 2 }, 'client')).toBeGreaterThan(0.8)
    expect(answer.largest).toBe('client')
    expect(largestOf(answer)).toBe('client')
    expect(reasonWords(answer.reason).text).toMatch(
      /^Contention or client\? Of \+[\d,]+ ms \(.*?\), per worker: waits for the client and for other workers \+/,
    )
    const waits = study.trials.flatMap((trial) =>
      trial.state === 'completed' && trial.phase === 'measured' && trial.treatment.workers === 2
        ? (trial.waits?.counts ?? [])
        : [],
    )
    const reading = waits.filter(({ event }) => event === 'Client:ClientRead' || event === 'idle')
    const of = (list: typeof waits): number => list.reduce((sum, { count }) => sum + count, 0)
    expect(of(reading) / of(waits)).toBeGreaterThan(0.8)
  })
})
