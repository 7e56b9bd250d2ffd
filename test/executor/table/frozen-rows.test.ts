import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  csv,
  ddl,
  embedded,
  type Factors,
  type FailedTrial,
  runStudy,
  runTrial,
  synthetic,
  withTrials,
} from '../../../src/entries/executor.js'
import { useRunningServer } from '../running-server.js'

/** Small tables, too, are left out of WAL, which the server writes of them by default. */
const minimal = { wal_level: 'minimal', max_wal_senders: '0', wal_skip_threshold: '0' }
const byIndex = { enable_seqscan: 'off', enable_bitmapscan: 'off' }
const { server, rows } = useRunningServer(embedded({ settings: { ...minimal, ...byIndex } }))

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-frozen-rows-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

const input = synthetic({ records: 20_000, width: 60 })

/** Name of a table of the trials that run. */
async function trialTable(table: string): Promise<string> {
  const [{ name }] = (await rows(
    `SELECT oid::regclass::text AS name FROM pg_class
      WHERE relname = '${table}' AND starts_with(relnamespace::regnamespace::text, '"copylab_trial-')`,
  )) as [{ name: string }]
  return name
}

/** Index entries whose rows were read in the table, which did not say that all may see them. */
async function fetches(table: string): Promise<number> {
  const [plan] = (await rows(`EXPLAIN (ANALYZE, FORMAT json) SELECT id FROM ${table} ORDER BY id`)) as [
    { 'QUERY PLAN': [{ Plan: { 'Heap Fetches': number } }] },
  ]
  return plan['QUERY PLAN'][0].Plan['Heap Fetches']
}

describe('freeze', () => {
  const levels: readonly [string, Factors][] = [
    ['on the event loop, split', { client: 'event-loop', dispatch: 'split' }],
    ['on the event loop, queue', { client: 'event-loop', dispatch: 'queue' }],
    ['on threads, split', { client: 'threads', dispatch: 'split' }],
    ['on threads, queue', { client: 'threads', dispatch: 'queue' }],
  ]
  it.each(levels)('writes rows that all see, and almost no WAL where wal_level is minimal: %s', async (_, given) => {
    const frozen: Factors = { workers: 2, batchSize: 2_000, tables: 'per-worker', freeze: true, ...given }
    const plain: Factors = { ...frozen, freeze: false }
    await withTrials({ server, input, treatments: [frozen, plain] }, async (run) => {
      const found: { trial: CompletedTrial; fetched: number }[] = []
      for (const treatment of [frozen, plain]) {
        const trial = (await run({ treatment })) as CompletedTrial
        expect(trial).toMatchObject({ state: 'completed', records: 20_000 })
        found.push({ trial, fetched: await fetches(await trialTable('records_worker_0')) })
      }
      const [of, without] = found
      expect([of!.fetched > 0, without!.fetched > 0]).toEqual([false, true])
      expect(without!.trial.walBytes! / of!.trial.walBytes!).toBeGreaterThan(10)
      const parts = ({ trial }: (typeof found)[number]) =>
        trial.parts.map(({ batch, records }) => `${batch} ${records}`).sort()
      // Which thread reads which file depends on their speed.
      if (given.client === 'event-loop') expect(parts(of!)).toEqual(parts(without!))
      expect(of!.trial.parts.reduce((sum, { records }) => sum + records, 0)).toBe(20_000)
      for (const worker of [0, 1]) {
        const own = of!.trial.parts.filter((part) => part.worker === worker).sort((a, b) => a.startMs - b.startMs)
        const last = own.at(-1)!
        expect(last.commitMs).toBeLessThanOrEqual(last.copyMs)
        expect(last.startMs + last.copyMs).toBeLessThanOrEqual(of!.trial.totalMs + 0.01)
        for (const [k, part] of own.entries()) {
          const { startMs = 0, copyMs = 0 } = own[k - 1] ?? {}
          expect(part.startMs).toBeGreaterThanOrEqual(startMs + copyMs)
        }
      }
    })
  })

  it('crosses with workers and tables: what cannot be is not run, and named', async () => {
    const { plan, trials } = await runStudy({
      name: 'frozen',
      server,
      input: synthetic({ records: 1_000 }),
      factors: { workers: [1, 2], freeze: [false, true], tables: ['one', 'per-worker'], batchSize: 500 },
      blocks: 1,
      warmUpBlocks: 0,
      folder,
    })
    expect(trials.map(({ state }) => state)).toEqual(Array.from({ length: 7 }, () => 'completed'))
    expect(plan.leftOut).toMatchObject([
      { treatment: { workers: 2, tables: 'one', freeze: true }, sameAs: { freeze: false }, factors: ['freeze'] },
    ])
  })

  it.each(['event-loop', 'threads'] as const)(
    'undoes the load of a trial that fails in its middle, on %s',
    async (client) => {
      const table = ddl(
        'CREATE TABLE {table} (id int8 PRIMARY KEY, text_1 text, text_2 text, text_3 text, text_4 text, CONSTRAINT low CHECK (id < 15000))',
      )
      const treatment: Factors = { workers: 2, batchSize: 1_000, tables: 'per-worker', freeze: true, client }
      await withTrials({ server, input, table, treatments: [treatment] }, async (run) => {
        const failed = await run({ treatment })
        expect(failed).toMatchObject({ state: 'failed', error: { name: 'CopyError', sqlState: '23514' } })
        const { error } = failed as FailedTrial
        expect(error.message).toContain('violates check constraint "low"')
        expect(error.firstRecord).toBeGreaterThanOrEqual(15_000)
        expect(await rows(`SELECT count(*)::int AS left FROM ${await trialTable('records')}`)).toEqual([{ left: 0 }])
      })
    },
  )

  it.each(['event-loop', 'threads'] as const)(
    'is a failed trial where the commit is refused, on %s',
    async (client) => {
      writeFileSync(
        join(folder, 'twice.csv'),
        `id,note\n${Array.from({ length: 40 }, (_, k) => `${k % 39},a`).join('\n')}\n`,
      )
      const table = ddl(
        'CREATE TABLE {table} (id int4, note text, CONSTRAINT once UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)',
      )
      const treatment: Factors = { workers: 1, batchSize: 10, freeze: true, client }
      const trial = await runTrial({ server, input: csv(join(folder, 'twice.csv')), table, treatment })
      expect(trial).toMatchObject({
        state: 'failed',
        error: { worker: 0, batch: 3, firstRecord: null, sqlState: '23505' },
      })
      expect((trial as FailedTrial).error.message).toMatch(
        /^Worker 0 failed to commit all that it had loaded: .*"once"\. Key \(id\)=\(0\) already exists$/,
      )
    },
  )

  it.each(['event-loop', 'threads'] as const)(
    'ends with its transaction where it is aborted, on %s',
    async (client) => {
      const abort = new AbortController()
      const treatment: Factors = { workers: 2, batchSize: 100, tables: 'per-worker', freeze: true, client }
      const attempt = withTrials({ server, input, treatments: [treatment], signal: abort.signal }, async (run) => {
        const running = run({ treatment })
        running.catch(() => {})
        await expect
          .poll(() => rows("SELECT FROM pg_stat_activity WHERE state LIKE '%transaction' OR query LIKE 'COPY%FREEZE%'"))
          .not.toEqual([])
        abort.abort(new Error('enough'))
        return running
      })
      await expect(attempt).rejects.toThrow('enough')
    },
  )
})
