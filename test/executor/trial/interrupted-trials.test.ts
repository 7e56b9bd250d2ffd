import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { withRelay } from '../../../bench/endurance/faults/relay.js'
import { checkStudy, compare, type InterruptedTrials, summarise } from '../../../src/entries/analysis.js'
import {
  type CompletedTrial,
  type Factors,
  readStudy,
  runTrial,
  type Server,
  type Study,
  synthetic,
  type Trial,
} from '../../../src/entries/executor.js'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { backendPid } from '../../../src/executor/load/event-loop.js'
import { lockHolders } from '../../../src/executor/probes/standstills/lock-holders.js'
import { onControl } from '../../../src/executor/trial/on-control.js'
import { workerSettings } from '../../../src/executor/trial/worker-settings.js'
import { projectRoot } from '../../../src/project.js'
import { defaultTreatment } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'

const { server, connection, rows } = useRunningServer()
const input = synthetic({ records: 80_000, width: 60 })

/**
 * How long a process stands still here: more than the second from which on a trial is interrupted.
 */
const stillMs = 1500
const interruption = (of: string): object => ({
  of,
  atMs: expect.any(Number) as number,
  // As it is seen: a look before it begins, and one after it has ended.
  ms: expect.closeTo(stillMs, -3) as number,
})

afterEach(() => vi.restoreAllMocks())

interface Loading {
  /** The backends of the workers that are in a COPY. */
  readonly pids: readonly number[]
  /** The table that they fill, quoted. */
  readonly table: string
}

/** Waits until workers of a study, or of any, are in a COPY. */
async function loading(study = '%'): Promise<Loading> {
  const sql = `
    SELECT pid, quote_ident('copylab_' || split_part(application_name, '/', 2)) || '.records' AS table
      FROM pg_stat_activity
      WHERE application_name LIKE 'copylab/${study}/w%' AND state = 'active' AND query LIKE 'COPY%'`
  return withClient(connection().config, async (client) => {
    for (;;) {
      const { rows: found } = await client.query<{ pid: number; table: string }>(sql)
      if (found[0]) return { pids: found.map(({ pid }) => pid), table: found[0].table }
      await setTimeout(2)
    }
  })
}

/** Runs a trial, and `disturb` once some of its workers are in a COPY. */
async function disturbedTrial(
  disturb: (loading: Loading) => Promise<void>,
  { probes = true, ...treatment }: Factors & { readonly probes?: boolean } = {},
): Promise<Trial> {
  const running = runTrial({ server, input, treatment: { workers: 2, batchSize: 2_000, ...treatment }, probes })
  const disturbing = loading().then(disturb)
  // What was wrong with the one must not leave the other running.
  await Promise.allSettled([running, disturbing])
  await disturbing
  return running
}

function completed(trial: Trial): CompletedTrial {
  if (trial.state === 'completed') return trial
  throw new Error(trial.error.message)
}

async function stop(pids: readonly number[]): Promise<void> {
  for (const pid of pids) signal(pid, 'SIGSTOP')
  await setTimeout(stillMs)
  for (const pid of pids) signal(pid, 'SIGCONT')
}

/** Stops a backend as `stop`, at a moment at which the server says that it waits for its client. */
async function stopWhereItWaits(pid: number): Promise<void> {
  for (;;) {
    signal(pid, 'SIGSTOP')
    const [waiting] = await rows(`SELECT 1 FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'ClientRead'`)
    if (waiting) return stop([pid])
    signal(pid, 'SIGCONT')
    await setTimeout(5)
  }
}

/**
 * Signals a process that may be gone by now, such as the backend that was asked for the others: the
 * rest must not stay stopped for its sake.
 */
