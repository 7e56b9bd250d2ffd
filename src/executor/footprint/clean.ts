import type pg from 'pg'
import { withClient } from '../connect.js'
import { deadFolders, removeDeadFolder } from '../load/program/session-folders.js'
import { nameOf } from '../server/connection-error.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Server, UseOptions } from '../server/server.js'
import { reasonText } from './left-words.js'
import { readSchemaMark, schemaOf } from './mark.js'
import { dropDatabase, isOwnServer, ownDatabases } from './own-databases.js'
import { dropSchema, holdsSchema, tryLockSchema, unlockSchema } from './own-schema.js'

/**
 * A schema, or a database, that copylab made on a server and that still exists, or a folder of
 * records on this machine.
 */
export interface LeftObject {
  /** That of a folder is its path. */
  readonly name: string
  readonly study: string
  /** Size of its content on the server's disk, or on this machine's. */
  readonly bytes: number
  /**
   * Time of its creation: ISO 8601, UTC; null for a schema of an earlier copylab, which recorded no
   * time.
   */
  readonly createdAt: string | null
  /** Whether a session of the study uses it. */
  readonly inUse: boolean
}

/** What was left on a server, what was removed and what was kept. */
export interface Cleaning {
  readonly schemas: readonly LeftObject[]
  /** Databases: on copylab's own servers alone. */
  readonly databases: readonly LeftObject[]
  /**
   * Folders of processes that were killed, in the system's temporary one on this machine, with the
   * records for programs that load: whatever the server.
   */
  readonly folders: readonly LeftObject[]
  /** Names of the schemas, databases and folders that were removed. */
  readonly removed: readonly string[]
  /** Schemas, databases and folders that could not be removed, each with the reason. */
  readonly kept: readonly { readonly name: string; readonly reason: string }[]
}

/**
 * Lists the schemas that copylab left in the database that a server names, the databases that it
 * left on a server of its own, and the folders of records that it left on this machine, and removes
 * those that `choose` returns, by default none. What is in use, or contains objects that are not
 * copylab's, is kept and named. Throws `DatabaseError` for a server that cannot be used.
 */
export async function cleanServer(
  server: Server,
  choose: (left: readonly LeftObject[], place: string) => Promise<readonly LeftObject[]> = async () => [],
  options: UseOptions = {},
): Promise<Cleaning> {
  return server.use(
    (connection) =>
      withClient(ownConfig(connection, 'copylab/clean', { lock_timeout: '10s' }), async (client) => {
        const schemas = await leftSchemas(client)
        const databases = isOwnServer(connection.facts) ? await leftDatabases(client) : []
        const folders = deadFolders().map(({ path, ...left }): LeftObject => ({ name: path, ...left, inUse: false }))
        const removed: string[] = []
        const kept: { name: string; reason: string }[] = []
        const place = nameOf(connection.facts)
        for (const { name, study } of await choose([...databases, ...schemas, ...folders], place)) {
          const folder = folders.find((one) => one.name === name)
          const reason = folder ? removeDeadFolder({ path: name }) : await removeUnused(client, schemaOf(study), name)
          if (reason === null) removed.push(name)
          else kept.push({ name, reason })
        }
        return { schemas, databases, folders, removed, kept }
      }),
    options,
  )
}

async function leftDatabases(client: pg.Client): Promise<LeftObject[]> {
  const databases = await ownDatabases(client)
  const { rows } = await client.query<{ schema: string }>(
    `SELECT schema FROM unnest($1::text[]) AS schema WHERE EXISTS (SELECT FROM pg_locks WHERE ${holdsSchema('schema')})`,
    [databases.map(({ schema }) => schema)],
  )
  const held = new Set(rows.map(({ schema }) => schema))
  return databases.map(({ schema, connected, ...left }) => ({ ...left, inUse: connected || held.has(schema) }))
}

async function leftSchemas(client: pg.Client): Promise<LeftObject[]> {
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

/**
 * Removes a study's schema, or a database of its, that nobody uses; returns the reason why it was
 * kept, null when it is gone.
 */
async function removeUnused(client: pg.Client, schema: string, name: string): Promise<string | null> {
  if (!(await tryLockSchema(client, schema))) return 'a session of the study uses it'
  try {
    const { rowCount } = await client.query(connectionsOf('$1::text'), [schema])
    if (rowCount !== 0) return 'connections of the study are still there'
    if (name !== schema) return await dropDatabase(client, name)
    const left = await dropSchema(client, name)
    return left && reasonText(left)
  } catch (error) {
    return (error as Error).message
  } finally {
    await unlockSchema(client, schema)
  }
}
