import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { withRelay } from '../../../bench/endurance/faults/relay.js'
import { makeRandom } from '../../../src/analysis/statistics/numerics/random.js'
import {
  type CompletedTrial,
  csv,
  type Factors,
  runNullTrial,
  runTrial,
  type Server,
  synthetic,
  type Trial,
} from '../../../src/entries/executor.js'
import { designOf } from '../../../src/study/design.js'
import { useRunningServer } from '../running-server.js'

const { server, connection, rows } = useRunningServer()
const input = synthetic({ records: 6_000, width: 60 })
const given: Factors = { workers: 2, batchSize: 100, dispatch: 'queue' }

async function completed(treatment: Factors): Promise<CompletedTrial> {
  const trial: Trial = await runTrial({ server, input, treatment })
  if (trial.state === 'failed') throw new Error(trial.error.message)
  return trial
}

/** Parts of a worker that begin at the very moment at which the one before them was answered. */
function withoutRest({ parts }: CompletedTrial, worker: number): number {
  const own = parts.filter((part) => part.worker === worker).sort((a, b) => a.startMs - b.startMs)
  return own.filter((part, k) => {
    const before = own[k - 1]
    return before !== undefined && Math.abs(before.startMs + before.copyMs - part.startMs) < 1e-6
  }).length
}

describe('copiesAhead', () => {
  it.each<[string, Factors]>([
    ['on the event loop', {}],
    ['on threads', { client: 'threads' }],
    ['prepared', { source: 'prepared' }],
    ['prepared on threads', { source: 'prepared', client: 'threads', encoding: 'binary' }],
    ['of a batch that is split', { dispatch: 'split', batchSize: 1_000, recordsPerCopy: 50 }],
    [
      'of a batch that is split on threads',
      { dispatch: 'split', batchSize: 1_000, recordsPerCopy: 50, client: 'threads' },
    ],
    ['in one transaction', { freeze: true, tables: 'per-worker' }],
    ['of one worker, more than there are', { workers: 1, batchSize: 1_000, copiesAhead: 50 }],
  ])('sends COPYs while others run, each once: %s', async (_, factors) => {
    const plain = await completed({ ...given, ...factors, copiesAhead: 0 })
    const { workers } = plain.treatment
    for (const worker of Array(workers).keys()) expect(withoutRest(plain, worker)).toBe(0)
    const trial = await completed({ ...given, copiesAhead: 2, ...factors })
    expect([trial.records, trial.checksum]).toEqual([6_000, plain.checksum])
    expect(trial.parts).toHaveLength(plain.parts.length)
    for (const worker of Array(workers).keys()) {
      const own = trial.parts.filter((part) => part.worker === worker)
      // Threads share batches as they come.
      if (own.length > 10) expect(withoutRest(trial, worker)).toBeGreaterThan(own.length / 3)
      const ordered = [...own].sort((a, b) => a.startMs - b.startMs)
      for (const [k, part] of ordered.entries()) {
        const before = ordered[k - 1]
        if (before) expect(part.startMs).toBeGreaterThan(before.startMs + before.copyMs - 1e-6)
        expect(part.commitMs).toBeLessThanOrEqual(part.copyMs)
      }
    }
  })

  it('is named where it has no effect, and changes the null trial in nothing', async () => {
    const levels = { workers: 2, batchSize: 1_000, copiesAhead: [0, 1] }
    const { treatments, leftOut } = designOf({ ...levels, dispatch: 'split' })
    expect(treatments).toHaveLength(1)
    expect(leftOut).toMatchObject([
      { treatment: { copiesAhead: 1 }, sameAs: { copiesAhead: 0 }, factors: ['copiesAhead'] },
    ])
    expect(designOf({ ...levels, dispatch: 'split', recordsPerCopy: 100 }).treatments).toHaveLength(2)
    expect(designOf({ ...levels, dispatch: 'queue' }).treatments).toHaveLength(2)
    const { records } = await runNullTrial({ input, treatment: { ...given, copiesAhead: 3 } })
    expect(records).toBe(6_000)
  })

  it('holds no more payloads in memory than it may send ahead, while the server does not answer', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab ahead '))
    try {
      const ids = Array.from({ length: 30_000 }, (_, k) => k)
      writeFileSync(join(folder, 'ids.csv'), `id\n${ids.join('\n')}\n`)
      let analysed = 0
      const counted = csv(folder, {
        columns: { id: 'int4' },
        analyse: ([id]) => {
          analysed++
          return [Number(id)]
        },
      })
      await withRelay(connection(), async (relay) => {
        const through: Server = { describe: () => ({ kind: 'test' }), use: (task) => task(relay.connection) }
        let whileStill = 0
        relay.at({ role: 'worker', counted: 'bytes', after: 3_000 }, () => {
          const release = relay.stall({ direction: 'down' })
          // Time to read all files many times over.
          setTimeout(() => {
            whileStill = analysed
            release()
          }, 700)
        })
        const treatment: Factors = { ...given, copiesAhead: 3 }
        const trial = await runTrial({ server: through, input: counted, treatment, probes: false })
        expect(trial).toMatchObject({ state: 'completed', records: 30_000 })
        // All are analysed for the checksum first.
        expect(analysed).toBe(2 * 30_000)
        // 2 workers with 4 COPYs of 100 records each, one batch that is read, and those that were
        // answered before.
        expect(whileStill - 30_000).toBeGreaterThanOrEqual(800)
        expect(whileStill - 30_000).toBeLessThanOrEqual(2_500)
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it.each(['event-loop', 'threads'] as const)(
    'fails a trial whose connection is killed, and no other: %s',
    async (client) => {
      const random = makeRandom(7)
      const outcomes = { completed: 0, failed: 0 }
      for (let k = 0; k < 8; k++) {
        const treatment: Factors = {
          ...given,
          client,
          copiesAhead: 1 + (k % 3),
          source: k % 2 ? 'prepared' : 'pipeline',
        }
        const running = runTrial({ server, input, treatment })
        let over = false
        void running.finally(() => {
          over = true
        })
        // Once a worker loads; where it comes too late, the trial is complete.
        const loading =
          "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'copylab/%/w%' AND query LIKE 'COPY%'"
        let pids: { pid: number }[] = []
        while (!over && pids.length === 0) pids = (await rows(loading)) as { pid: number }[]
        await new Promise((resolve) => setTimeout(resolve, random.uniform() * 12))
        const pid = pids[Math.floor(random.uniform() * pids.length)]?.pid
        if (pid !== undefined) await rows(`SELECT pg_terminate_backend(${pid})`)
        const trial = await running
        outcomes[trial.state]++
        if (trial.state === 'failed') {
          expect(trial.error.message).toMatch(
            /^Worker \d failed in batch \d+, .*(terminating connection|terminated|ECONNRESET|EPIPE)/,
          )
        } else expect(trial).toMatchObject({ records: 6_000 })
      }
      expect(outcomes.completed + outcomes.failed).toBe(8)
      expect(outcomes.failed).toBeGreaterThan(0)
    },
  )
})
