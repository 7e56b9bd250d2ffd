import { setTimeout } from 'node:timers/promises'
import type pg from 'pg'
import type { IndexSize, WorkerReading } from '../../study/readings.js'
import type { Measurements } from '../../study/trial.js'
import { qualifiedTable } from '../footprint/mark.js'
import { partitionTreeSql } from '../table/partition-tree.js'
import { relationSizes } from '../table/relation-sizes.js'

/** Measurements of a trial from the server's own statistics. */
export type WalIoMeasurements = Pick<
  Measurements,
  | 'walBytes'
  | 'walRecords'
  | 'walFullPages'
  | 'walSyncs'
  | 'walWriteMs'
  | 'walSyncMs'
  | 'extends'
  | 'extendBytes'
  | 'extendMs'
  | 'writeBytes'
  | 'writeMs'
  | 'checkpoints'
  | 'tableBytes'
  | 'indexBytes'
  | 'configurationLoadedAt'
>

/** Readings of one worker's backend from the server's own statistics. */
export type BackendWalIo = Pick<WorkerReading, 'walBytes' | 'extendBytes' | 'writeBytes'>

export const unreadWalIo: WalIoMeasurements = {
  walBytes: null,
  walRecords: null,
  walFullPages: null,
  walSyncs: null,
  walWriteMs: null,
  walSyncMs: null,
  extends: null,
  extendBytes: null,
  extendMs: null,
  writeBytes: null,
  writeMs: null,
  checkpoints: null,
  tableBytes: null,
  indexBytes: null,
  configurationLoadedAt: null,
}

export const unreadBackendWalIo: BackendWalIo = { walBytes: null, extendBytes: null, writeBytes: null }

/**
 * Cluster-wide counters; null where this version has none. Times stay 0 where the server does not
 * measure them.
 */
export interface Counters {
  readonly walRecords: number
  readonly walFullPages: number
  readonly walSyncs: number
  readonly walWriteMs: number
  readonly walSyncMs: number
  readonly checkpoints: number
  readonly extends: number | null
  readonly extendBytes: number | null
  readonly extendMs: number | null
  readonly writeBytes: number | null
  readonly writeMs: number | null
  /** Time of the last reading of the configuration: ISO 8601, UTC. */
  readonly configurationLoadedAt: string
}

/**
 * PostgreSQL 14 writes its statistics for readers twice a second at most (pgstat.c,
 * PGSTAT_STAT_INTERVAL).
 */
const lagOf14Ms = 600

/**
 * Reads the counters. They contain the work of backends once these have disconnected (14), or have
 * flushed (15 and newer). `extends` counts pages in 16 and 17 and calls in 18, so only
 * `extendBytes` can be compared.
 */
export async function readCounters(control: pg.Client, versionNumber: number): Promise<Counters> {
  if (versionNumber < 150_000) await setTimeout(lagOf14Ms)
  const { rows } = await control.query<Record<string, number | null>>(countersSql(versionNumber))
  return rows[0] as unknown as Counters
}

/** Query for one row of `Counters`. */
export function countersSql(versionNumber: number): string {
  const wal =
    versionNumber >= 180_000
      ? `(SELECT sum(fsyncs) AS "walSyncs", sum(write_time) AS "walWriteMs", sum(fsync_time) AS "walSyncMs"
          FROM pg_stat_io WHERE object = 'wal') AS wal`
      : '(SELECT wal_sync AS "walSyncs", wal_write_time AS "walWriteMs", wal_sync_time AS "walSyncMs" FROM pg_stat_wal) AS wal'
  const checkpoints =
    versionNumber >= 170_000
      ? '(SELECT num_timed + num_requested AS checkpoints FROM pg_stat_checkpointer) AS checkpointer'
      : '(SELECT checkpoints_timed + checkpoints_req AS checkpoints FROM pg_stat_bgwriter) AS checkpointer'
  return `SELECT "walRecords"::float8, "walFullPages"::float8, "walSyncs"::float8, "walWriteMs"::float8, "walSyncMs"::float8, checkpoints::float8, ${ioColumns(versionNumber)},
            to_char(pg_conf_load_time() AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "configurationLoadedAt"
     FROM (SELECT wal_records AS "walRecords", wal_fpi AS "walFullPages" FROM pg_stat_wal) AS written, ${wal}, ${checkpoints}${versionNumber >= 160_000 ? ", pg_stat_io AS io WHERE io.backend_type = 'client backend' AND io.object = 'relation'" : ''}
     GROUP BY 1, 2, 3, 4, 5, 6`
}

function ioColumns(versionNumber: number): string {
  const bytes = (what: string): string =>
    versionNumber >= 180_000 ? `sum(io.${what}_bytes)` : `sum(io.${what}s * io.op_bytes)`
  const columns: readonly (readonly [string, string])[] = [
    ['extends', 'sum(io.extends)'],
    ['extendBytes', bytes('extend')],
    ['extendMs', 'sum(io.extend_time)'],
    ['writeBytes', bytes('write')],
    ['writeMs', 'sum(io.write_time)'],
  ]
  return columns.map(([name, sql]) => `${versionNumber >= 160_000 ? sql : 'NULL'}::float8 AS "${name}"`).join(', ')
}

