import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { withClient } from '../connect.js'
import { backendPid } from '../load/event-loop.js'
import type { OwnConfig } from '../server/reach/own-config.js'
import { isDisconnected } from './change.js'
import type { Left } from './left.js'
import { dropDatabases } from './own-databases.js'
import { dropSchema, tryLockSchema } from './own-schema.js'

/** A session that ends: its connection and schema, and how to connect again. */
export interface Ending {
  readonly schema: string
  /** The connection that locked the schema. */
  readonly control: pg.Client
  /** Configuration of that connection, for another one when it is lost. */
  readonly config: OwnConfig
  /** Ends the backends of workers that may still use the table. */
  readonly endWorkers: (control: pg.Client) => Promise<void>
}

/** Time that the removal of a large table may take. */
const patienceMs = 60_000
/**
 * Time that the server may take to answer a new connection, and to release the locks of a lost one.
 */
const reconnectMs = 3_000
const pauseMs = 50

/**
 * Removes a study's schema and databases at the end of its session; returns null once they are
 * gone, else what remains, and why. Where the control connection is lost or does not answer, or the
 * server lost one to a node of its cluster, it tries once more on a new one. Never throws, and
 * never waits for long.
 */
export async function clearUp(ending: Ending): Promise<Left | null> {
  const { schema, control } = ending
  try {
    return await within(control, () => dropAll(control, schema))
  } catch (error) {
    if (!isDisconnected(error)) return { left: 'failed', schema, reason: (error as Error).message }
  }
  try {
    return await dropAgain(ending)
  } catch (error) {
    return {
      left: 'failed',
      schema,
      reason: `a connection was lost, and on a new one it could not be removed either (${(error as Error).message})`,
    }
  }
}

/** Removes a study's databases and its schema; returns the first that remains, and why. */
async function dropAll(control: pg.Client, schema: string): Promise<Left | null> {
  const database = await dropDatabases(control, schema)
  return (await dropSchema(control, schema)) ?? database
}

/** Calls `task`, and breaks the connection off when it takes too long. */
async function within<T>(client: pg.Client, task: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => client.connection.stream.destroy(), patienceMs)
  try {
    return await task()
  } finally {
    clearTimeout(timer)
  }
}

/**
 * Removes the schema over a new connection. The backend of the lost connection may not have noticed
 * the loss and still lock the schema: it is ended, and no other backend.
 */
async function dropAgain({ schema, control: lost, config, endWorkers }: Ending): Promise<Left | null> {
  const patience = AbortSignal.timeout(reconnectMs)
  const dropOn = async (control: pg.Client): Promise<Left | null> => {
    await control.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND application_name = $2',
      [backendPid(lost), config.application_name],
    )
    while (!(await tryLockSchema(control, schema))) await sleep(pauseMs)
    await endWorkers(control)
    return dropAll(control, schema)
  }
  return withClient(config, dropOn, { signal: patience })
}
