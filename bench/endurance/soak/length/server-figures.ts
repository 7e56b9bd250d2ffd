import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'

/** What a server holds, read over a connection that none of the figures counts. */
export interface ServerFigures {
  /** Clients' connections. */
  readonly connections: number
  /** Schemas of copylab, relations and types of all kinds, dependencies between objects. */
  readonly schemas: number
  readonly relations: number
  readonly types: number
  readonly dependencies: number
  /** Size of the system catalogs on disk, and their dead rows by the server's own count. */
  readonly catalogBytes: number
  readonly deadRows: number
  /** Size of all databases on disk. */
  readonly dataBytes: number
  /** Number of WAL segments. */
  readonly walFiles: number
  /**
   * Memory of all the server's processes that is no file's and not shared; null where there is no
   * `/proc` to read.
   */
  readonly processBytes: number | null
}

/** How long backends may take to end after their clients have disconnected. */
const patienceMs = 5_000

/**
 * Reads the server's figures as soon as at most `expected` connections of a study are left, which
 * takes a moment after a trial; those that stay are counted in the end.
 */
export async function serverFigures(control: pg.Client, { expected }: { expected: number }): Promise<ServerFigures> {
  const postmaster = await postmasterOf(control)
  for (const begin = performance.now(); performance.now() - begin < patienceMs; await sleep(20)) {
    const { rows } = await control.query<{ count: number }>(ofStudySql)
    if (rows[0]!.count <= expected) break
  }
  const { rows } = await control.query<Omit<ServerFigures, 'processBytes'>>(figuresSql)
  return { ...rows[0]!, processBytes: ownBytes(postmaster) }
}

/** Lets VACUUM take the dead rows of the catalogs, as autovacuum does at times of its own. */
export async function vacuumCatalogs(control: pg.Client): Promise<void> {
  await control.query('VACUUM')
}

const ofStudySql = `SELECT count(*)::int FROM pg_stat_activity WHERE application_name LIKE 'copylab/%'`

const figuresSql = `
  SELECT (SELECT count(*) FROM pg_stat_activity
          WHERE backend_type = 'client backend' AND pid <> pg_backend_pid())::int AS connections,
         (SELECT count(*) FROM pg_namespace WHERE nspname LIKE 'copylab%')::int AS schemas,
         (SELECT count(*) FROM pg_class)::int AS relations,
         (SELECT count(*) FROM pg_type)::int AS types,
         (SELECT count(*) FROM pg_depend)::int AS dependencies,
         (SELECT sum(pg_total_relation_size(oid)) FROM pg_class
          WHERE relnamespace = 'pg_catalog'::regnamespace AND relkind = 'r')::float8 AS "catalogBytes",
         (SELECT sum(n_dead_tup) FROM pg_stat_sys_tables WHERE schemaname = 'pg_catalog')::float8 AS "deadRows",
         (SELECT sum(pg_database_size(oid)) FROM pg_database)::float8 AS "dataBytes",
         (SELECT count(*) FROM pg_ls_waldir())::int AS "walFiles"`

async function postmasterOf(control: pg.Client): Promise<number> {
  const { rows } = await control.query<{ file: string }>(`SELECT pg_read_file('postmaster.pid') AS file`)
  return Number.parseInt(rows[0]!.file, 10)
}

function ownBytes(postmaster: number): number | null {
  if (process.platform !== 'linux') return null
  const children = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => parentOf(pid) === postmaster)
  return [postmaster, ...children].reduce((sum, pid) => sum + anonymousBytes(pid), 0)
}

/** The parent's process number; null for a process that has ended. */
function parentOf(pid: number): number | null {
  const stat = textOf(`/proc/${pid}/stat`)
  // The name before may hold anything, brackets included.
  return stat === '' ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
}

function anonymousBytes(pid: number): number {
  const kibibytes = /^Pss_Anon:\s+(\d+) kB$/m.exec(textOf(`/proc/${pid}/smaps_rollup`))?.[1]
  return kibibytes === undefined ? 0 : Number(kibibytes) * 1024
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
