import { setImmediate, setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Factors, type Input, runTrial, synthetic } from '../../../src/entries/executor.js'
import { withClient, withClients } from '../../../src/executor/connect.js'
import { backendPid } from '../../../src/executor/load/event-loop.js'
import { withTrials } from '../../../src/executor/run-trial.js'
import { endWorkers, workerPrefix } from '../../../src/executor/trial/worker-backends.js'
import { useRunningServer } from '../running-server.js'
import { scratchEmbedded } from '../scratch-embedded.js'

const { server, connection, rows } = useRunningServer(scratchEmbedded)

/** Whoever inserts waits for it. */
const gate = 4711
const workers = "SELECT pid FROM pg_stat_activity WHERE application_name LIKE 'copylab/%/w%'"
const waiting = `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = ${gate} AND objsubid = 1 AND NOT granted`
let keeper: pg.Client

// Nothing here knows when a table is made, or when a COPY begins: the server itself puts a gate
// into every table of a study.
beforeAll(async () => {
  keeper = new pg.Client(connection().config)
  await keeper.connect()
  await keeper.query(`
    CREATE SCHEMA gate;
    -- With a row in it, one COPY comes to the gate, and the others are refused as soon as that one waits.
    CREATE TABLE gate.closed ();
    -- A process that is stopped as soon as a table is made.
    CREATE TABLE gate.freezes (pid int);
    CREATE FUNCTION gate.wait() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF EXISTS (SELECT FROM gate.closed) AND NOT pg_try_advisory_xact_lock(${gate}, 1) THEN
        WHILE NOT EXISTS (${waiting}) LOOP
          PERFORM pg_sleep(0.002);
        END LOOP;
        RAISE EXCEPTION 'refused';
      END IF;
      PERFORM pg_advisory_xact_lock_shared(${gate});
      RETURN NEW;
    END $$;
    CREATE FUNCTION gate.build() RETURNS event_trigger LANGUAGE plpgsql AS $$
    DECLARE made record; BEGIN
      -- The control connection waits for ever from here on, so that nothing but an abort ends its waiting.
      PERFORM set_config('lock_timeout', '0', false);
      FOR made IN SELECT * FROM pg_event_trigger_ddl_commands() WHERE object_type = 'table' AND schema_name LIKE 'copylab%' LOOP
        EXECUTE format('CREATE TRIGGER gate BEFORE INSERT ON %s FOR EACH ROW EXECUTE FUNCTION gate.wait()', made.object_identity);
      END LOOP;
      FOR made IN SELECT * FROM gate.freezes LOOP
        -- It reads what it is given: the server calls a program that ends before that broken.
        EXECUTE format('COPY (SELECT) TO PROGRAM %L', 'cat; kill -STOP ' || made.pid);
      END LOOP;
    END $$;
    CREATE EVENT TRIGGER gate ON ddl_command_end WHEN TAG IN ('CREATE TABLE') EXECUTE FUNCTION gate.build();
    SELECT pg_advisory_lock(${gate})`)
})
afterAll(() => keeper.end())
let abort: AbortController
let running: Promise<unknown> = Promise.resolve()
beforeEach(() => {
  abort = new AbortController()
})
// What a test found wrong must not spoil the next one.
afterEach(async () => {
  abort.abort(new Error('the test is over'))
  await keeper.query(`SELECT pg_terminate_backend(pid, 10000) FROM (${workers}) AS worker`)
  await keeper.query(`TRUNCATE gate.closed; SELECT pg_advisory_unlock_all(), pg_advisory_lock(${gate})`)
  await running
})

/** Until the test is over. */
async function openGate(): Promise<void> {
  await keeper.query('SELECT pg_advisory_unlock_all()')
}

async function pidsOf(sql: string): Promise<number[]> {
  return ((await rows(sql)) as { pid: number }[]).map(({ pid }) => pid)
}

/**
 * Runs a trial; says how it ended, and which of its workers' backends were there still, at that
 * moment.
 */
function outcomeOf(input: Input, treatment: Factors): Promise<{ outcome: string; left: number[] }> {
  const ended = runTrial({ server, input, treatment, signal: abort.signal }).then(
    (trial) => (trial.state === 'failed' ? `failed: ${trial.error.message}` : trial.state),
    (error: Error) => error.message,
  )
  running = ended
  return ended.then(async (outcome) => ({ outcome, left: await pidsOf(workers) }))
}

