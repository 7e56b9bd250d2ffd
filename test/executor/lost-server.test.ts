import { mkdtempSync, rmSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { withRelay } from '../../bench/endurance/faults/relay.js'
import { type Connection, embedded, type Input, runStudy, type Server, synthetic } from '../../src/entries/executor.js'
import { withClient } from '../../src/executor/connect.js'
import { DatabaseError } from '../../src/executor/errors.js'
import type { Client } from '../../src/executor/server/reach/client.js'
import { ownConfig } from '../../src/executor/server/reach/own-config.js'
import { watchServer } from '../../src/executor/trial/watch-server.js'
import { useRunningServer } from './running-server.js'

const running = useRunningServer()
const { connection, rows } = running

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-lost-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const factors = { workers: [1, 2], batchSize: 1_000 }
const given = synthetic({ records: 4_000, width: 16 })

/**
 * The input, which calls `act` in the midst of the trial with this number, while its clock runs.
 */
function acting(number: number, act: () => unknown): Input {
  let reads = 0
  return {
    ...given,
    files: async (options) => {
      const files = await given.files(options)
      return files.map((file, k) => ({
        ...file,
        async *read() {
          // Once for the checksum, then once for each trial.
          if (k === 0 && reads++ === number) await act()
          yield* file.read()
        },
      }))
    },
  }
}

const by = (own: Connection): Server => ({ describe: () => ({ kind: 'test' }), use: (task) => task(own) })
const study = (server: Server, input: Input, signal?: AbortSignal) =>
  runStudy({ name: 'lost', server, input, factors, blocks: 2, warmUpBlocks: 0, folder, signal })

/** Runs a study that loses its server in trial 3, and says by which error it ends. */
async function lossOf(server: Server, act: () => unknown): Promise<string> {
  const error = await study(server, acting(3, act)).then(
    () => new Error('the study went on'),
    (thrown: Error) => thrown,
  )
  expect(error).toBeInstanceOf(DatabaseError)
  expect(error.message).not.toMatch(/queryable/)
  return error.message
}

/** Expects that a later call completes what was kept: every place once. */
async function continued(server: Server = by(connection())): Promise<void> {
  const { trials } = await study(server, given)
  const completed = trials.filter(({ state }) => state === 'completed')
  expect(completed.map(({ block, treatment }) => `${block}/${treatment.workers}`).sort()).toEqual([
    '1/1',
    '1/2',
    '2/1',
    '2/2',
  ])
}

const ownBackends = "FROM pg_stat_activity WHERE application_name LIKE 'copylab/lost/%'"
const place = (own: Connection): string => `${own.config.host}:${own.config.port}/${own.config.database}`

describe('a study that loses its control connection', () => {
  it('ends with the first word of an administrator, and what is kept; the next call goes on', async () => {
    const message = await lossOf(by(connection()), () =>
      rows(`SELECT pg_terminate_backend(pid) ${ownBackends.replace('%', 'control')}`),
    )
    expect(message).toBe(
      `The connection to PostgreSQL at ${place(connection())} was lost (terminating connection due to administrator command, 57P01): an administrator ended it, or the server is shutting down. 2 trials are kept; the same command continues`,
    )
    await continued()
  })

  it('ends with the same word between two trials', async () => {
    let ended: Promise<unknown> = Promise.resolve()
    const between = runStudy({
      name: 'lost',
      server: by(connection()),
      input: given,
      factors,
      blocks: 2,
      warmUpBlocks: 0,
      folder,
      onProgress: ({ trial }) => {
        if (trial?.trial === 1) ended = rows(`SELECT pg_terminate_backend(pid) ${ownBackends.replace('%', 'control')}`)
      },
    })
    await expect(between).rejects.toThrow(/57P01\).*\. 1 trial is kept; the same command continues$/)
    await ended
    await continued()
  })

  it.each([
    ['reset', /was lost \((read|write) ECONNRESET\): the server, or something between, closed it/],
    ['end', /was lost \(Connection terminated unexpectedly\): the server, or something between, ended it/],
  ] as const)('ends with what the network said: %s', async (how, said) => {
    await withRelay(connection(), async (relay) => {
      expect(await lossOf(by(relay.connection), () => relay[how]())).toMatch(said)
    })
    await expect.poll(() => rows(`SELECT pid ${ownBackends}`)).toEqual([])
    await continued()
  })

  it.each([
    ['is refused', false, /^No server listens at .*: it, or the network to it, went away: see its log$/],
    [
      'is broken off',
      true,
      /^PostgreSQL at .* cannot be used \(.*\): it, or the network to it, went away: see its log$/,
    ],
  ] as const)('ends in one sentence where that connection %s', async (_, listens, said) => {
    const gone = createServer((socket) => socket.destroy())
    await new Promise<void>((listening) => gone.listen(0, '127.0.0.1', listening))
    const { port } = gone.address() as AddressInfo
    if (!listens) await new Promise((closed) => gone.close(closed))
    const error = await study(by({ ...connection(), config: { ...connection().config, port } }), given).catch(
      (thrown: Error) => thrown,
    )
    if (listens) await new Promise((closed) => gone.close(closed))
    expect(error).toBeInstanceOf(DatabaseError)
    expect((error as Error).message).toMatch(said)
    await continued()
  })

  it('ends with the word of a server one of whose processes crashed', async () => {
    const message = await lossOf(by(connection()), async () => {
      const [{ pid }] = (await rows(`SELECT pid ${ownBackends.replace('%', 'w0')}`)) as [{ pid: number }]
      process.kill(pid, 'SIGKILL')
      await setTimeout(300)
    })
    expect(message).toMatch(
      /because of crash of another server process, 57P02\): another process of the server crashed/,
    )
    await expect.poll(() => rows('SELECT 1 AS up').catch(() => 'down')).toEqual([{ up: 1 }])
    await continued()
  })

  it.each([
    ['SIGINT', /was shut down by another program \(received fast shutdown request\)/],
    ['SIGQUIT', /was shut down by another program \(received immediate shutdown request\)/],
    ['SIGKILL', /ended by itself \(signal SIGKILL\)|ended by itself \(exit code 137\)/],
  ] as const)('ends with the word of an embedded server that is ended by %s', async (signal, said) => {
    let postmaster = 0
    const own: Server = {
      describe: () => ({ kind: 'test' }),
      use: (task, options) =>
        // A cluster of its own: what a study leaves on a server that it lost stays there.
        embedded({ folder: join(folder, 'servers') }).use(async (started) => {
          postmaster = await withClient(started.config, async (client) => {
            const { rows: files } = await client.query<{ text: string }>(
              "SELECT pg_read_file('postmaster.pid') AS text",
            )
            return Number.parseInt(files[0]!.text, 10)
          })
          return task(started)
        }, options),
    }
    const message = await lossOf(own, async () => {
      process.kill(postmaster, signal)
      await setTimeout(300)
    })
    expect(message.split('\n')[0]).toMatch(said)
    expect(message.split('\n')[0]).toMatch(/2 trials are kept; the same command continues$/)
  })
})

