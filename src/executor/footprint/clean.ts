import type pg from 'pg'
import { withClient } from '../connect.js'
import { nameOf } from '../server/connection-error.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Server, UseOptions } from '../server/server.js'
import { reasonText } from './left-words.js'
import { readSchemaMark } from './mark.js'
import { dropSchema, holdsSchema, tryLockSchema, unlockSchema } from './own-schema.js'

/** A schema that copylab made on a server and that still exists. */
export interface LeftSchema {
  readonly name: string
  readonly study: string
  /** Size of its content on the server's disk. */
  readonly bytes: number
  /**
   * Time of its creation: ISO 8601, UTC; null for a schema of an earlier copylab, which recorded no
   * time.
   */
  readonly createdAt: string | null
  /** Whether a session of the study uses it. */
  readonly inUse: boolean
}

/** Schemas that were left on a server, those removed and those kept. */
export interface Cleaning {
  readonly schemas: readonly LeftSchema[]
  /** Names of the schemas that were removed. */
  readonly removed: readonly string[]
  /** Schemas that could not be removed, each with the reason. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Lists the schemas that copylab left in the database that a server names, and removes those that
 * `choose` returns, by default none. A schema that is in use, or contains objects that are not
 * copylab's, is kept and named. Throws `DatabaseError` for a server that cannot be used.
 */
export async function cleanServer(
  server: Server,
  choose: (left: readonly LeftSchema[], place: string) => Promise<readonly LeftSchema[]> = async () => [],
  options: UseOptions = {},
): Promise<Cleaning> {
  return server.use(
    (connection) =>
      withClient(ownConfig(connection, 'copylab/clean', { lock_timeout: '10s' }), async (client) => {
        const schemas = await leftSchemas(client)
        const removed: string[] = []
        const kept: { name: string; reason: string }[] = []
        for (const { name } of await choose(schemas, nameOf(connection.facts))) {
          const reason = await removeUnused(client, name)
          if (reason === null) removed.push(name)
          else kept.push({ name, reason })
        }
        return { schemas, removed, kept }
      }),
    options,
  )
}

async function leftSchemas(client: pg.Client): Promise<LeftSchema[]> {
  const { rows } = await client.query<{ name: string; comment: string; bytes: string; inUse: boolean }>(
    `SELECT nspname AS name, obj_description(space.oid, 'pg_namespace') AS comment,
            coalesce((SELECT sum(pg_total_relation_size(pg_class.oid)) FROM pg_class WHERE relnamespace = space.oid AND relkind IN ('r', 'm', 'S')), 0) AS bytes,
            EXISTS (SELECT FROM pg_locks WHERE ${holdsSchema('nspname::text')}) OR EXISTS (${connectionsOf('nspname')}) AS "inUse"
       FROM pg_namespace AS space WHERE starts_with(nspname, 'copylab_') ORDER BY nspname`,
  )
  return rows.flatMap(({ name, comment, bytes, inUse }) => {
    const mark = readSchemaMark(name, comment)
    return mark ? [{ name, study: mark.study, bytes: Number(bytes), createdAt: mark.createdAt, inUse }] : []
  })
}

/** SQL query for the connections of the study whose schema an expression names. */
const connectionsOf = (schema: string): string =>
  `SELECT FROM pg_stat_activity WHERE datname = current_database() AND starts_with(application_name, 'copylab/' || substr(${schema}, 9) || '/')`

/** Removes a schema that nobody uses; returns the reason why it was kept, null when it is gone. */
async function removeUnused(client: pg.Client, name: string): Promise<string | null> {
  if (!(await tryLockSchema(client, name))) return 'a session of the study uses it'
  try {
    const { rowCount } = await client.query(connectionsOf('$1::text'), [name])
    if (rowCount !== 0) return 'connections of the study are still there'
    const left = await dropSchema(client, name)
    return left && reasonText(left)
  } catch (error) {
    return (error as Error).message
  } finally {
    await unlockSchema(client, name)
  }
}
