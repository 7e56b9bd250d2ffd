import type pg from 'pg'

/**
 * Returns, for each of the backends `pids`, whether it is stopped by a signal (proc(5), field 3 of
 * `/proc/<pid>/stat`); false for one that is gone. The user must be allowed to read that.
 */
export async function stoppedBackends(control: pg.Client, pids: readonly number[]): Promise<boolean[]> {
  const { rows } = await control.query<{ stopped: boolean | null }>(
    `SELECT split_part(pg_read_file('/proc/' || pid || '/stat', 0, 400, true), ') ', 2) LIKE 'T%' AS stopped
       FROM unnest($1::int[]) WITH ORDINALITY AS worker (pid, place)
       ORDER BY place`,
    [pids],
  )
  return rows.map(({ stopped }) => stopped ?? false)
}