it('a study on a server that is shutting down for its clients ends, and its places are not used up', async () => {
  let postmaster = 0
  let starts = 0
  const own: Server = {
    describe: () => ({ kind: 'test' }),
    use: (task, options) =>
      embedded().use(async (started) => {
        postmaster = await withClient(started.config, async (client) => {
          const { rows: files } = await client.query<{ text: string }>("SELECT pg_read_file('postmaster.pid') AS text")
          return Number.parseInt(files[0]!.text, 10)
        })
        starts++
        return task(started)
      }, options),
  }
  const ending = acting(2, () => process.kill(postmaster, 'SIGTERM'))
  await expect(study(own, ending)).rejects.toThrow(
    /was shut down by another program \(received smart shutdown request\).*\. 2 trials are kept; the same command continues\n/,
  )
  await continued(own)
  expect(starts).toBe(2)
})

describe('a trial that fails', () => {
  const options = { name: 'lost', factors: { workers: 2, batchSize: 500 }, warmUpBlocks: 0 }
  const run = (input: Input, blocks: number) =>
    runStudy({ ...options, server: by(connection()), folder, input, blocks })

  it('has the first word of the worker that was lost, and is run again by the next call', async () => {
    const losing = acting(2, () => rows(`SELECT pg_terminate_backend(pid, 5000) ${ownBackends.replace('%', 'w%')}`))
    const first = await run(losing, 3)
    const [failed, ...others] = first.trials.filter((trial) => trial.state === 'failed')
    expect(others).toEqual([])
    expect(failed).toMatchObject({ trial: 2, error: { name: 'CopyError', sqlState: '57P01' } })
    expect(failed!.error.message).toMatch(/: terminating connection due to administrator command$/)
    const { block, position } = failed!
    const second = await run(given, 3)
    expect(second.trials.map(({ trial, state }) => `${trial} ${state}`)).toEqual([
      '1 completed',
      '2 failed',
      '3 completed',
      '4 completed',
    ])
    expect(second.trials.at(-1)).toMatchObject({ block, position })
    expect((await run(given, 3)).origin).toBe('disk')
  })

  it('is run once a call, and stands after three failures that are alike', async () => {
    const gone = () => {
      throw new Error('the file is gone')
    }
    const calls = []
    for (let call = 0; call < 4; call++) calls.push(await run(acting(1, gone), 1))
    expect(calls.map(({ trials }) => trials.length)).toEqual([1, 2, 3, 3])
    expect(calls.map(({ origin }) => origin)).toEqual(['measured', 'measured', 'measured', 'disk'])
  })
})

