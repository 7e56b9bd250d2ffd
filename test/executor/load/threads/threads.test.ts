import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { BadRecordError, CopyError, InputError } from '../../../../src/executor/errors.js'
import { qualifiedTable } from '../../../../src/executor/footprint/mark.js'
import { type CsvOptions, csv } from '../../../../src/executor/input/csv/csv.js'
import type { Input } from '../../../../src/executor/input/input.js'
import { synthetic } from '../../../../src/executor/input/synthetic/synthetic.js'
import { withSpec } from '../../../../src/executor/input/with-spec.js'
import { withEventLoopWorkers } from '../../../../src/executor/load/event-loop.js'
import { makeThreadPool, type ThreadPool } from '../../../../src/executor/load/threads/thread-pool.js'
import { withThreadWorkers } from '../../../../src/executor/load/threads/threads.js'
import type { Load, LoadJob, Workers } from '../../../../src/executor/load/workers.js'
import { createTable } from '../../../../src/executor/table/make-table.js'
import { workerStatements } from '../../../../src/executor/trial/table.js'
import { endWorkers, workerPrefix } from '../../../../src/executor/trial/worker-backends.js'
import { checksumSql } from '../../../../src/executor/verify/checksum.js'
import { survey } from '../../../../src/executor/verify/survey.js'
import type { Treatment } from '../../../../src/study/treatment.js'
import { defaultTreatment } from '../../../../src/study/treatment.js'
import type { CopyPart } from '../../../../src/study/trial.js'
import { useScratchDatabase } from '../../scratch-server.js'

const control = useScratchDatabase()
const schema = 'threads'
const pool = makeThreadPool()
let folder: string
beforeAll(async () => {
  await control().query(`CREATE SCHEMA ${schema}`)
  folder = mkdtempSync(join(tmpdir(), 'copylab threads '))
})
afterAll(async () => {
  await pool.close()
  rmSync(folder, { recursive: true })
})
afterEach(async () => {
  const left = `SELECT pid FROM pg_stat_activity WHERE application_name LIKE '${workerPrefix(schema)}%'`
  await expect.poll(async () => (await control().query(left)).rows).toEqual([])
})

function connectionConfig(): pg.ClientConfig {
  const { host, port, user, database, password } = control() as pg.Client & { password: string }
  return { host, port, user, database, password }
}

async function makeJob(input: Input, treatment: Partial<Treatment>, changes: Partial<LoadJob> = {}): Promise<LoadJob> {
  const full = { ...defaultTreatment, ...treatment }
  await createTable({ control: control(), schema, table: input.fits, definition: null, meanings: {} }, full)
  const server = Array.from({ length: full.workers }, (_, worker) => ({
    config: { ...connectionConfig(), application_name: `${workerPrefix(schema)}${worker}` },
    ...workerStatements(schema, input.fits, full, worker),
  }))
  return {
    input,
    table: input.fits,
    files: (await survey(input, input.fits, await input.files())).files,
    treatment: full,
    server,
    slowDownBy: 0,
    observeLoops: true,
    timeRoundTrip: false,
    signal: new AbortController().signal,
    ...changes,
  }
}

const load = (workers: Workers): Promise<Load> => workers.load()
/**
 * As a trial does: after a failure a backend may hold a COPY that it has not begun, and that would
 * go into the next table of the name.
 */
const inThreads = (job: LoadJob, of: ThreadPool = pool): Promise<Load> =>
  withThreadWorkers(job, of, load).catch(async (error) => {
    await endWorkers(control(), schema)
    throw error
  })

async function content({ fits: table }: Input): Promise<{ records: number; checksum: string }> {
  const { rows } = await control().query(checksumSql(table, qualifiedTable(schema)))
  return { records: Number(rows[0].records), checksum: rows[0].checksum }
}

const sumOf = (parts: readonly CopyPart[]): number => parts.reduce((sum, { records }) => sum + records, 0)
const endOf = ({ startMs, copyMs }: CopyPart): number => startMs + copyMs

/** Files of n lines `id,text` each, the ids counted through. */
function csvInput(name: string, sizes: readonly number[], options: Partial<CsvOptions> = {}): Promise<Input> {
  const within = mkdtempSync(join(folder, `${name}-`))
  let id = 0
  for (const [k, size] of sizes.entries()) {
    const lines = Array.from({ length: size }, () => `${id++},text ${id}\n`)
    writeFileSync(join(within, `part-${String(k).padStart(2, '0')}.csv`), `id,text\n${lines.join('')}`)
  }
  return csv(within, { columns: { id: 'int8', text: 'text' }, primaryKey: ['id'], ...options }).inspect()
}

