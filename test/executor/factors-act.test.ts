import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { barrierTime } from '../../src/analysis/explain/worker-time.js'
import {
  type CompletedTrial,
  type Factors,
  readStudy,
  runNullTrial,
  runStudy,
  runTrial,
  synthetic,
  type Trial,
} from '../../src/entries/executor.js'
import { useRunningServer } from './running-server.js'

const { server, rows } = useRunningServer()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab factors '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const input = synthetic({ records: 5_000, width: 60 })

async function completed(treatment: Factors): Promise<CompletedTrial> {
  const trial: Trial = await runTrial({ server, input, treatment })
  if (trial.state === 'failed') throw new Error(trial.error.message)
  return trial
}

describe('recordsPerCopy', () => {
  it.each<[string, Factors]>([
    ['split on the event loop', {}],
    ['queue on the event loop', { dispatch: 'queue' }],
    ['split on threads', { client: 'threads' }],
    ['queue on threads', { client: 'threads', dispatch: 'queue' }],
    ['prepared payloads', { source: 'prepared' }],
    ['binary encoding', { encoding: 'binary', dispatch: 'queue' }],
  ])('sends a larger part as several COPYs, one after the other, and loses nothing: %s', async (_, factors) => {
    const size = factors.dispatch === 'queue' ? 1_000 : 500
    const given = { workers: 2, batchSize: 1_000, ...factors }
    const { parts, records } = await completed({ ...given, recordsPerCopy: 150 })
    expect(records).toBe(5_000)
    const sizes = new Map<string, number[]>()
    for (const part of parts) {
      const key = `${part.batch}/${part.worker}`
      sizes.set(key, [...(sizes.get(key) ?? []), part.records])
    }
    for (const own of sizes.values()) {
      const whole = own.reduce((sum, count) => sum + count, 0)
      expect(whole).toBe(size)
      expect(own.slice(0, -1).every((count) => count === 150)).toBe(true)
      expect(own.at(-1)).toBe(whole % 150 || 150)
    }
    const byWorker = [0, 1].map((worker) => parts.filter((part) => part.worker === worker))
    for (const own of byWorker) {
      const ordered = [...own].sort((a, b) => a.startMs - b.startMs)
      for (const [k, part] of ordered.entries()) {
        const before = ordered[k - 1]
        if (before) expect(part.startMs).toBeGreaterThanOrEqual(before.startMs + before.copyMs - 0.02)
      }
    }
    const whole = await completed({ ...given, recordsPerCopy: null })
    expect(whole.checksum).not.toBeNull()
    expect(whole.parts.every((part) => part.records === size)).toBe(true)
  })

  it('changes the null trial too, and is 1 at the least', async () => {
    const { records } = await runNullTrial({ input, treatment: { batchSize: 100, recordsPerCopy: 1 } })
    expect(records).toBe(5_000)
  })

  it('lets the barrier wait for a part’s last COPY', () => {
    const part = (worker: number, startMs: number, copyMs: number) =>
      ({ worker, batch: 0, records: 1, encodeMs: 0, startMs, copyMs, commitMs: 0 }) as const
    expect(barrierTime([part(0, 0, 10), part(0, 10, 10), part(1, 0, 5)])).toBe(15)
  })
})

describe('settings', () => {
  const impatient = { statement_timeout: '1ms' }

  it('are taken by the workers’ own connections, and by nothing else', async () => {
    const study = await runStudy({
      name: 'settings',
      server,
      input,
      folder,
      factors: { workers: 2, batchSize: 5_000, settings: { default: {}, impatient } },
      blocks: 1,
      warmUpBlocks: 0,
    })
    const states = study.trials.map(({ treatment, ...trial }) => [
      treatment.settings,
      trial.state === 'failed' ? trial.error.sqlState : trial.records,
    ])
    expect(new Map(states as [string, unknown][])).toEqual(
      new Map<string, unknown>([
        ['default', 5_000],
        ['impatient', '57014'],
      ]),
    )
    expect(study.plan.meanings).toEqual({ settings: { impatient } })
    expect(readStudy('settings', { folder }).plan).toEqual(study.plan)
  })

  it('act in a study whose name has capitals, as in the README’s commands', async () => {
    const factors = { batchSize: 1_000, recordsPerCopy: [100, null] }
    const study = await runStudy({ name: 'N', server, input, folder, factors, blocks: 1, warmUpBlocks: 0 })
    expect(study.trials.map(({ state }) => state)).toEqual(['completed', 'completed'])
    expect(study.trials.every((trial) => trial.state === 'completed' && trial.tableBytes! > 0 && trial.waits)).toBe(
      true,
    )
    expect(readStudy('N', { folder }).plan).toEqual(study.plan)
  })

  it('may hold blanks and backslashes, as a connection’s options spell them', async () => {
    const trial = await runTrial({
      server,
      input,
      treatment: { settings: { odd: { 'copylab.note': 'a b\\c', search_path: 'pg_catalog, public' } } },
    })
    expect(trial.state).toBe('completed')
  })

  it('that the server refuses are named before anything is measured, and nothing is left', async () => {
    const options = { name: 'refused', server, input, folder, blocks: 1 }
    await expect(
      runStudy({ ...options, factors: { settings: { default: {}, odd: { work_mem: 'much' } } } }),
    ).rejects.toThrow(
      /The server refuses the settings `odd` \(work_mem = much\): invalid value for parameter "work_mem"/,
    )
    await expect(runStudy({ ...options, factors: { settings: { big: { shared_buffers: '1GB' } } } })).rejects.toThrow(
      /The server was not started with the settings `big`: a server of your own must pass on `settings` where it is used$/,
    )
    expect(() => readStudy('refused', { folder })).toThrow('Expected the name of a study')
    expect(await rows("SELECT 1 FROM pg_stat_activity WHERE application_name LIKE 'copylab/%'")).toEqual([])
  })
})

describe('checkpoints', () => {
  /** Checkpoints that somebody asked for, as the server counts them. */
  const asked = async (): Promise<number> => {
    const [{ version }] = (await rows("SELECT current_setting('server_version_num')::int AS version")) as [
      { version: number },
    ]
    const [column, view] =
      version >= 170_000 ? ['num_requested', 'pg_stat_checkpointer'] : ['checkpoints_req', 'pg_stat_bgwriter']
    const [{ count }] = (await rows(`SELECT ${column}::int AS count FROM ${view}`)) as [{ count: number }]
    return count
  }

  it.each([
    ['between' as const, 4],
    ['none' as const, 0],
  ])('%s asks the server for %i in 4 trials', async (checkpoints, expected) => {
    const before = await asked()
    const factors = { workers: [1, 2], checkpoints }
    const study = await runStudy({ name: checkpoints, server, input, folder, factors, blocks: 2, warmUpBlocks: 0 })
    expect(study.trials.map(({ state }) => state)).toEqual(Array(4).fill('completed'))
    expect((await asked()) - before).toBe(expected)
    expect(readStudy(checkpoints, { folder }).plan.treatments.map((own) => own.checkpoints)).toEqual([
      checkpoints,
      checkpoints,
    ])
  })
})
