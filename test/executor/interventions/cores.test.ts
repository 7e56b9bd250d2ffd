import { spawnSync } from 'node:child_process'
import { availableParallelism } from 'node:os'
import { describe, expect, it } from 'vitest'
import {
  type CompletedTrial,
  type Factors,
  runTrial,
  synthetic,
  type Trial,
  withTrials,
} from '../../../src/entries/executor.js'
import { allowedCores, childrenOf, ownCores, parentOf } from '../../../src/executor/interventions/cores/affinity.js'
import { designOf } from '../../../src/study/design.js'
import { coresOf, coresText } from '../../../src/study/factors/cores.js'
import { levelText } from '../../../src/study/treatment.js'
import { useRunningServer } from '../running-server.js'

const running = useRunningServer()
const { server, rows } = running
const input = synthetic({ records: 2_000, width: 60 })

const canBind =
  process.platform === 'linux' && availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0

/** The cores of the server's processes and of this one's threads, each list once. */
async function allCores(): Promise<{ readonly server: readonly string[]; readonly client: readonly string[] }> {
  const [{ pid }] = (await rows('SELECT pg_backend_pid() AS pid')) as [{ pid: number }]
  const { pid: postmaster } = ((await rows("SELECT pg_read_file('postmaster.pid') AS text")) as { text: string }[]).map(
    ({ text }) => ({ pid: Number(text.split('\n')[0]) }),
  )[0]!
  // The backend of a connection that was closed ends a moment later.
  await expect.poll(() => parentOf(pid)).toBeNull()
  const processes = [postmaster, ...childrenOf(postmaster)]
  const lists = processes.map((one) => allowedCores(`/proc/${one}`)).filter((list) => list !== '')
  return { server: [...new Set(lists)], client: ownCores() }
}

async function completed(treatment: Factors): Promise<CompletedTrial> {
  const trial: Trial = await runTrial({ server, input, treatment })
  if (trial.state === 'failed') throw new Error(trial.error.message)
  return trial
}

describe.skipIf(!canBind)('cores', () => {
  it.each<[string, Factors]>([
    ['on the event loop', {}],
    ['on threads', { client: 'threads' }],
  ])(
    'are those of every process of the server and every thread of the client, and are given back: %s',
    async (_, factors) => {
      const before = await allCores()
      const session = {
        server,
        input,
        treatments: [{ ...factors, cores: '0/1' }, { ...factors, cores: '0/0' }, factors],
      }
      await withTrials(session, async (run) => {
        for (const cores of ['0/1', '0/0', 'shared', '0/1']) {
          const trial = await run({ treatment: { ...factors, workers: 2, cores } })
          expect(trial.state).toBe('completed')
          const [own, other] =
            cores === 'shared' ? [before.server, before.client] : cores.split('/').map((one) => [one])
          expect(await allCores()).toEqual({ server: own, client: other })
        }
      })
      expect(await allCores()).toEqual(before)
    },
  )

  it('are in the statistics of the scheduler: on one core, backends wait for it', async () => {
    const given = { workers: 2, encoding: 'binary', dispatch: 'queue', batchSize: 500, source: 'prepared' } as const
    const one = await completed({ ...given, cores: '0/0' })
    expect(one.backendQueueMs).toBeGreaterThan(0)
  })

  it('that are not there are refused, with those that are', async () => {
    await expect(completed({ cores: '0/4000' })).rejects.toThrow(
      /^The client may use the cores \S+ of this machine, and `cores` has 4000 for it in 0\/4000/,
    )
  })
})

describe('cores', () => {
  it('of a server that copylab has not started are refused', async () => {
    const foreign = {
      ...server,
      use: ((task, options) =>
        server.use(
          (connection) => task({ ...connection, facts: { ...connection.facts, kind: 'url' } }),
          options,
        )) as typeof server.use,
    }
    const refused = runTrial({ server: foreign, input, treatment: { cores: '0/0' }, yes: true })
    await expect(refused).rejects.toThrow(
      process.platform === 'linux' ? /^The server was not started by copylab/ : /^Cores are taken on Linux alone/,
    )
  })

  it.each(['0', '0/', '/1', '1-0/1', '0-0/1', '1+0/2', '0+1/2', '0-1+2/3', '0/1/2', '0,1/2', '00/1', '0/5000', 'all'])(
    'are not spelled %o',
    (cores) => {
      expect(() => designOf({ cores })).toThrow(
        /Expected `cores` to be a list of different texts: shared, or the server's/,
      )
    },
  )

  it.each(['0/1', '0-3/4-7', '0+2-4/1', '0-1/0-1'])('are spelled %o, and told in words', (cores) => {
    const { server: own, client } = coresOf(cores)!
    expect(`${coresText(own)}/${coresText(client)}`).toBe(cores)
    expect(levelText('cores', cores)).toBe(`server on cores ${coresText(own)}, client on ${coresText(client)}`)
  })
})
