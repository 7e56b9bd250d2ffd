import type pg from 'pg'
import type { Treatment } from '../../study/treatment.js'
import { isOwnServer, makeDatabase } from '../footprint/own-databases.js'
import { createSchema } from '../footprint/own-schema.js'
import type { SessionCluster } from '../server/citus/cluster.js'
import type { RecordsToLoad } from '../table/existing/input-records.js'
import { type MadeTable, type Making, prepareTables } from '../table/make-table.js'
import { cancellable } from './cancellable.js'
import { type Controlling, cancelConfig, connectionTo, withControl } from './control.js'
import { asksForCheckpoint } from './table.js'

/** The database of a study's that its tables with existing rows are made in at first. */
export const rowsDatabase = 'rows'

/** A table with existing rows, in a database of its own that nobody is connected to. */
export interface KeptTable {
  /** Name of the database among the study's. */
  readonly name: string
  readonly later: MadeTable['later']
}

/** What decides whether tables are copied with their database. */
interface Copying extends Making, Controlling {
  readonly cluster: SessionCluster | null
}

/**
 * Whether tables with existing rows are restored as copies of a whole database, which takes a
 * fraction of the time: on servers of copylab's own, where the database holds nothing of others
 * that a table may need and nothing that makes it another than a new one. Such a copy ends with a
 * checkpoint.
 */
export async function copiesDatabases(
  { control, connection, cluster }: Pick<Copying, 'control' | 'connection' | 'cluster'>,
  treatments: readonly Treatment[],
): Promise<boolean> {
  const { facts } = connection
  const filled = treatments.filter(({ existingRows }) => existingRows > 0)
  return (
    filled.length > 0 &&
    isOwnServer(facts) &&
    cluster === null &&
    filled.every((own) => asksForCheckpoint(own, facts)) &&
    (await holdsNothingElse(control))
  )
}

/** Lowest OID of objects that a user makes. */
const firstOid = 16_384

async function holdsNothingElse(control: pg.Client): Promise<boolean> {
  const others = (catalog: string, space: string): string =>
    `EXISTS (SELECT FROM ${catalog} AS made WHERE made.oid >= ${firstOid} AND ${space} NOT IN (SELECT oid FROM own)
       AND ${space} <> 'pg_toast'::regnamespace)`
  const { rows } = await control.query<{ more: boolean }>(
    `WITH own AS (SELECT oid FROM pg_namespace WHERE starts_with(obj_description(oid, 'pg_namespace'), 'created by copylab'))
     SELECT ${others('pg_class', 'relnamespace')} OR ${others('pg_proc', 'pronamespace')} OR ${others('pg_type', 'typnamespace')}
            OR EXISTS (SELECT FROM pg_extension WHERE extname <> 'plpgsql')
            OR EXISTS (SELECT FROM pg_db_role_setting WHERE setdatabase = here.oid)
            OR (here.encoding, here.datcollate, here.datctype) <> (fresh.encoding, fresh.datcollate, fresh.datctype) AS more
       FROM pg_database AS here, pg_database AS fresh
      WHERE here.datname = current_database() AND fresh.datname = 'template1'`,
  )
  return !rows[0]!.more
}

/**
 * Makes the database that holds the rows which tables have before their loads; returns their
 * checksum.
 */
export async function makeRowsDatabase(
  copying: Copying & RecordsToLoad,
  treatments: readonly Treatment[],
): Promise<string | null> {
  const { control, schema, connection } = copying
  const { versionNumber } = connection.facts
  const database = await makeDatabase(control, { schema, name: rowsDatabase, template: null, versionNumber })
  const there = { ...copying, connection: connectionTo(connection, database) }
  return withControl(there, ({ client, signal }) =>
    cancellable(client, cancelConfig(there), signal, async () => {
      await createSchema(client, schema)
      return prepareTables({ ...there, control: client, signal }, treatments)
    }),
  )
}