// Two files at least, so that two threads have work. The one is handed to the server as a whole; of
// the other most stays here, so that the server still asks for it when it looks.
const inputs = [
  { size: 'small', input: synthetic({ records: 10_000, width: 16 }) },
  { size: 'large', input: synthetic({ records: 80_000, width: 400 }) },
]
const clients = (['event-loop', 'threads'] as const).flatMap((client) => inputs.map((given) => ({ client, ...given })))

const common = { workers: 2, batchSize: 100_000, dispatch: 'split', source: 'prepared' } as const

describe('a trial that breaks while a COPY waits for a lock', () => {
  it.each(clients)('ends by an abort, and its backends with it: $client, $size', async ({ client, input }) => {
    const ended = outcomeOf(input, { ...common, client })
    await expect.poll(() => pidsOf(waiting)).not.toEqual([])
    abort.abort(new Error('stop button'))
    expect(await ended).toEqual({ outcome: 'stop button', left: [] })
  })

  it.each(clients)(
    'ends when the server refuses another COPY, and its backends with it: $client, $size',
    async ({ client, input }) => {
      await keeper.query('INSERT INTO gate.closed DEFAULT VALUES')
      const { outcome, left } = await outcomeOf(input, { ...common, client })
      expect(outcome).toMatch(/^failed: Worker \d failed in batch 0, .*: refused$/)
      expect(left).toEqual([])
    },
  )

  it('returns only when its backends are gone, also where the abort comes before they read the COPY', async () => {
    let stopped: number[] = []
    const given = synthetic({ records: 20_000, width: 16 })
    // The first four reads are the survey's. Then two files make a COPY each, which backends that
    // stand still do not see.
    let reads = 0
    const beforeRead = async (): Promise<void> => {
      reads++
      if (reads === 5) {
        stopped = await pidsOf(workers)
        for (const pid of stopped) process.kill(pid, 'SIGSTOP')
      }
      if (reads === 7) {
        await setImmediate()
        abort.abort(new Error('stop button'))
      }
    }
    const input: Input = {
      ...given,
      files: async (options) =>
        (await given.files(options)).map((file) => ({
          ...file,
          async *read() {
            await beforeRead()
            yield* file.read()
          },
        })),
    }
    const ended = outcomeOf(input, { workers: 2, batchSize: 5_000, dispatch: 'queue' })
    try {
      await new Promise((aborted) => abort.signal.addEventListener('abort', aborted))
      expect(stopped).toHaveLength(2)
      // Time for a call that does not wait for them; where this is too short, it is let off.
      await Promise.race([ended, setTimeout(500)])
    } finally {
      for (const pid of stopped) process.kill(pid, 'SIGCONT')
    }
    expect(await ended).toEqual({ outcome: 'stop button', left: [] })
  })
})

describe('endWorkers(control, study, withinMs)', () => {
  it('names the backends that the server has not ended in time', async () => {
    const config = { ...connection().config, application_name: 'copylab/endless/w0' }
    await withClients([config, { ...config, application_name: 'copylab/endlessly/w0' }], async ([stuck, other]) => {
      const pid = backendPid(stuck!)
      const atRest = `SELECT pid FROM pg_stat_activity WHERE pid = ${pid} AND wait_event = 'ClientRead'`
      await expect.poll(() => pidsOf(atRest)).toEqual([pid])
      process.kill(pid, 'SIGSTOP')
      try {
        await expect(endWorkers(keeper, 'endless', 20)).rejects.toThrow(
          `The server has not ended the backend ${pid} (copylab/endless/w0; idle, Client:ClientRead) within 0.02 s`,
        )
      } finally {
        process.kill(pid, 'SIGCONT')
      }
      await endWorkers(keeper, 'endless')
      expect(await pidsOf(workers)).toEqual([backendPid(other!)])
    })
  })
})

