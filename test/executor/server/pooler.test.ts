import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { serverChecks } from '../../../src/doctor/server.js'
import { DatabaseError } from '../../../src/executor/errors.js'
import { synthetic } from '../../../src/executor/input/synthetic/synthetic.js'
import { runStudy } from '../../../src/executor/run-study.js'
import { runTrial } from '../../../src/executor/run-trial.js'
import { url } from '../../../src/executor/server/url.js'
import { useRunningServer } from '../running-server.js'
import { type PoolOptions, withPool } from './pool.js'

const { connection, rows } = useRunningServer()
const at = (port: number, more = '') => url(`postgres://copylab@127.0.0.1:${port}/copylab${more}`)
const input = synthetic({ records: 2_000, width: 40 })

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'copylab-pooler-'))
})
afterEach(async () => {
  rmSync(folder, { recursive: true })
  await noLockIsLeft()
})

/**
 * A lock that is left in a pool would be held by whoever comes next; those of a connection that was
 * closed go in a moment.
 */
async function noLockIsLeft(): Promise<void> {
  const held = (): Promise<unknown[]> => rows("SELECT FROM pg_locks WHERE locktype = 'advisory'")
  await expect.poll(held, { timeout: 5_000 }).toEqual([])
}

const sharing: PoolOptions[] = (['last', 'first', 'any'] as const).flatMap((takes) =>
  [false, true].map((tellsBackend): PoolOptions => ({ mode: 'transaction', takes, tellsBackend })),
)

describe('a pool that changes connections between statements', () => {
  test.each([...sharing, { mode: 'transaction', backends: 1 } as const])(
    'is refused at once, and nothing is left in it: %o',
    async (options) => {
      await withPool(connection().config, options, async (port) => {
        const study = runStudy({
          name: 'pooled',
          server: at(port),
          input,
          factors: { workers: [1, 2] },
          blocks: 1,
          folder,
          onProgress: ({ message }) => expect(message).not.toMatch(/reading the input/),
        })
        await expect(study).rejects.toThrow(DatabaseError)
        await expect(study).rejects.toThrow(
          /^A pooler stands between .* changes connections between statements .*: connect to the server itself, or to a pool in session mode/,
        )
        await noLockIsLeft()
      })
    },
  )

  test('is named by the doctor', async () => {
    await withPool(connection().config, { mode: 'transaction' }, async (port) => {
      expect(await serverChecks(at(port))).toMatchObject([
        { state: 'problem', remedy: expect.stringMatching(/^A pooler stands between/) },
      ])
      await noLockIsLeft()
    })
  })
})

test('a pool that refuses what connections are started with is named, with the remedy', async () => {
  for (const mode of ['transaction', 'session'] as const) {
    await withPool(connection().config, { mode, strict: true }, async (port) => {
      await expect(at(port).use(async () => 1)).rejects.toThrow(
        /^A pooler stands between .* \(unsupported startup parameter: options\), as PgBouncer does: connect to the server itself, or to a pool in session mode with ignore_startup_parameters = options$/,
      )
    })
  }
})

describe('a pool in session mode', () => {
  const records = synthetic({ records: 20_000, width: 40 })
  const pool: PoolOptions = { mode: 'session', backends: 12 }

  test('is worked through: its connections get what they were not started with', async () => {
    await withPool(connection().config, pool, async (port) => {
      const server = at(port)
      expect(await server.use(async ({ pooled, facts }) => [pooled, facts.findings.map(({ code }) => code)])).toEqual([
        true,
        ['pooler-between'],
      ])
      const settings = { hasty: { statement_timeout: '1ms' } }
      const trial = await runTrial({ server, input: records, treatment: { workers: 1, batchSize: 20_000, settings } })
      expect(trial).toMatchObject({ state: 'failed', error: { message: expect.stringMatching(/statement timeout/) } })
    })
  })

  test.each(['event-loop', 'threads'] as const)('is worked through: its backends are known (%s)', async (client) => {
    await withPool(connection().config, pool, async (port) => {
      const trial = await runTrial({
        server: at(port),
        input: records,
        treatment: { workers: 2, batchSize: 1_000, client },
      })
      if (trial.state === 'failed') throw new Error(trial.error.message)
      expect(trial.waits?.counts.reduce((sum, { count }) => sum + count, 0)).toBeGreaterThan(0)
    })
  })

  test('that has too few backends is named', async () => {
    await withPool(connection().config, { mode: 'session', backends: 1 }, async (port) => {
      await expect(at(port, '?connect_timeout=1').use(async () => 1)).rejects.toThrow(
        /^A new connection got no answer within 1 s: where a pooler stands between, raise its pool size, or connect/,
      )
    })
  })
})