function signal(pid: number, name: 'SIGSTOP' | 'SIGCONT'): void {
  try {
    process.kill(pid, name)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

/**
 * Holds a lock on a table for some time, as somebody whom copylab does not know; tells the process
 * that holds it once it does.
 */
async function lock(table: string, ms: number, held: (pid: number) => void = () => {}): Promise<void> {
  await withClient({ ...connection().config, application_name: 'nightly report' }, async (other) => {
    await other.query(`BEGIN; LOCK TABLE ${table} IN SHARE MODE`)
    held(backendPid(other))
    await setTimeout(ms)
    await other.query('COMMIT')
  })
}

describe('runTrial', () => {
  it('tells that the server stood still', async () => {
    const trial = await disturbedTrial(async () => {
      const found = (await rows(`
        SELECT pid FROM pg_stat_get_activity(NULL)
        UNION ALL SELECT split_part(pg_read_file('postmaster.pid'), E'\\n', 1)::int`)) as { pid: number }[]
      await stop(found.map(({ pid }) => pid))
    })
    expect(trial).toMatchObject({ state: 'completed', interruptions: [interruption('server')], blockers: [] })
  })

  it.each(['event-loop', 'threads'] as const)(
    'tells that the network to one worker stood still, client %s',
    async (client) => {
      const trial = await withRelay(connection(), (relay) => {
        relay.at({ role: 'worker', counted: 'bytes', after: 1_000_000 }, (line) => {
          setTimeout(stillMs + 1_500).then(relay.stall({ line }))
        })
        const through: Server = { ...server, use: (task) => task(relay.connection) }
        const treatment = { workers: 2, batchSize: 2_000, client }
        return runTrial({ server: through, input, treatment, probes: false })
      })
      const [stood, ...others] = completed(trial).interruptions!
      expect(stood).toMatchObject({ of: 'server' })
      expect(stood!.ms).toBeGreaterThanOrEqual(1_000)
      expect(others).toEqual([])
    },
  )

  it.skipIf(process.platform !== 'linux')('tells that one backend was stopped', async () => {
    const trial = await disturbedTrial(({ pids }) => stop(pids.slice(0, 1)), { probes: false })
    expect(trial).toMatchObject({ state: 'completed', interruptions: [interruption('backend')], blockers: [] })
  })

  it.skipIf(process.platform !== 'linux')(
    'tells that one backend was stopped while it waited for its worker',
    async () => {
      const trial = await disturbedTrial(({ pids }) => stopWhereItWaits(pids[0]!), { probes: false })
      expect(trial).toMatchObject({ state: 'completed', interruptions: [interruption('backend')], blockers: [] })
    },
  )

  it('tells that the machine slept: the clock of the day went on, and the one that measures did not', async () => {
    const night = 3_600_000
    const now = Date.now
    const trial = await disturbedTrial(async () => {
      vi.spyOn(Date, 'now').mockImplementation(() => now() + night)
    })
    const slept = { of: 'machine', ms: expect.closeTo(night, -3) as number }
    expect(trial).toMatchObject({ state: 'completed', interruptions: [slept], blockers: [] })
  })

  it.each([
    [900, { client: 'event-loop' as const }],
    [900, { client: 'threads' as const, probes: false }],
    [500, { client: 'event-loop' as const }],
  ] as const)(
    'tells who held a lock that workers waited for, and for how long: %i ms, %o',
    async (lockedMs, treatment) => {
      let pid = 0
      const held = ({ table }: Loading): Promise<void> =>
        lock(table, lockedMs, (own) => {
          pid = own
        })
      const { interruptions, blockers, parts } = completed(await disturbedTrial(held, treatment))
      const [blocker] = blockers!
      expect(blockers).toHaveLength(1)
      expect(blocker).toMatchObject({ pid, user: connection().config.user, application: 'nightly report' })
      const longest = parts.reduce((a, b) => (a.copyMs > b.copyMs ? a : b))
      expect(blocker!.waitedMs).toBeGreaterThan(100)
      expect(blocker!.waitedMs).toBeLessThan(longest.copyMs)
      expect(blocker!.workers).toContain(longest.worker)
      expect(interruptions).toEqual([])
    },
  )

  it('tells nothing where a busy machine keeps everybody waiting', async () => {
    const busy = [1, 2].map(() => spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }))
    try {
      const trial = await disturbedTrial(async () => {}, { workers: 8, batchSize: 500, secondaryIndexes: 1 })
      expect(trial).toMatchObject({ state: 'completed', interruptions: [], blockers: [] })
    } finally {
      for (const child of busy) child.kill('SIGKILL')
    }
  })

  it('fails where somebody holds a lock for too long, and says who', async () => {
    expect(workerSettings(defaultTreatment, {})).toMatchObject({ lock_timeout: '30s' })
    let pid = 0
    const held = ({ table }: Loading): Promise<void> =>
      lock(table, 1_200, (own) => {
        pid = own
      })
    const trial = await disturbedTrial(held, { settings: { impatient: { lock_timeout: '600ms' } } })
    if (trial.state === 'completed') throw new Error('Expected the trial to fail')
    const { name, message, sqlState, worker } = trial.error
    expect({ name, sqlState }).toEqual({ name: 'CopyError', sqlState: '55P03' })
    expect(message).toMatch(new RegExp(`^Worker ${worker} failed in batch \\d+, .*: canceling statement due to lock`))
    expect(message).toContain(
      `: process ${pid} (user ${connection().config.user}, application nightly report) held the lock; let that end`,
    )
  })
})