describe('an abort', () => {
  const given = inputs[0]!.input
  const controlWaits = `SELECT pid FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE application_name LIKE 'copylab/%/control' AND NOT granted`
  const setUp = () => ({ server, input: given, signal: abort.signal, treatments: [common] })
  const table = `"copylab_trial-${process.pid}".records`

  it('ends a trial whose table cannot be made because somebody else holds the one before', async () => {
    await openGate()
    await withTrials(setUp(), async (run) => {
      expect(await run({ treatment: common })).toMatchObject({ state: 'completed' })
      await keeper.query(`BEGIN; LOCK TABLE ${table}`)
      try {
        const second = run({ treatment: common })
        running = second.catch(() => {})
        await expect.poll(() => pidsOf(controlWaits)).toHaveLength(1)
        abort.abort(new Error('stop button'))
        await expect(second).rejects.toThrow('stop button')
        expect(await pidsOf(controlWaits)).toEqual([])
      } finally {
        await keeper.query('ROLLBACK')
      }
    })
  })

  it.each([true, false])('ends a trial that is observed or verified, with probes %j', async (probes) => {
    await withClient(connection().config, (locker) =>
      withTrials(setUp(), async (run) => {
        const trial = run({ treatment: common, probes })
        running = trial.catch(() => {})
        await expect.poll(() => pidsOf(waiting)).toHaveLength(2)
        // Waits in line after both COPYs, and before whatever reads the table after them.
        const locked = locker.query(`BEGIN; LOCK TABLE ${table}`)
        await expect
          .poll(() => pidsOf("SELECT pid FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND NOT granted"))
          .toHaveLength(1)
        await openGate()
        await locked
        try {
          await expect.poll(() => pidsOf(controlWaits)).toHaveLength(1)
          abort.abort(new Error('stop button'))
          await expect(trial).rejects.toThrow('stop button')
          expect(await pidsOf(controlWaits)).toEqual([])
        } finally {
          await locker.query('ROLLBACK')
        }
      }),
    )
  })

  it.each(['event-loop', 'threads'] as const)('ends a trial that waits for connections: %s', async (client) => {
    const [{ file }] = (await keeper.query("SELECT pg_read_file('postmaster.pid') AS file")).rows
    const postmaster = Number.parseInt(file, 10)
    await keeper.query('INSERT INTO gate.freezes VALUES ($1)', [postmaster])
    const ended = outcomeOf(given, { ...common, client })
    try {
      const connects = `SELECT pid FROM pg_stat_activity
        WHERE application_name LIKE 'copylab/%/control' AND state = 'idle' AND query = 'CHECKPOINT'`
      await expect.poll(async () => (await keeper.query(connects)).rowCount).toBe(1)
      abort.abort(new Error('stop button'))
      expect(await Promise.race([running, setTimeout(20_000, 'still waiting', { ref: false })])).toBe('stop button')
    } finally {
      process.kill(postmaster, 'SIGCONT')
      await keeper.query('TRUNCATE gate.freezes')
    }
    expect(await ended).toEqual({ outcome: 'stop button', left: [] })
  })

  it('is heard while an input is read that gives the event loop no turn by itself', async () => {
    let reads = 0
    const many = synthetic({ records: 100_000, width: 16 })
    const watched = (from: number): Input => ({
      ...many,
      files: async (options) =>
        (await many.files(options)).map((file) => ({
          ...file,
          async *read() {
            if (++reads === from) void setImmediate().then(() => abort.abort(new Error('stop button')))
            yield* file.read()
          },
        })),
    })
    const files = (await many.files()).length
    const treatment = { ...common, batchSize: 1_000, target: 'nothing' } as const
    expect((await outcomeOf(watched(1), treatment)).outcome).toBe('stop button')
    expect(reads).toBeLessThan(files)
    reads = 0
    abort = new AbortController()
    expect((await outcomeOf(watched(files + 1), treatment)).outcome).toBe('stop button')
    expect(reads).toBeLessThan(2 * files)
  })
})

describe('a session', () => {
  it('ends the backends that one before it, which was killed, left at its table', async () => {
    await openGate()
    const schema = `copylab_trial-${process.pid}`
    await keeper.query(`CREATE SCHEMA "${schema}"; COMMENT ON SCHEMA "${schema}" IS 'created by copylab';
      CREATE TABLE "${schema}".records () WITH (autovacuum_enabled = false)`)
    const config = { ...connection().config, application_name: `${workerPrefix(`trial-${process.pid}`)}0` }
    await withClient(config, async (left) => {
      await left.query(`BEGIN; LOCK TABLE "${schema}".records IN ROW EXCLUSIVE MODE`)
      expect(await outcomeOf(inputs[0]!.input, common)).toEqual({ outcome: 'completed', left: [] })
    })
  })
})
