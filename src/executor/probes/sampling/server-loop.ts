import pg from 'pg'
import { whileHeard } from '../../server/reach/while-heard.js'

const { escapeLiteral } = pg

/** The connection on which a loop runs in the server, and the one that ends it. */
export interface LoopConnections {
  readonly observer: pg.Client
  readonly control: pg.Client
}

/** A function of the study's schema that samples until it may take a lock. */
export interface ServerLoop {
  /** Name of its lock: different for loops that run at once. */
  readonly name: string
  readonly schema: string
  /**
   * Query that calls the function; the two keys of its lock are the parameters after `values`.
   */
  readonly query: string
  readonly values: readonly unknown[]
}

/**
 * Starts a loop in the server, which reports by a notice that it runs; the returned function ends
 * it and returns its rows. It ends when the control connection lets go of its lock, so it does not
 * outlive that connection. Rejects when the server refuses.
 */
export async function startLoop<Row extends pg.QueryResultRow>(
  { observer, control }: LoopConnections,
  { name, schema, query, values }: ServerLoop,
): Promise<() => Promise<Row[]>> {
  const lockKeys = `hashtext(${escapeLiteral(name)}), hashtext(${escapeLiteral(schema)})`
  const keys = await control.query<{ class: number; object: number }>(
    `SELECT hashtext(${escapeLiteral(name)}) AS class, hashtext(${escapeLiteral(schema)}) AS object, pg_advisory_lock(${lockKeys})`,
  )
  const { class: lockClass, object } = keys.rows[0]!
  const unlock = async (): Promise<void> => {
    await control.query(`SELECT pg_advisory_unlock(${lockKeys})`)
  }
  const observing = new Promise<void>((resolve) => observer.once('notice', () => resolve()))
  const ended = observer.query<Row>(query, [...values, lockClass, object])
  // An error is thrown when the loop is stopped; until then it is not handled.
  ended.catch(() => {})
  let stopped = false
  const stop = async (): Promise<Row[]> => {
    if (!stopped) await unlock()
    stopped = true
    return (await whileHeard(observer, ended)).rows
  }
  try {
    await whileHeard(observer, Promise.race([observing, ended]))
    return stop
  } catch (error) {
    await unlock()
    throw error
  }
}