describe('lockHolders', () => {
  it('names those that others wait for, and not those that are asked about', async () => {
    const { config } = connection()
    await withClients([config, config, config], async ([control, first, second]) => {
      const [holder, waiting] = [backendPid(first!), backendPid(second!)]
      await first!.query('SELECT pg_advisory_lock(4712)')
      const locked = second!.query('SELECT pg_advisory_lock(4712)')
      await expect
        .poll(() => lockHolders(control!, [waiting]))
        .toEqual([{ waiting: 0, pid: holder, user: config.user, application: 'client backend' }])
      expect(await lockHolders(control!, [holder, waiting])).toEqual([])
      expect(await lockHolders(control!, [holder])).toEqual([])
      await first!.query('SELECT pg_advisory_unlock(4712)')
      await locked
    })
  })
})

describe('onControl', () => {
  it('says who held the lock that a statement gave up on', async () => {
    await rows('CREATE TABLE gate ()')
    let pid = 0
    const held = lock('gate', 2_500, (own) => {
      pid = own
    })
    try {
      await expect.poll(() => pid).not.toBe(0)
      await withClient({ ...connection().config, options: '-c lock_timeout=1800' }, async (control) => {
        const session = { study: 'gate', connection: connection(), control, signal: new AbortController().signal }
        const dropping = onControl(session, () => control.query('DROP TABLE gate'))
        await expect(dropping).rejects.toThrow(
          `: process ${pid} (user ${connection().config.user}, application nightly report) held the lock; let that end`,
        )
      })
    } finally {
      await held
      await rows('DROP TABLE gate')
    }
  })
})

/** Runs a study by the built command line, and `disturb` as its blocks run. */
async function copylabStudy(
  folder: string,
  disturb: (child: { readonly pid: number; ended(trials: number): Promise<void> }) => Promise<void>,
): Promise<string> {
  const { host, port, user, password, database } = connection().config
  const args =
    'study --name lab --server url --input synthetic --records 50000 --workers 1,2 --batch-size 1000 --warm-up-blocks 0 --blocks 4 --seed 1 --json'
  const child = spawn(process.execPath, [join(projectRoot, 'dist', 'cli.js'), ...args.split(' '), '--folder', folder], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      DATABASE_URL: undefined,
      PGHOST: host,
      PGPORT: String(port),
      PGUSER: user,
      PGPASSWORD: String(password),
      PGDATABASE: database,
    },
  })
  let said = ''
  child.stdout.resume()
  child.stderr.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  const closed = new Promise<number | null>((resolve) => child.on('close', resolve))
  const ended = async (trials: number): Promise<void> => {
    while (trialsIn(folder) < trials && child.exitCode === null) await setTimeout(5)
  }
  try {
    await disturb({ pid: child.pid!, ended })
    expect(await closed, said).toBe(0)
  } finally {
    child.kill('SIGKILL')
  }
  return said
}

/** Trials that the journal of the study `lab` holds. */
function trialsIn(folder: string): number {
  if (!existsSync(join(folder, 'lab'))) return 0
  const [journal] = readdirSync(join(folder, 'lab')).filter((file) => file.endsWith('.jsonl'))
  return journal ? readFileSync(join(folder, 'lab', journal), 'utf8').split('"type":"trial"').length - 1 : 0
}

describe('copylab study', () => {
  it('leaves out the blocks in which its process was stopped, and in which somebody held a lock', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'copylab interrupted '))
    try {
      let holder = 0
      await copylabStudy(folder, async ({ pid, ended }) => {
        // Two trials of each block.
        await ended(2)
        await loading('lab')
        await stop([pid])
        await ended(4)
        const { table } = await loading('lab')
        await lock(table, 900, (own) => {
          holder = own
        })
      })
      const study = readStudy('lab', { folder })
      const [still, locked] = ['interrupted-in-trial', 'blocked-in-trial'].map(
        (code) => checkStudy(study).find((finding) => finding.code === code) as InterruptedTrials,
      )
      expect(still).toMatchObject({ blocks: [2], interruptions: [interruption('client')] })
      expect(locked).toMatchObject({ blocks: [3], blockers: [{ pid: holder, application: 'nightly report' }] })
      const others: Study = { ...study, trials: study.trials.filter(({ block }) => block !== 2 && block !== 3) }
      const contrast = { a: { workers: 1 }, b: { workers: 2 } }
      const { blocks, estimate } = compare(study, contrast)
      expect(blocks).toBe(2)
      expect(estimate).toEqual(compare(others, contrast).estimate)
      expect(summarise(study)).toEqual(summarise(others))
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})
