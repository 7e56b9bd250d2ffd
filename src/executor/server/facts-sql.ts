import type { Client } from 'pg'

/** Version of a server, as text and as a number: "18.4" and 180004. */
export interface Version {
  readonly version: string
  readonly versionNumber: number
}

/** Rights of the user. */
export interface Rights {
  readonly superuser: boolean
  readonly canCheckpoint: boolean
  readonly canCreateSchema: boolean
}

/** Whether the server accepts writes. */
export interface Writability {
  readonly inRecovery: boolean
  readonly readOnly: boolean
}

/**
 * Settings that affect a bulk load, or the reading of its results; a version has only some of them.
 */
export const recordedSettings = [
  'autovacuum',
  'bgwriter_delay',
  'bgwriter_flush_after',
  'bgwriter_lru_maxpages',
  'bgwriter_lru_multiplier',
  'checkpoint_completion_target',
  'checkpoint_flush_after',
  'checkpoint_timeout',
  'commit_delay',
  'commit_siblings',
  'data_checksums',
  'effective_io_concurrency',
  'file_extend_method',
  'fsync',
  'full_page_writes',
  'huge_pages',
  'huge_pages_status',
  'io_combine_limit',
  // From 19 on these two and the pauses between them take the place of `io_workers`.
  'io_max_workers',
  'io_method',
  'io_min_workers',
  'io_worker_idle_timeout',
  'io_worker_launch_interval',
  'io_workers',
  'lc_messages',
  'log_checkpoints',
  'maintenance_work_mem',
  'max_connections',
  'max_parallel_workers',
  'max_wal_senders',
  'max_wal_size',
  'max_worker_processes',
  'min_wal_size',
  'server_encoding',
  'shared_buffers',
  'shared_preload_libraries',
  'synchronous_commit',
  'synchronous_standby_names',
  'TimeZone',
  'track_io_timing',
  'track_wal_io_timing',
  'wal_buffers',
  'wal_compression',
  'wal_init_zero',
  'wal_level',
  'wal_recycle',
  'wal_segment_size',
  'wal_sync_method',
  'wal_writer_delay',
  'wal_writer_flush_after',
]

export async function selectVersion(client: Client): Promise<Version> {
  const { rows } = await client.query<{ version: string; versionNumber: number }>(
    `SELECT split_part(current_setting('server_version'), ' ', 1) AS version,
            current_setting('server_version_num')::int AS "versionNumber"`,
  )
  return rows[0]!
}

/**
 * Reads the user's rights. CHECKPOINT needs a superuser, or from 15 the privileges of
 * `pg_checkpoint`.
 */
export async function selectRights(client: Client): Promise<Rights> {
  const { rows } = await client.query<Rights>(
    `SELECT rolsuper AS superuser,
            rolsuper OR EXISTS (SELECT FROM pg_roles AS role
              WHERE role.rolname = 'pg_checkpoint' AND pg_has_role(current_user, role.oid, 'USAGE')) AS "canCheckpoint",
            has_database_privilege(current_database(), 'CREATE') AS "canCreateSchema"
     FROM pg_roles WHERE rolname = current_user`,
  )
  return rows[0]!
}

/** SQL condition: the user may read files of the server. */
export const mayReadFiles = `has_function_privilege('pg_read_file(text, bigint, bigint, boolean)', 'EXECUTE')
            AND pg_has_role(current_user, 'pg_read_server_files', 'USAGE')`

/**
 * Returns the reason why files of `/proc` on the server's host cannot be read, with the remedy;
 * null when they can. Reading needs the privileges of `pg_read_server_files` and the right to call
 * the function, which together allow reading everything that the server may read.
 */
export async function selectProcRefusal(client: Client): Promise<string | null> {
  const { rows } = await client.query<{ allowed: boolean }>(`SELECT ${mayReadFiles} AS allowed`)
  if (!rows[0]!.allowed) {
    return 'this user may not read files of the server: connect as a superuser, or grant it pg_read_server_files and EXECUTE on pg_read_file'
  }
  try {
    const read = await client.query<{ stat: string | null }>(
      "SELECT pg_read_file('/proc/self/stat', 0, 4000, true) AS stat",
    )
    return read.rows[0]!.stat
      ? null
      : 'the host of the server has no /proc, which only Linux has: measure on Linux where they are wanted, everything else is measured here too'
  } catch (error) {
    return `the server refuses to read /proc (${(error as Error).message}): let its sandbox read /proc, or measure on a server outside of it`
  }
}

export async function selectWritability(client: Client): Promise<Writability> {
  const { rows } = await client.query<Writability>(
    `SELECT pg_is_in_recovery() AS "inRecovery", current_setting('transaction_read_only')::bool AS "readOnly"`,
  )
  return rows[0]!
}

/**
 * Returns how many more connections are possible, without this one: the minimum of what the server,
 * the database and the role allow. Connections reserved for others count as taken. `datid` is seen
 * by every user, `backend_type` is not.
 */
export async function selectFreeConnections(client: Client): Promise<number> {
  const { rows } = await client.query<{ free: number }>(
    `SELECT least(
       current_setting('max_connections')::int - count(*)
         - CASE WHEN role.rolsuper THEN 0 ELSE current_setting('superuser_reserved_connections')::int
             + coalesce(current_setting('reserved_connections', true)::int, 0) END,
       CASE WHEN database.datconnlimit < 0 OR role.rolsuper THEN NULL
            ELSE database.datconnlimit - count(*) FILTER (WHERE activity.datid = database.oid) END,
       CASE WHEN role.rolconnlimit < 0 OR role.rolsuper THEN NULL
            ELSE role.rolconnlimit - count(*) FILTER (WHERE activity.usesysid = role.oid) END
     )::int AS free
     FROM pg_stat_activity AS activity, pg_roles AS role, pg_database AS database
     WHERE activity.datid IS NOT NULL AND role.rolname = current_user AND database.datname = current_database()
     GROUP BY role.rolsuper, role.rolconnlimit, role.oid, database.datconnlimit, database.oid`,
  )
  return rows[0]!.free
}

/** Reads the recorded settings that this version has and this user may see, by name. */
export async function selectSettings(client: Client): Promise<Record<string, string>> {
  const { rows } = await client.query<{ name: string; value: string }>(
    'SELECT name, current_setting(name) AS value FROM pg_settings WHERE name = ANY ($1) ORDER BY name COLLATE "C"',
    [recordedSettings],
  )
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

/** Reads the database's collation, which is not a setting from PostgreSQL 16 on. */
export async function selectCollation(client: Client): Promise<string> {
  const { rows } = await client.query<{ collation: string }>(
    'SELECT datcollate AS collation FROM pg_database WHERE datname = current_database()',
  )
  return rows[0]!.collation
}

/** Reads the encoding of the database. */
export async function selectEncoding(client: Client): Promise<string> {
  const { rows } = await client.query<{ encoding: string }>("SELECT current_setting('server_encoding') AS encoding")
  return rows[0]!.encoding
}
