import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { type Connection, embedded } from '../../src/entries/executor.js'
import { withClient } from '../../src/executor/connect.js'

/** What no server of copylab's own has before a study, by kind, as one name in each row. */
const foreign: Readonly<Record<string, string>> = {
  database: "SELECT datname FROM pg_database WHERE datname NOT IN ('postgres', 'template0', 'template1', 'copylab')",
  role: "SELECT rolname FROM pg_roles WHERE rolname !~ '^pg_' AND rolname <> 'copylab'",
  tablespace: "SELECT spcname FROM pg_tablespace WHERE spcname NOT IN ('pg_default', 'pg_global')",
  'prepared transaction': 'SELECT gid FROM pg_prepared_xacts',
  'replication slot': 'SELECT slot_name FROM pg_replication_slots',
  setting: `SELECT concat_ws(' ', rolname, datname, s.setconfig::text) FROM pg_db_role_setting s
    LEFT JOIN pg_roles r ON r.oid = setrole LEFT JOIN pg_database d ON d.oid = setdatabase`,
  schema:
    "SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname NOT IN ('public', 'information_schema')",
  table: "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace",
  function: "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
  extension: "SELECT extname FROM pg_extension WHERE extname <> 'plpgsql'",
  'event trigger': 'SELECT evtname FROM pg_event_trigger',
}

/**
 * Names what is left on copylab's own servers that ran since a time, in every slot of a checkout.
 */
export async function leftOnServers(checkout: string, sinceMs: number): Promise<string[]> {
  const servers = join(checkout, 'data', 'servers')
  const ran = slotsOf(servers).filter((slot) => {
    const log = statSync(join(servers, `slot-${slot}`, 'server.log'), { throwIfNoEntry: false })
    return log !== undefined && log.mtimeMs >= sinceMs
  })
  return onSlots(servers, Math.max(0, ...ran))
}

/** Asks the servers of the first slots, each while those before it run: it takes the next. */
async function onSlots(servers: string, slots: number): Promise<string[]> {
  if (slots === 0) return []
  return embedded({ folder: servers }).use(async (connection) => [
    ...(await leftOn(connection)),
    ...(await onSlots(servers, slots - 1)),
  ])
}

/** Names what is left on a server of copylab's own. */
export async function leftOn({ config }: Connection): Promise<string[]> {
  const found = new Set<string>()
  for (const database of ['postgres', 'copylab']) {
    await withClient({ ...config, database }, async (client: pg.Client) => {
      for (const [kind, sql] of Object.entries(foreign)) {
        const { rows } = await client.query<[string]>({ text: sql, rowMode: 'array' })
        for (const [name] of rows) found.add(`on copylab's server: ${kind} ${name}`)
      }
    })
  }
  return [...found]
}

function slotsOf(servers: string): number[] {
  try {
    return readdirSync(servers).flatMap((name) => /^slot-(\d+)$/.exec(name)?.slice(1).map(Number) ?? [])
  } catch {
    return []
  }
}