const small = synthetic({ records: 23_000, width: 40 })

describe('withThreadWorkers(job, pool, task)', () => {
  const arrangements = (['split', 'queue'] as const).flatMap((dispatch) =>
    (['text', 'binary'] as const).flatMap((encoding) =>
      (['pipeline', 'prepared'] as const).map((source) => ({ dispatch, encoding, source })),
    ),
  )

  it.each(arrangements)('loads what the event loop loads: $dispatch, $encoding, $source', async (arrangement) => {
    const { facts } = await survey(small, small.fits, await small.files())
    const truth = { records: 23_000, checksum: facts.checksum }
    const clockRanOnMs: number[] = []
    for (const workers of [1, 2, 3, 4]) {
      const treatment = { ...arrangement, workers, batchSize: 1_000 }
      const onLoop = await withEventLoopWorkers(await makeJob(small, treatment), load)
      expect(await content(small)).toEqual(truth)
      const onThreads = await inThreads(await makeJob(small, treatment))
      expect(await content(small)).toEqual(truth)
      expect([sumOf(onThreads.parts), onThreads.badRecords]).toEqual([sumOf(onLoop.parts), 0])
      // Each payload of the binary format has a head and an end of its own.
      if (arrangement.encoding === 'text') expect(onThreads.bytes).toBe(onLoop.bytes)
      expect(onThreads.backPressureMs).toHaveLength(workers)
      expect(onThreads.loops).toHaveLength(workers)
      const lastCommit = Math.max(...onThreads.parts.map(endOf))
      expect(onThreads.totalMs).toBeGreaterThanOrEqual(lastCommit)
      clockRanOnMs.push(onThreads.totalMs - lastCommit)
      const { readMs, analyseMs, encodeMs } = onThreads
      if (arrangement.source === 'prepared') expect([readMs, analyseMs, encodeMs]).toEqual([0, 0, 0])
      else expect(Math.min(readMs, analyseMs, encodeMs)).toBeGreaterThan(0)
    }
    // A busy machine may keep a thread from its clock now and then, but not each time.
    expect(Math.min(...clockRanOnMs)).toBeLessThan(50)
  })

  it('more than ten workers of either client raise no warning of Node.js that something leaks', async () => {
    const warnings: string[] = []
    const listen = ({ message }: Error): void => void warnings.push(message)
    process.on('warning', listen)
    try {
      const treatment = { workers: 12, batchSize: 12_000 }
      await withEventLoopWorkers(await makeJob(small, treatment), load)
      await inThreads(await makeJob(small, treatment))
      // Warnings are told on a later turn.
      await new Promise(setImmediate)
    } finally {
      process.off('warning', listen)
    }
    expect(warnings).toEqual([])
  })

  it.each(['pipeline', 'prepared'] as const)('split: a round is over before the next begins, %s', async (source) => {
    const { parts } = await inThreads(await makeJob(small, { workers: 4, batchSize: 1_001, dispatch: 'split', source }))
    const rounds = new Set(parts.map(({ batch }) => batch))
    expect(rounds.size).toBeGreaterThan(15)
    for (const round of rounds) {
      const own = parts.filter(({ batch }) => batch === round)
      const before = parts.filter(({ batch }) => batch === round - 1)
      expect(new Set(own.map(({ worker }) => worker)).size).toBe(own.length)
      expect(Math.max(0, ...before.map(endOf))).toBeLessThanOrEqual(Math.min(...own.map(({ startMs }) => startMs)))
      if (own.length === 4 && !own.some(({ worker, batch }) => isLast(parts, worker, batch))) {
        expect(sumOf(own)).toBe(1_001)
        expect(own.map(({ records }) => records).sort()).toEqual([250, 250, 250, 251])
      }
    }
  })

  it('queue: every thread loads whole batches, each with a number of its own', async () => {
    const { parts } = await inThreads(await makeJob(small, { workers: 3, batchSize: 700, dispatch: 'queue' }))
    expect(parts.map(({ batch }) => batch).sort((a, b) => a - b)).toEqual(parts.map((_, k) => k))
    const short = parts.filter(({ records }) => records !== 700)
    expect(new Set(short.map(({ worker }) => worker)).size).toBe(short.length)
    for (const { worker, batch } of short) expect(isLast(parts, worker, batch)).toBe(true)
  })

  it('leaves threads without a file, and workers without a record of a batch, without work', async () => {
    const one = await csvInput('one', [50])
    const { parts } = await inThreads(await makeJob(one, { workers: 4, batchSize: 20, dispatch: 'split' }))
    expect(new Set(parts.map(({ worker }) => worker)).size).toBe(1)
    expect(await content(one)).toMatchObject({ records: 50 })
    await inThreads(await makeJob(one, { workers: 4, batchSize: 2, dispatch: 'split' }))
    expect(await content(one)).toMatchObject({ records: 50 })
  })

  it.each([
    [0, null],
    [0, 1_000],
    [250, 400],
    [999, 1],
    [1_100, null],
  ])('loads the window from %i, at most %o records, of files whose sizes are not known', async (offset, limit) => {
    for (const dispatch of ['split', 'queue'] as const) {
      const input = await csvInput('window', [300, 0, 500, 7, 400], { offset, limit })
      const expected = (await survey(input, input.fits, await input.files())).facts
      await inThreads(await makeJob(input, { workers: 3, batchSize: 90, dispatch }))
      expect(await content(input)).toEqual({ records: expected.records, checksum: expected.checksum })
      expect(expected.records).toBe(Math.min(1_207 - offset, limit ?? 1_207))
    }
  })

  it('null trials go through the same threads without a server', async () => {
    const loaded = await withThreadWorkers(await makeJob(small, { workers: 2 }, { server: null }), pool, (workers) => {
      expect(workers.pids).toEqual([])
      return workers.load()
    })
    expect(sumOf(loaded.parts)).toBe(23_000)
    expect(await content(small)).toMatchObject({ records: 0 })
  })

  it('query(sql) runs on every connection, pids are those of its backends, and slowDownBy waits inside the clock', async () => {
    await withThreadWorkers(await makeJob(small, { workers: 3 }, { slowDownBy: 1 }), pool, async (workers) => {
      const renamed = `${workerPrefix(schema)} renamed`
      await workers.query(`SET application_name = '${renamed}'`)
      const found = await control().query('SELECT pid FROM pg_stat_activity WHERE application_name = $1 ORDER BY pid', [
        renamed,
      ])
      expect(found.rows.map(({ pid }) => pid)).toEqual([...workers.pids].sort((a, b) => a - b))
      const { totalMs, parts } = await workers.load()
      expect(totalMs).toBeGreaterThan(1.9 * Math.max(...parts.map(endOf)))
    })
  })
})

