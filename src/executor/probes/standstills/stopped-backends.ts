import type pg from 'pg'

/**
 * Whether any of the backends `pids` is stopped by a signal (proc(5), field 3 of
 * `/proc/<pid>/stat`). The user must be allowed to read that.
 */
export async function someStopped(control: pg.Client, pids: readonly number[]): Promise<boolean> {
  const { rows } = await control.query<{ stopped: boolean | null }>(
    `SELECT bool_or(split_part(pg_read_file('/proc/' || pid || '/stat', 0, 400, true), ') ', 2) LIKE 'T%') AS stopped
             FROM unnest($1::int[]) AS pid`,
    [pids],
  )
  return rows[0]?.stopped ?? false
}
