import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { withClient } from '../connect.js'
import { backendPid } from '../load/event-loop.js'
import type { OwnConfig } from '../server/reach/own-config.js'
import { isDisconnected } from './change.js'
import type { Left } from './left.js'
import { dropSchema, tryLockSchema } from './own-schema.js'

/** A session that ends: what it worked with, and how to get in again. */
export interface Ending {
  readonly schema: string
  /** The connection that held the schema. */
  readonly control: pg.Client
  /** Of that connection: for another one, when it is lost. */
  readonly config: OwnConfig
  /** Ends what workers may have left at the table. */
  readonly endWorkers: (control: pg.Client) => Promise<void>
}

/** How long removing a large table may take. */
const patienceMs = 60_000
/** How long the server may take to answer anew, and to let go of what a lost connection held. */
const againMs = 3_000
const pauseMs = 50

/**
 * Removes a study's schema at the end of its session; null once it is gone, else why it is still
 * there. Where the control connection is lost, or does not answer, it tries once more on a new one.
 * Never throws, and never waits for long.
 */
export async function clearUp(ending: Ending): Promise<Left | null> {
  const { schema, control } = ending
  try {
    return await within(control, () => dropSchema(control, schema))
  } catch (error) {
    if (!isDisconnected(error)) return { left: 'failed', schema, said: (error as Error).message }
  }
  try {
    return await dropAgain(ending)
  } catch (error) {
    return {
      left: 'failed',
      schema,
      said: `the connection was lost, and on a new one it could not be removed either (${(error as Error).message})`,
    }
  }
}

/** Calls `task`, and breaks the connection off when that takes longer than it may. */
async function within<T>(client: pg.Client, task: () => Promise<T>): Promise<T> {
  const timer = setTimeout(() => client.connection.stream.destroy(), patienceMs)
  try {
    return await task()
  } finally {
    clearTimeout(timer)
  }
}

/**
 * The backend of the lost connection may not know yet that it is, and hold the schema; nobody
 * else's is touched.
 */
async function dropAgain({ schema, control: lost, config, endWorkers }: Ending): Promise<Left | null> {
  const patience = AbortSignal.timeout(againMs)
  const dropOn = async (control: pg.Client): Promise<Left | null> => {
    await control.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND application_name = $2',
      [backendPid(lost), config.application_name],
    )
    while (!(await tryLockSchema(control, schema))) await sleep(pauseMs)
    await endWorkers(control)
    return dropSchema(control, schema)
  }
  return withClient(config, dropOn, { signal: patience })
}