/** Whether a worker's part is the last that it loaded. */
function isLast(parts: readonly CopyPart[], worker: number, batch: number): boolean {
  return !parts.some((part) => part.worker === worker && part.batch > batch)
}

describe('a custom `analyse` in threads', () => {
  it.each([
    { form: 'an arrow', analyse: (fields: readonly string[]) => [Number(fields[0]) + 1, fields[1]!.toUpperCase()] },
    {
      form: 'a method',
      ...{
        analyse(fields: readonly string[]) {
          return [Number(fields[0]) + 1, fields[1]!.toUpperCase()]
        },
      },
    },
  ])('works when it is self-contained: $form', async ({ analyse }) => {
    const input = await csvInput('custom', [200, 300], { analyse })
    const { facts } = await survey(input, input.fits, await input.files())
    await inThreads(await makeJob(input, { workers: 2, batchSize: 100 }))
    expect(await content(input)).toEqual({ records: 500, checksum: facts.checksum })
  })

  it.each(['stop', 'skip'] as const)(
    'fails in words when it uses something around it, also under %s',
    async (policy) => {
      const shift = 1
      const analyse = (fields: readonly string[]) => [Number(fields[0]) + shift, fields[1]!]
      const input = await csvInput('closure', [10], { analyse, onBadRecord: policy })
      const attempt = inThreads(await makeJob(input, { workers: 2 }))
      await expect(attempt).rejects.toThrow(
        /`analyse` uses `shift`, which a worker thread does not know: .*self-contained/,
      )
      await expect(attempt).rejects.toBeInstanceOf(InputError)
    },
  )

  it('fails in words for files with functions of their own, before a thread is asked', async () => {
    const files = (await survey(small, small.fits, await small.files())).files.map((placed) => ({
      ...placed,
      file: { ...placed.file },
    }))
    const attempt = inThreads(await makeJob(small, {}, { files }))
    await expect(attempt).rejects.toThrow(/synthetic-00001 cannot be read by a worker thread.*client: 'event-loop'/)
  })
})

