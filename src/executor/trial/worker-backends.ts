import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseError } from '../errors.js'
import { schemaOf } from '../footprint/mark.js'
import { databasePrefix } from '../footprint/own-databases.js'

/**
 * Returns the prefix of the `application_name` of a study's workers; the worker's number follows.
 */
export const workerPrefix = (study: string): string => `copylab/${study}/w`

/** Returns the number of the study's workers that are connected now. */
export async function countWorkers(control: pg.Client, study: string): Promise<number> {
  const found = await control.query<{ workers: number }>(
    'SELECT count(*)::int AS workers FROM pg_stat_activity WHERE starts_with(application_name, $1)',
    [workerPrefix(study)],
  )
  return found.rows[0]?.workers ?? 0
}

/** A backend that was asked to end. */
interface EndingBackend {
  readonly pid: number
  readonly name: string
  /** State and wait event: "active, IO:DataFileExtend". */
  readonly doing: string
}

/**
 * Asks the backends of the study's workers to end, in the current database and all those that the
 * study has of its own for it, and returns them.
 */
async function terminateWorkers(control: pg.Client, study: string): Promise<readonly EndingBackend[]> {
  const found = await control.query<EndingBackend>(
    `SELECT pid, application_name AS name, concat_ws(', ', state, wait_event_type || ':' || wait_event) AS doing, pg_terminate_backend(pid)
       FROM pg_stat_activity
       WHERE starts_with(application_name, $1) AND (datname = current_database() OR starts_with(datname, ${databasePrefix('$2')}))
       ORDER BY pid`,
    [workerPrefix(study), schemaOf(study)],
  )
  return found.rows
}

/** Time that a server that is busy writing may take to end a backend. */
const patienceMs = 30_000
const pauseMs = 10

/**
 * Ends the backends of workers that were disconnected during their work, and returns when they are
 * gone with their locks. A backend that waits for a lock notices neither the end of its connection
 * nor a CopyFail, and one that has not begun its statement yet would ignore a cancel; a termination
 * is effective at any time. Throws `DatabaseError` that names the backends which still exist after
 * `withinMs`.
 */
export async function endWorkers(control: pg.Client, study: string, withinMs = patienceMs): Promise<void> {
  const until = performance.now() + withinMs
  for (;;) {
    const left = await terminateWorkers(control, study)
    if (left.length === 0) return
    if (performance.now() >= until) {
      const names = left.map(({ pid, name, doing }) => `${pid} (${name}; ${doing})`)
      throw new DatabaseError(
        `The server has not ended ${left.length === 1 ? 'the backend' : 'the backends'} ${names.join(' and ')} within ${withinMs / 1000} s: find there what blocks it, then run again`,
      )
    }
    await setTimeout(pauseMs)
  }
}
