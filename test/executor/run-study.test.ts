import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname, tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  type Input,
  type Progress,
  type Row,
  readStudy,
  runStudy,
  runTrial,
  type StudyOptions,
  synthetic,
  type Trial,
} from '../../src/entries/executor.js'
import { studiesFolder } from '../../src/study/journal/journal.js'
import { sealedLine } from '../../src/study/journal/seal.js'
import { changedFile } from './records-of.js'
import { useRunningServer } from './running-server.js'

const { server, connection, rows, uses } = useRunningServer()

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab study '))
})
afterEach(() => rmSync(folder, { recursive: true }))

const small = synthetic({ records: 5_000, width: 60 })
const options = (changes: Partial<StudyOptions> = {}): StudyOptions => ({
  name: 'made',
  server,
  input: small,
  factors: { workers: [1, 3], batchSize: 1_000 },
  blocks: 2,
  folder,
  ...changes,
})
const completed = (trials: readonly Trial[]): CompletedTrial[] =>
  trials.filter((trial): trial is CompletedTrial => trial.state === 'completed')

/** An input whose rows change on every pass but the first, which is the survey. */
function changing(change: (row: Row, index: number) => Row[], fromPass = 2): Input {
  let pass = 0
  return {
    ...small,
    files: async (given) => {
      const files = await small.files(given)
      return files.map((file) => ({
        ...file,
        async *read() {
          const changes = ++pass >= fromPass
          yield* (changes ? changedFile(file, small.fits, change) : file).read()
        },
      }))
    },
  }
}