describe('failures in threads', () => {
  it('a COPY that the server refuses is reported with SQLSTATE, worker, batch and records, and the pool goes on', async () => {
    const twice = mkdtempSync(join(folder, 'twice-'))
    // Equal for the server alone: others are refused before a trial.
    const lines = (from: number) => Array.from({ length: 1_000 }, (_, k) => `${from + k}${from === 500 ? '.0' : ''}\n`)
    for (const [k, from] of [0, 1_000, 2_000, 500].entries())
      writeFileSync(join(twice, `${k}.csv`), `id\n${lines(from).join('')}`)
    const input = await csv(twice, { columns: { id: 'numeric' }, primaryKey: ['id'] }).inspect()
    for (const source of ['pipeline', 'prepared'] as const) {
      const attempt = inThreads(await makeJob(input, { workers: 2, batchSize: 250, dispatch: 'queue', source }))
      const error = await attempt.then(
        () => null,
        (thrown: unknown) => thrown,
      )
      expect(error).toBeInstanceOf(CopyError)
      expect(error).toMatchObject({ name: 'CopyError', sqlState: '23505' })
      expect((error as CopyError).cause).toBeInstanceOf(pg.DatabaseError)
      expect((error as Error).message).toMatch(
        /^Worker \d failed in batch \d+, records \d+ to \d+( and \d+ to \d+)*: dup/,
      )
    }
    await inThreads(await makeJob(small, { workers: 2 }))
    expect(await content(small)).toMatchObject({ records: 23_000 })
  })

  it('names the records of a batch that spans files which are not neighbours', async () => {
    const input = await csvInput('spans', [30, 30, 30, 30])
    const job = await makeJob(input, { workers: 2, batchSize: 60, dispatch: 'queue', source: 'prepared' })
    await control().query(`INSERT INTO ${schema}.records (id, text) VALUES (40, 'in the way')`)
    await expect(inThreads(job)).rejects.toThrow(
      /^Worker 1 failed in batch \d, records 30 to 59 and 90 to 119: duplicate/,
    )
  })

  it('a bad record is reported with its file and line', async () => {
    const input = await csvInput('bad', [20, 20])
    const job = await makeJob(input, { workers: 2, batchSize: 10 })
    const spec = job.files[1]!.file.spec
    if (spec?.kind === 'csv') writeFileSync(spec.path, 'id,text\n20,good\nx,bad\n')
    const attempt = inThreads(job)
    await expect(attempt).rejects.toBeInstanceOf(BadRecordError)
    await expect(attempt).rejects.toMatchObject({ file: 'part-01.csv', line: 3 })
  })

  it('bad records that are skipped are counted', async () => {
    const input = await csvInput('skipped', [20, 20, 20], { onBadRecord: 'skip' })
    const job = await makeJob(input, { workers: 2, batchSize: 10 })
    for (const { file } of job.files.slice(1)) {
      if (file.spec?.kind === 'csv') writeFileSync(file.spec.path, `id,text\n${'x,bad\n'.repeat(20)}`)
    }
    const { badRecords, parts } = await inThreads(job)
    expect([badRecords, sumOf(parts)]).toEqual([40, 20])
  })

  it('a connection that is refused fails with the server’s error', async () => {
    const job = await makeJob(small, { workers: 2 })
    const [first, second] = job.server!
    const lost = { ...second!, config: { ...second!.config, database: 'nowhere' } }
    const attempt = inThreads({ ...job, server: [first!, lost] })
    await expect(attempt).rejects.toMatchObject({ code: '3D000' })
    await expect(attempt).rejects.toBeInstanceOf(pg.DatabaseError)
  })

  it('an abort in the middle is thrown as it is, by the event loop and by threads alike', async () => {
    for (const client of ['event-loop', 'threads'] as const) {
      const abort = new AbortController()
      const job = await makeJob(small, { workers: 3, batchSize: 300, client }, { signal: abort.signal })
      const loading = async (workers: Workers): Promise<Load> => {
        const loaded = workers.load()
        loaded.catch(() => {})
        await expect.poll(async () => (await content(small)).records, { interval: 5 }).toBeGreaterThan(0)
        abort.abort(new Error('stop button'))
        return loaded
      }
      const attempt = client === 'threads' ? withThreadWorkers(job, pool, loading) : withEventLoopWorkers(job, loading)
      await expect(attempt).rejects.toThrow('stop button')
      expect((await content(small)).records).toBeLessThan(23_000)
    }
  })

  it('an abort ends threads that hear nothing, since their `analyse` never ends', async () => {
    const abort = new AbortController()
    const global = globalThis as { isMainThread?: boolean }
    global.isMainThread = true
    const analyse = (fields: readonly string[]) => {
      // Reads the input for its checksum, where this is known; a thread does not know it.
      while (!(globalThis as { isMainThread?: boolean }).isMainThread) {}
      return [Number(fields[0]), fields[1]!]
    }
    const job = await makeJob(
      await csvInput('endless', [20, 20], { analyse }),
      { workers: 2, batchSize: 10 },
      { signal: abort.signal },
    )
    const load = withThreadWorkers(job, pool, async (workers) => {
      setTimeout(() => abort.abort(new Error('stop button')), 100)
      return workers.load()
    })
    await expect(load).rejects.toThrow('stop button')
    delete global.isMainThread
  })

  it('an abort ends a load whose COPYs wait for a lock, and endWorkers their backends', async () => {
    const abort = new AbortController()
    const job = await makeJob(small, { workers: 2, batchSize: 1_000 }, { signal: abort.signal })
    const locker = new pg.Client(connectionConfig())
    await locker.connect()
    try {
      await locker.query(`BEGIN; LOCK TABLE ${schema}.records IN ACCESS EXCLUSIVE MODE`)
      const attempt = inThreads(job)
      attempt.catch(() => {})
      const waiting = "SELECT 1 FROM pg_locks WHERE NOT granted AND mode = 'RowExclusiveLock'"
      await expect.poll(async () => (await control().query(waiting)).rows).toHaveLength(2)
      abort.abort(new Error('stop button'))
      await expect(attempt).rejects.toThrow('stop button')
      expect((await control().query(waiting)).rows).toEqual([])
    } finally {
      await locker.end()
    }
    await inThreads(await makeJob(small, { workers: 2 }))
    expect(await content(small)).toMatchObject({ records: 23_000 })
  })

  it('a thread that dies fails the load with the reason, and the pool replaces it', async () => {
    const analyse = (fields: readonly string[]) => {
      if (fields[0] === '25') (globalThis as { process?: NodeJS.Process }).process?.exit(7)
      return [Number(fields[0]), fields[1]!]
    }
    const input = await csvInput('deadly', [20, 20, 20])
    const job = await makeJob(input, { workers: 2, batchSize: 10 })
    const deadly = job.files.map(({ file, ...place }) => {
      if (file.spec?.kind !== 'csv') throw new Error('Expected CSV files')
      const spec = { ...file.spec, format: { ...file.spec.format, analyse: analyse.toString() } }
      return { ...place, file: withSpec({ ...file }, spec) }
    })
    await expect(inThreads({ ...job, files: deadly })).rejects.toThrow(
      /^The thread of worker \d ended before its work was done: exit code 7$/,
    )
    await inThreads(await makeJob(input, { workers: 2, batchSize: 10 }))
    expect(await content(input)).toMatchObject({ records: 60 })
  })
})

describe('makeThreadPool()', () => {
  const threads = (): number => process.getActiveResourcesInfo().filter((name) => name === 'MessagePort').length

  it('keeps its threads from trial to trial, and close() ends them', async () => {
    const before = threads()
    const own = makeThreadPool()
    await inThreads(await makeJob(small, { workers: 2 }), own)
    await inThreads(await makeJob(small, { workers: 2 }), own)
    expect(threads()).toBe(before + 2)
    await own.close()
    expect(threads()).toBe(before)
  })

  it('does not keep the process alive, closed or not', () => {
    const module = new URL('../../../../dist/executor/load/threads/thread-pool.js', import.meta.url)
    const script = `import { makeThreadPool } from '${module}'; makeThreadPool().take(2); console.log('over')`
    const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '-e', script], { timeout: 120_000 })
    expect([stdout.toString(), status]).toEqual(['over\n', 0])
  })
})
