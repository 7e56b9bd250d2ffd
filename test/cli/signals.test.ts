import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withRelay } from '../../bench/endurance/faults/relay.js'
import { projectRoot } from '../../src/project.js'
import { readStudy } from '../../src/study/journal/studies.js'
import { useRunningServer } from '../executor/running-server.js'

const { connection, rows } = useRunningServer()
const cli = join(projectRoot, 'dist', 'cli.js')

let folder: string
let running: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-signals-'))
})
afterEach(() => {
  for (const child of running) child.kill('SIGKILL')
  running = []
  rmSync(folder, { recursive: true })
})

/** Its trials are long enough to be met in their midst. */
const study = (): string[] => [
  ...'study --name told --server url --input synthetic --records 30000 --batch-size 1000 --blocks 2 --warm-up-blocks 0'.split(
    ' ',
  ),
  ...['--workers', '1,2', '--folder', folder],
]

interface Ended {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly stdout: string
  readonly stderr: string
}

/** For a command that is to use the server by a port. */
function environment(port = connection().config.port!): NodeJS.ProcessEnv {
  const { user, password, database } = connection().config
  return { ...process.env, DATABASE_URL: `postgresql://${user}:${password}@127.0.0.1:${port}/${database}` }
}

/**
 * Runs the built command line by a server at `port`, and calls `act` once, in the midst of the
 * trial that follows the first.
 */
function copylab(
  port: number,
  args: readonly string[],
  act: (child: ChildProcess) => unknown = () => {},
): Promise<Ended> {
  const child = spawn(process.execPath, [cli, ...args], { cwd: folder, env: environment(port) })
  running.push(child)
  let stdout = ''
  let stderr = ''
  let acted = false
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
    if (acted || !stderr.includes('1 of 4 trials')) return
    acted = true
    act(child)
  })
  return new Promise((resolve) => child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr })))
}

/** By the time that ten seconds have passed on a busy machine, too. */
const soon = <T>(ended: Promise<T>): Promise<T | string> =>
  Promise.race([ended, setTimeout(20_000, 'still running', { ref: false })])

/**
 * Expects that the server ends by itself what it could not be asked to end, and removes the schema.
 */
async function nothingIsLeft(): Promise<void> {
  const backends = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'copylab/told/%'"
  await expect.poll(() => rows(backends)).toEqual([])
  await rows('DROP SCHEMA IF EXISTS copylab_told CASCADE')
}

describe('copylab study', () => {
  it('ended by SIGTERM ends by it, keeps what was measured, and leaves nothing', async () => {
    const told = await copylab(connection().config.port!, study(), (child) => child.kill('SIGTERM'))
    expect(told).toMatchObject({ code: null, signal: 'SIGTERM' })
    expect(told.stderr).toContain('Ended; the same command continues where it stopped')
    expect(await rows("SELECT nspname FROM pg_namespace WHERE nspname = 'copylab_told'")).toEqual([])
    expect(readStudy('told', { folder }).trials.length).toBeGreaterThan(0)
  })

  it('ends by the first Ctrl-C although the network gives no answer any more', async () => {
    await withRelay(connection(), async (relay) => {
      const told = copylab(relay.connection.config.port!, study(), (child) => {
        relay.stall()
        child.kill('SIGINT')
      })
      expect(await soon(told)).toMatchObject({ code: 130, signal: null })
      expect((await told).stderr).toContain('Interrupted; the same command continues where it stopped')
    })
    await nothingIsLeft()
  })

  it('ends at once by a second SIGTERM, whatever it waits for', async () => {
    await withRelay(connection(), async (relay) => {
      const told = copylab(relay.connection.config.port!, study(), (child) => {
        relay.stall()
        child.kill('SIGTERM')
        void setTimeout(200).then(() => child.kill('SIGTERM'))
      })
      const ended = await soon(told)
      expect(ended).toMatchObject({ code: null, signal: 'SIGTERM' })
      // It did not get as far as to say how it ended.
      expect((await told).stderr).not.toContain('Ended;')
    })
    await nothingIsLeft()
  })

  const script = process.platform === 'linux' && spawnSync('script', ['--version']).status === 0
  it.skipIf(!script)(
    'ends by SIGHUP when its terminal is closed, and not by a crash (needs `script` of util-linux)',
    async () => {
      const status = join(folder, 'status')
      const log = join(folder, 'stderr')
      const own = `'${process.execPath}' '${cli}' ${study().join(' ')}`
      // The shell outlives the terminal, to tell how the command ended.
      const command = `trap '' HUP; ${own}; echo $? > '${status}'`
      const terminal = spawn('script', ['--quiet', '--flush', '--command', command, log], {
        cwd: folder,
        env: environment(),
      })
      running.push(terminal)
      await expect.poll(() => (existsSync(log) ? readFileSync(log, 'utf8') : '')).toContain('1 of 4 trials')
      terminal.kill('SIGKILL')
      await expect.poll(() => (existsSync(status) ? readFileSync(status, 'utf8') : '')).toMatch(/\d\n/)
      expect(readFileSync(status, 'utf8')).toBe('129\n')
      expect(readStudy('told', { folder }).trials.length).toBeGreaterThan(0)
    },
  )
})

describe('copylab study with trials that fail', () => {
  /** Of the tables for records that a study makes from now on, these take no record. */
  const closeTables = (...numbers: number[]) =>
    rows(`
      CREATE SCHEMA gate;
      CREATE SEQUENCE gate.tables;
      CREATE FUNCTION gate.close() RETURNS event_trigger LANGUAGE plpgsql AS $$
      DECLARE made record; BEGIN
        FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' AND object_identity = 'copylab_told.records' LOOP
          IF nextval('gate.tables') IN (${numbers}) THEN
            EXECUTE format('ALTER TABLE %s ADD CONSTRAINT closed CHECK (false)', made.object_identity);
          END IF;
        END LOOP;
      END $$;
      CREATE EVENT TRIGGER gate ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION gate.close()`)
  afterEach(() => rows('DROP EVENT TRIGGER IF EXISTS gate; DROP SCHEMA IF EXISTS gate CASCADE'))

  it('ends with 1 where one of a block failed, runs that again when called again, and ends with 0 then, whatever the warm-up did', async () => {
    const run = () => copylab(connection().config.port!, [...study(), '--warm-up-blocks', '1'])
    await closeTables(1, 4)
    const first = await run()
    expect(first.code).toBe(1)
    expect(first.stdout).toMatch(
      /^Trial 4 \(block 1, .*\) failed: .*closed.*\n1 trial failed: the same command runs it again$/m,
    )
    expect(first.stdout).toMatch(/^1 warm-up trial failed, which decides nothing; the last, trial 1: /m)
    const second = await run()
    expect(second.code, second.stderr).toBe(0)
    expect(second.stdout).toMatch(/^1 trial failed and was run again; the last, trial 4: /m)
    expect(second.stdout).toMatch(/^1 warm-up trial failed, which decides nothing; the last, trial 1: /m)
  })
})