/**
 * Computes the differences between two readings, and adds the sizes; `timed` states whether the
 * server measures the times of I/O and of WAL.
 */
export function countedBetween(
  before: Counters,
  after: Counters,
  timed: { readonly io: boolean; readonly wal: boolean },
): Omit<WalIoMeasurements, 'walBytes' | 'tableBytes' | 'indexBytes'> {
  const since = (name: Exclude<keyof Counters, 'configurationLoadedAt'>, known = true): number | null => {
    const [then, now] = [before[name], after[name]]
    return !known || then === null || now === null ? null : now - then
  }
  return {
    walRecords: since('walRecords'),
    walFullPages: since('walFullPages'),
    walSyncs: since('walSyncs'),
    walWriteMs: since('walWriteMs', timed.wal),
    walSyncMs: since('walSyncMs', timed.wal),
    checkpoints: since('checkpoints'),
    extends: since('extends'),
    extendBytes: since('extendBytes'),
    extendMs: since('extendMs', timed.io),
    writeBytes: since('writeBytes'),
    writeMs: since('writeMs', timed.io),
    configurationLoadedAt: after.configurationLoadedAt,
  }
}

/**
 * The position at which the next WAL record will be inserted, in bytes from the beginning of WAL:
 * available at once, while views lag.
 */
export async function walPosition(control: pg.Client): Promise<number> {
  const { rows } = await control.query<{ bytes: number }>(
    "SELECT (pg_current_wal_insert_lsn() - '0/0')::float8 AS bytes",
  )
  return rows[0]!.bytes
}

/** Size of the study's table and of all its indexes, with those of its partitions. */
export async function tableSizes(
  control: pg.Client,
  schema: string,
  isDistributed: boolean,
): Promise<Pick<WalIoMeasurements, 'tableBytes' | 'indexBytes'>> {
  const { table, indexes } = relationSizes('relid', isDistributed)
  const { rows } = await control.query<{ tableBytes: number; indexBytes: number }>(
    // A partitioned table has no size of its own.
    `SELECT sum(${table})::float8 AS "tableBytes", sum(${indexes})::float8 AS "indexBytes"
     FROM (${partitionTreeSql('$1::regclass')}) AS tree`,
    [qualifiedTable(schema)],
  )
  return rows[0]!
}

/**
 * Size of each index of the study's table, with those of its partitions and of the workers' tables,
 * whose indexes have other names and equal definitions.
 */
export async function indexSizes(control: pg.Client, schema: string): Promise<readonly IndexSize[]> {
  const definition = (index: string): string =>
    `(${index}.indisunique, substr(pg_get_indexdef(${index}.indexrelid), position(' USING ' IN pg_get_indexdef(${index}.indexrelid))))`
  const { rows } = await control.query<IndexSize>(
    // An index that belongs to no partition has no root.
    `SELECT coalesce(whole.relname, root.relname)::text AS name, sum(pg_total_relation_size(own.indexrelid))::float8 AS bytes
     FROM pg_index AS own
       JOIN pg_class AS root ON root.oid = coalesce(pg_partition_root(own.indexrelid), own.indexrelid)
       LEFT JOIN LATERAL (
         SELECT relname FROM pg_index AS one JOIN pg_class ON pg_class.oid = one.indexrelid
          WHERE one.indrelid = $1::regclass AND root.oid = own.indexrelid AND ${definition('one')} = ${definition('own')}
          ORDER BY one.indexrelid = own.indexrelid DESC, relname LIMIT 1
       ) AS whole ON true
     WHERE own.indrelid IN (${partitionTreeSql('$1::regclass')}) GROUP BY 1 ORDER BY 1`,
    [qualifiedTable(schema)],
  )
  return rows
}

/**
 * WAL and I/O of each backend since it was started, in the order of `pids`; PostgreSQL 18 and
 * newer, after the backends have flushed.
 */
export async function readBackendWalIo(control: pg.Client, pids: readonly number[]): Promise<BackendWalIo[]> {
  const { rows } = await control.query<BackendWalIo>(
    `SELECT wal.wal_bytes::float8 AS "walBytes", io."extendBytes", io."writeBytes"
     FROM unnest($1::int[]) WITH ORDINALITY AS worker (pid, place),
          LATERAL pg_stat_get_backend_wal(pid) AS wal,
          LATERAL (SELECT coalesce(sum(extend_bytes), 0)::float8 AS "extendBytes", coalesce(sum(write_bytes), 0)::float8 AS "writeBytes"
                   FROM pg_stat_get_backend_io(pid) WHERE object = 'relation') AS io
     ORDER BY place`,
    [pids],
  )
  return rows
}
