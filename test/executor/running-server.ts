import pg from 'pg'
import { afterAll, afterEach, beforeAll, expect } from 'vitest'
import { type Connection, embedded, type Server } from '../../src/entries/executor.js'

/** A server that the tests of a file share. */
export interface RunningServer {
  /** Handed to a study as it is: it neither starts nor stops anything. */
  readonly server: Server
  connection(): Connection
  /** Runs a statement on a connection of its own. */
  rows(sql: string): Promise<object[]>
  /** How often a study used the server, since the file began. */
  uses(): number
}

/**
 * Starts `started` for the tests of the calling file, checks after each test that copylab left
 * nothing on it, and stops it at the end.
 */
export function useRunningServer(started: Server = embedded()): RunningServer {
  let connection: Connection
  let release = (): void => {}
  let stopped: Promise<void> = Promise.resolve()
  let uses = 0
  /**
   * What a run that was killed left in the project's cluster: a session of the same study removes
   * it, and these tests are not to blame.
   */
  let found: readonly unknown[] = []
  const schemas = async (): Promise<unknown[]> =>
    (
      await running.rows(
        "SELECT nspname FROM pg_namespace WHERE nspname LIKE 'copylab%' UNION ALL SELECT datname FROM pg_database WHERE datname LIKE 'copylab%/%'",
      )
    ).map((row) => Object.values(row).at(0))
  const running: RunningServer = {
    server: {
      describe: () => ({ kind: 'test' }),
      use: (task) => {
        uses++
        return task(connection)
      },
    },
    connection: () => connection,
    async rows(sql) {
      const client = new pg.Client(connection.config)
      await client.connect()
      try {
        return (await client.query(sql)).rows as object[]
      } finally {
        await client.end()
      }
    },
    uses: () => uses,
  }
  beforeAll(async () => {
    await new Promise<void>((ready, failed) => {
      stopped = started
        .use(async (own) => {
          connection = own
          await new Promise<void>((resolve) => {
            release = resolve
            ready()
          })
        })
        .catch(failed)
    })
    found = await schemas()
  })
  afterEach(async () => {
    expect((await schemas()).filter((schema) => !found.includes(schema))).toEqual([])
    expect(
      await running.rows(
        "SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'copylab/%' AND backend_type = 'client backend'",
      ),
    ).toEqual([])
  })
  afterAll(async () => {
    release()
    await stopped
  })
  return running
}