it('runStudy names who holds the schema of its study', async () => {
  const holder = new pg.Client({ ...connection().config, application_name: 'copylab/lost/control' })
  await holder.connect()
  try {
    const [{ pid }] = (await holder.query("SELECT pg_backend_pid() AS pid, pg_advisory_lock(hashtext('copylab_lost'))"))
      .rows
    await expect(study(by(connection()), given)).rejects.toThrow(
      `in use by another session of the same study (process ${pid}, user ${connection().config.user}, copylab/lost/control)`,
    )
  } finally {
    await holder.end()
  }
})

describe('watchServer', () => {
  const watched = async (own: Connection, act: (control: Client) => Promise<unknown>): Promise<string[]> => {
    const said: string[] = []
    const config = ownConfig(own, 'copylab/lost/control')
    await withClient(config, async (control) => {
      let resolve = (): void => {}
      const silence = new Promise<void>((silent) => {
        resolve = silent
      })
      const watch = watchServer({
        config,
        place: 'there',
        control,
        onWait: (message) => said.push(message),
        onSilence: ({ message }) => {
          said.push(message)
          control.breakOff()
          resolve()
        },
        quietMs: 50,
        answerMs: 200,
      })
      await Promise.race([silence, act(control).finally(watch.end)])
    })
    return said
  }

  it('says at which statement a server is waited for, and waits for one that answers others', async () => {
    const said = await watched(connection(), (control) => control.query('SELECT pg_sleep(0.5), 1 AS one'))
    const kinds = new Set(said.map((text) => text.replace(/since \d+ s$/, 'since … s')))
    expect(kinds).toEqual(new Set(['waiting for the server at SELECT pg_sleep(0.5), 1 AS since … s']))
  })

  it('gives up a connection that carries nothing, although the server answers others', async () => {
    await withRelay(connection(), async (relay) => {
      const said = await watched(relay.connection, (control) => {
        const after = relay.passed('control').sendings
        relay.at({ role: 'control', counted: 'sendings', after }, (line) => relay.stall({ line }))
        return control.query('SELECT 1 AS one')
      })
      expect(said.at(-1)).toMatch(
        /^The connection to PostgreSQL at there carries nothing any more: for \d s copylab has waited at SELECT 1 AS one, and the server for copylab: check the network/,
      )
    })
  })

  it('gives up a server that answers nobody any more', async () => {
    await withRelay(connection(), async (relay) => {
      const said = await watched(relay.connection, (control) => {
        relay.stall()
        return control.query('CHECKPOINT')
      })
      expect(said.at(-1)).toMatch(
        /^PostgreSQL at there has given no answer for \d s, neither at CHECKPOINT nor to a new connection: check the server, the network/,
      )
    })
  })
})
