import type pg from 'pg'
import { withClient } from '../../connect.js'
import { DatabaseError, sqlStateOf } from '../../errors.js'
import { nameOf, type Place } from '../connection-error.js'
import type { OwnConfig } from './own-config.js'

/**
 * Whether a pooler stands between that keeps a connection for one client, as PgBouncer does in
 * session mode: the number of the backend, or the start-up parameters, are then the pooler's own.
 * Leaves no settings or locks in the pool. Throws `DatabaseError` where it changes connections
 * between two statements: settings, locks and the workers' places would then be those of another
 * client.
 */
export async function detectPooler(client: pg.Client, config: OwnConfig, place: Place): Promise<boolean> {
  const { rows } = await client.query<{ pid: number; started: boolean }>(
    "SELECT pg_backend_pid() AS pid, current_setting('application_name') = $1 AND current_setting('search_path') = $2 AS started",
    [config.application_name, 'pg_catalog, pg_temp'],
  )
  const { pid, started } = rows[0]!
  await refuseSharing(client, config, place)
  return !started || pid !== (client as pg.Client & { processID: number }).processID
}

/**
 * Which of two connections asks for its backend: in irregular order, so that a pooler is detected
 * that assigns backends in turn or the last one first, and often enough for one that draws each of
 * two at random: it is missed once in a million times.
 */
const askers = [0, 0, 1, 1, 0, 1, 0, 0, 0, 1, 1, 0, 1, 1, 0, 0, 1, 0, 1, 1, 0] as const

/** Asks a second connection next to the first, again and again, which backends they have. */
async function refuseSharing(client: pg.Client, config: OwnConfig, place: Place): Promise<void> {
  try {
    await withClient({ ...config, setAfterwards: {} }, async (other) => {
      const seen: [number[], number[]] = [[], []]
      for (const which of askers) seen[which].push(await pidOf(which === 0 ? client : other))
      const [ours, theirs] = seen.map((pids) => new Set(pids))
      if (ours!.size > 1 || theirs!.size > 1 || ours!.has(seen[1][0]!)) throw sharing(place)
    })
  } catch (error) {
    // One connection alone is too few for a study, which is reported when its workers are counted.
    if (!/^53/.test(sqlStateOf(error) ?? '')) throw error
  }
}

async function pidOf(client: pg.Client): Promise<number> {
  return (await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]!.pid
}

function sharing(place: Place): DatabaseError {
  return new DatabaseError(
    `A pooler stands between copylab and PostgreSQL at ${nameOf(place)}, and changes connections between statements (PgBouncer's transaction mode, or statement mode): connect to the server itself, or to a pool in session mode`,
  )
}
