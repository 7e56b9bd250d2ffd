import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import { DatabaseError } from '../errors.js'

/** What the `application_name` of every worker of a study begins with; its number follows. */
export const workerPrefix = (study: string): string => `copylab/${study}/w`

/** How many of the study's workers are connected now. */
export async function countWorkers(control: pg.Client, study: string): Promise<number> {
  const found = await control.query<{ workers: number }>(
    'SELECT count(*)::int AS workers FROM pg_stat_activity WHERE starts_with(application_name, $1)',
    [workerPrefix(study)],
  )
  return found.rows[0]?.workers ?? 0
}

/** A backend that has been told to end. */
interface EndingBackend {
  readonly pid: number
  readonly name: string
  /** Where it is: "active, IO:DataFileExtend". */
  readonly doing: string
}

/** Tells the backends of the study's workers to end, and says which there were. */
async function terminateWorkers(control: pg.Client, study: string): Promise<readonly EndingBackend[]> {
  const found = await control.query<EndingBackend>(
    `SELECT pid, application_name AS name, concat_ws(', ', state, wait_event_type || ':' || wait_event) AS doing, pg_terminate_backend(pid)
       FROM pg_stat_activity
       WHERE starts_with(application_name, $1) AND datname = current_database()
       ORDER BY pid`,
    [workerPrefix(study)],
  )
  return found.rows
}

/** Longer than a server that is busy writing needs to let go of a backend. */
const patienceMs = 30_000
const pauseMs = 10

/**
 * Ends the backends of workers that were disconnected in the midst of their work, and returns when
 * they are gone with their locks. A backend that waits for a lock sees neither the end of its
 * connection nor a CopyFail, and one that has not begun its statement yet would pass over a cancel;
 * a termination holds whenever it comes. Throws `DatabaseError` that names the backends which are
 * still there after `withinMs`.
 */
export async function endWorkers(control: pg.Client, study: string, withinMs = patienceMs): Promise<void> {
  const until = performance.now() + withinMs
  for (;;) {
    const left = await terminateWorkers(control, study)
    if (left.length === 0) return
    if (performance.now() >= until) {
      const names = left.map(({ pid, name, doing }) => `${pid} (${name}; ${doing})`)
      throw new DatabaseError(
        `The server has not ended ${left.length === 1 ? 'the backend' : 'the backends'} ${names.join(' and ')} within ${withinMs / 1000} s: see there what keeps it, then run again`,
      )
    }
    await setTimeout(pauseMs)
  }
}