describe('runStudy', () => {
  it('runStudy with controls repeats a treatment and slows one down by a known share, in every block', async () => {
    const study = await runStudy(
      options({ controls: { aa: { workers: 3 }, slowdown: { workers: 1, by: 0.5 } }, warmUpBlocks: 1, blocks: 2 }),
    )
    expect(study.plan.controls).toMatchObject({ aa: { workers: 3 }, slowdown: { treatment: { workers: 1 }, by: 0.5 } })
    const lateMs: number[] = []
    for (const block of [1, 2]) {
      const own = completed(study.trials).filter((trial) => trial.block === block)
      expect(own.map(({ phase, control, treatment }) => `${phase} ${control} ${treatment.workers}`).sort()).toEqual([
        'control aa 3',
        'control slowdown 1',
        'measured null 1',
        'measured null 3',
      ])
      const slow = own.find((trial) => trial.control === 'slowdown')!
      const end = Math.max(...slow.parts.map((part) => part.startMs + part.copyMs))
      expect(slow.totalMs / end).toBeGreaterThan(1.49)
      lateMs.push(slow.totalMs - 1.5 * end)
    }
    // A timer may be late by more than a tenth of so short a trial, and on a busy machine by more
    // still, but not each time.
    expect(Math.min(...lateMs)).toBeLessThan(100)
    expect(study.trials.filter((trial) => trial.phase === 'warm-up')).toHaveLength(2)
    const again = await runStudy(
      options({ controls: { aa: { workers: 3 }, slowdown: { workers: 1, by: 0.5 } }, warmUpBlocks: 1, blocks: 2 }),
    )
    expect(again.origin).toBe('disk')
    await expect(runStudy(options({ controls: { aa: { workers: 7 } } }))).rejects.toThrow(
      "Expected `controls.aa` to name one of the study's treatments",
    )
    await expect(runStudy(options({ controls: { slowdown: { workers: 1, by: 0 } } }))).rejects.toThrow(
      'Expected `controls.slowdown.by` to be a number above 0 to 10, a share of the time, got 0',
    )
  })

  it('runStudy runs the null trial in addition to the others, and counts what it handed over', async () => {
    const factors = [
      { workers: [2], batchSize: 1_000, target: ['table', 'nothing'] as const },
      { client: 'threads', target: 'nothing' },
    ] as const
    const study = await runStudy(options({ factors, blocks: 1 }))
    const ceilings = completed(study.trials).filter((trial) => trial.treatment.target === 'nothing')
    expect(ceilings).toHaveLength(4)
    for (const trial of ceilings) {
      expect(trial).toMatchObject({
        records: 5_000,
        checksum: null,
        connections: 0,
        waits: null,
        backendCpuMs: null,
        walBytes: null,
      })
      expect(trial.missing.waits).toBe('the null trial has no server')
      expect(trial.bytes).toBeGreaterThan(5_000 * 60)
    }
  })

  it('runStudy verifies every trial by count and checksum and writes it to the journal', async () => {
    const study = await runStudy(options())
    expect(study.trials).toHaveLength(6)
    expect(study.trials.map((trial) => trial.phase).filter((phase) => phase === 'warm-up')).toHaveLength(2)
    const truth = study.contexts[0]!.input
    for (const trial of completed(study.trials)) {
      expect([trial.records, trial.checksum]).toEqual([5_000, truth.checksum])
      expect(trial.connections).toBe(trial.treatment.workers)
      expect(trial.parts.reduce((sum, part) => sum + part.records, 0)).toBe(5_000)
      expect(trial.parts).toHaveLength(5 * trial.treatment.workers)
      expect(trial.insertMs).toBeLessThanOrEqual(trial.totalMs)
      expect(trial.insertMs).toBeLessThanOrEqual(trial.copyMs! + 0.01)
      expect(trial.bytes).toBeGreaterThan(5_000 * 60)
      expect(trial.rssPeakBytes).toBeGreaterThan(20_000_000)
    }
    expect(completed(study.trials)).toHaveLength(6)
  })

  it('runStudy of a finished plan reads it back without touching the server', async () => {
    const before = uses()
    const first = await runStudy(options())
    const seen: Progress[] = []
    const again = await runStudy(options({ onProgress: (progress) => seen.push(progress) }))
    expect(again.origin).toBe('disk')
    expect(seen).toMatchObject([{ stage: 'done', done: 6, total: 6, message: 'read from disk', trial: null }])
    const { startedAt, hardware } = first.contexts[0]!
    const day = startedAt.slice(0, 10)
    expect(seen[0]!.stored).toEqual({ plan: first.plan.hash, firstDay: day, lastDay: day, cores: hardware.cores })
    expect(again.trials).toEqual(first.trials)
    expect(uses()).toBe(before + 1)
  })

  it('runStudy of a finished plan removes the lock of a process that was killed after its last trial', async () => {
    const { plan } = await runStudy(options())
    const { pid } = spawnSync(process.execPath, ['-e', ''])
    const owner = { id: 'former', pid, host: hostname(), start: null, since: '' }
    writeFileSync(join(folder, 'made', `${plan.hash}.jsonl.lock`), JSON.stringify(owner))
    await runStudy(options())
    expect(readdirSync(join(folder, 'made'))).toEqual([`${plan.hash}.jsonl`])
  })

  it('runStudy keeps the earlier blocks when more are asked for, and hands out the first when fewer', async () => {
    const two = await runStudy(options())
    const three = await runStudy(options({ blocks: 3 }))
    expect(three.trials.filter((trial) => trial.phase === 'measured').slice(0, 4)).toEqual(
      two.trials.filter((trial) => trial.phase === 'measured'),
    )
    expect(three.trials.filter((trial) => trial.block === 3)).toHaveLength(2)
    expect(three.contexts).toHaveLength(2)
    expect(readStudy('made', { folder })).toMatchObject({ plan: { blocks: 3, hash: two.plan.hash } })
    const one = await runStudy(options({ blocks: 1 }))
    expect(one.origin).toBe('disk')
    expect(one.trials.filter((trial) => trial.phase === 'measured').map((trial) => trial.block)).toEqual([1, 1])
  })

  it('runStudy with an aborted signal keeps finished trials, and the next call continues', async () => {
    const abort = new AbortController()
    const seen: Progress[] = []
    const interrupted = runStudy(
      options({
        blocks: 3,
        signal: abort.signal,
        onProgress: (progress) => {
          seen.push(progress)
          // While the fifth trial of the session runs.
          if (progress.trial === null && progress.done === 4) setTimeout(() => abort.abort(new Error('stop button')), 5)
        },
      }),
    )
    await expect(interrupted).rejects.toThrow('stop button')
    const kept = seen.filter((progress) => progress.trial !== null).length
    expect(kept).toBeGreaterThanOrEqual(4)
    expect(kept).toBeLessThan(8)
    expect(seen.every(({ stored }) => stored === null)).toBe(true)
    const rest: Progress[] = []
    const study = await runStudy(options({ blocks: 3, onProgress: (progress) => rest.push(progress) }))
    expect(rest.every(({ stored }) => stored?.plan === study.plan.hash)).toBe(true)
    const measured = study.trials.filter((trial) => trial.phase === 'measured')
    expect(measured.map((trial) => `${trial.block}/${trial.treatment.workers}`).sort()).toEqual([
      '1/1',
      '1/3',
      '2/1',
      '2/3',
      '3/1',
      '3/3',
    ])
    expect(completed(measured)).toHaveLength(6)
    expect(study.contexts).toHaveLength(2)
  })

  it('runStudy with the same seed runs the same order, with another seed another', async () => {
    const order = (study: { trials: readonly Trial[] }) =>
      study.trials.filter((trial) => trial.phase === 'measured').map((trial) => trial.treatment.workers)
    const factors = { workers: [1, 2, 3, 4], batchSize: 5_000 }
    const first = await runStudy(options({ factors, warmUpBlocks: 0 }))
    const again = await runStudy(options({ factors, warmUpBlocks: 0, fresh: true }))
    const other = await runStudy(options({ factors, warmUpBlocks: 0, seed: 2 }))
    expect(again.origin).toBe('measured')
    expect(order(again)).toEqual(order(first))
    expect(order(other)).not.toEqual(order(first))
    expect(readdirSync(join(folder, 'made')).filter((file) => file.includes('superseded'))).toHaveLength(1)
  })

  it('runStudy refuses to continue a journal that was begun with another Node.js', async () => {
    const study = await runStudy(options({ blocks: 1 }))
    const path = join(folder, 'made', `${study.plan.hash}.jsonl`)
    const [planned, session, ...trials] = readFileSync(path, 'utf8').split('\n')
    const { line, digest: _, ...content } = JSON.parse(session!)
    content.context.node = 'v20.0.0'
    writeFileSync(path, [planned, sealedLine(line, content, study.plan.hash), ...trials].join('\n'))
    await expect(runStudy(options())).rejects.toThrow(/begun under other conditions \(Node\.js was v20\.0\.0 and is/)
  })

  it('runStudy refuses a schema that copylab did not make, and leaves it as it is', async () => {
    await rows('CREATE SCHEMA copylab_made; CREATE TABLE copylab_made.precious AS SELECT 1 AS value')
    await expect(runStudy(options())).rejects.toThrow(/copylab_made exists and was not made by copylab/)
    expect(await rows('SELECT value FROM copylab_made.precious')).toEqual([{ value: 1 }])
    await rows('DROP SCHEMA copylab_made CASCADE')
  })

  it('runStudy refuses more workers than the server has connections for', async () => {
    await expect(runStudy(options({ factors: { workers: [2, 500] } }))).rejects.toThrow(
      /needs 501 connections \(500 for its workers, 1 to observe them\) and .* has \d+ left: use fewer workers/,
    )
  })

  it('runStudy writes no password, and no absolute path, into the journal', async () => {
    const study = await runStudy(options({ blocks: 1 }))
    const text = readFileSync(join(folder, 'made', `${study.plan.hash}.jsonl`), 'utf8')
    expect(String(connection().config.password).length).toBeGreaterThan(8)
    expect(text).not.toContain(String(connection().config.password))
    expect(text).not.toContain(process.cwd())
    expect(text).not.toContain(folder)
    expect(studiesFolder.startsWith(process.cwd())).toBe(true)
  })

  it.each([
    [{ name: 'Big Name' }, /Expected `name` to be 1 to 40/],
    [{ name: 'größer' }, /Expected `name` to be 1 to 40/],
    [{ blocks: 0 }, /Expected `blocks` to be a whole number from 1, got 0/],
    [{ seed: 1.5 }, /Expected `seed`/],
    [{ factors: { workers: [] } }, /Expected `workers`/],
  ])('runStudy(%j) is refused before anything is touched', async (changes, message) => {
    const before = uses()
    await expect(runStudy(options(changes as Partial<StudyOptions>))).rejects.toThrow(message)
    expect(uses()).toBe(before)
    expect(readdirSync(folder)).toEqual([])
  })
})

describe('trials', () => {
  const arrangements = (['split', 'queue'] as const).flatMap((dispatch) =>
    (['text', 'binary'] as const).flatMap((encoding) =>
      (['pipeline', 'prepared'] as const).map((source) => ({ dispatch, encoding, source })),
    ),
  )

  it.each(arrangements)('runTrial verifies $dispatch, $encoding, $source', async (arrangement) => {
    const trial = await runTrial({
      server,
      input: small,
      treatment: { workers: 3, batchSize: 700, secondaryIndexes: 1, ...arrangement },
    })
    if (trial.state === 'failed') throw new Error(trial.error.message)
    expect(trial.records).toBe(5_000)
    const batches = Math.ceil(5_000 / 700)
    expect(trial.parts).toHaveLength(arrangement.dispatch === 'split' ? batches * 3 : batches)
    const times = [trial.readMs, trial.analyseMs, trial.encodeMs]
    if (arrangement.source === 'prepared') {
      expect(times).toEqual([0, 0, 0])
      expect(trial.prepareMs).toBeGreaterThan(0)
    } else {
      expect(Math.min(trial.analyseMs!, trial.encodeMs!)).toBeGreaterThan(0)
      expect(trial.prepareMs).toBeNull()
    }
  })

  it('a split batch is over before the next begins; workers never have two COPYs open', async () => {
    const trial = await runTrial({ server, input: small, treatment: { workers: 3, batchSize: 500 } })
    if (trial.state === 'failed') throw new Error(trial.error.message)
    const end = (part: { startMs: number; copyMs: number }) => part.startMs + part.copyMs
    for (let batch = 1; batch < 10; batch++) {
      const before = trial.parts.filter((part) => part.batch === batch - 1)
      const after = trial.parts.filter((part) => part.batch === batch)
      expect(Math.max(...before.map(end))).toBeLessThanOrEqual(Math.min(...after.map((part) => part.startMs)))
      expect(new Set(after.map((part) => part.worker)).size).toBe(3)
    }
  })

  it('a lost record makes a failed trial, never a fast one', async () => {
    const losing = changing((row, index) => (index === 7 ? [] : [row]))
    const trial = await runTrial({ server, input: losing, treatment: { workers: 2, batchSize: 1_000 } })
    expect(trial).toMatchObject({ state: 'failed', error: { name: 'LostRecordsError' } })
  })

  it('a changed value makes a failed trial', async () => {
    const altering = changing((row, index) => [index === 7 ? [row[0]!, 'altered', ...row.slice(2)] : row])
    const trial = await runTrial({ server, input: altering, treatment: { workers: 2, batchSize: 1_000 } })
    expect(trial).toMatchObject({ state: 'failed', error: { name: 'LostRecordsError' } })
  })

  it('a COPY that the server refuses fails the trial with SQLSTATE, worker, batch and first record', async () => {
    const doubling = changing((row) => (Number(row[0]) === 2_600 ? [row, row] : [row]))
    const trial = await runTrial({ server, input: doubling, treatment: { workers: 2, batchSize: 1_000 } })
    expect(trial).toMatchObject({
      state: 'failed',
      error: { name: 'CopyError', sqlState: '23505', worker: 1, batch: 2, firstRecord: 2_500 },
    })
  })

  it('runStudy goes on after a failed trial, and gives up when a whole warm-up fails', async () => {
    const once = changing((row, index) => (index === 7 ? [] : [row]), 4)
    const study = await runStudy(
      options({ input: once, warmUpBlocks: 0, blocks: 1, factors: { workers: [1, 2, 3], batchSize: 1_000 } }),
    )
    expect(study.trials.map((trial) => trial.state)).toEqual(['completed', 'completed', 'failed'])
    const always = changing((row, index) => (index === 7 ? [] : [row]))
    await expect(runStudy(options({ name: 'other', input: always }))).rejects.toThrow(/Every warm-up trial failed/)
  })

  it('an abort ends a COPY that waits for a lock', async () => {
    const abort = new AbortController()
    const locker = new pg.Client(connection().config)
    await locker.connect()
    try {
      const attempt = runTrial({
        server,
        input: {
          ...small,
          files: async (given) => {
            const files = await small.files(given)
            let pass = 0
            return files.map((file) => ({
              ...file,
              async *read() {
                pass++
                if (pass === 2) {
                  const table = `"copylab_trial-${process.pid}".records`
                  await locker.query(`BEGIN; LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
                }
                yield* file.read()
              },
            }))
          },
        },
        treatment: { workers: 2, batchSize: 1_000 },
        signal: abort.signal,
      })
      const outcome = attempt.then(
        () => 'ended',
        (error: Error) => error.message,
      )
      const waiting = () => rows("SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'")
      await expect.poll(waiting).not.toEqual([])
      abort.abort(new Error('stop button'))
      await expect.poll(waiting).toEqual([])
      await locker.query('ROLLBACK')
      expect(await outcome).toBe('stop button')
    } finally {
      await locker.end()
    }
  })
})
