import type pg from 'pg'
import type { Blocker } from '../../../study/readings.js'

/** A session that keeps one of the given backends waiting for a lock. */
export interface LockHolder extends Pick<Blocker, 'pid' | 'user' | 'application'> {
  /** The backend that waits: its place in `pids`, from 0. */
  readonly waiting: number
}

/**
 * Returns the sessions that the backends `pids` wait for, except these backends themselves; empty
 * where none waits for a lock. Reads only what every user may read, so no query text. The lock
 * manager, which this blocks for a moment, is asked only about backends that do wait.
 */
export async function lockHolders(client: pg.Client, pids: readonly number[]): Promise<LockHolder[]> {
  const { rows } = await client.query<LockHolder>(
    `
      WITH activity AS MATERIALIZED (
        SELECT pid, usesysid, application_name, backend_type, wait_event_type FROM pg_stat_get_activity(NULL)
      )
      SELECT DISTINCT array_position($1::int[], waiting.pid) - 1 AS waiting, blocking.pid,
             pg_get_userbyid(holder.usesysid) AS user,
             coalesce(nullif(holder.application_name, ''), holder.backend_type, '') AS application
        FROM activity AS waiting
             CROSS JOIN LATERAL unnest(pg_blocking_pids(waiting.pid)) AS blocking (pid)
             LEFT JOIN activity AS holder ON holder.pid = blocking.pid
        WHERE waiting.wait_event_type = 'Lock' AND waiting.pid = ANY ($1) AND blocking.pid <> ALL ($1)`,
    [pids],
  )
  return rows
}
