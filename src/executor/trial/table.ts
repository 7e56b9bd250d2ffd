import pg from 'pg'
import type { Table } from '../../study/table.js'
import type { Treatment } from '../../study/treatment.js'
import { DatabaseError } from '../errors.js'
import { lockHolder } from './worker-backends.js'

const { escapeIdentifier, escapeLiteral } = pg
const mark = 'created by copylab'

/** The schema that a study owns, and the name of its table, quoted. */
export const schemaOf = (study: string): string => `copylab_${study}`
export const qualifiedTable = (schema: string): string => `${escapeIdentifier(schema)}.records`

/** What of a treatment decides how the table is made. */
export type Layout = Pick<Treatment, 'secondaryIndexes' | 'persistence'>

/**
 * Holds the study's schema for one session: creates it, marks it as copylab's own, and takes an advisory lock that ends with the
 * connection. `clear` is called once the schema is this session's, before what an earlier one left in it is removed. Throws `DatabaseError` when a
 * schema of that name is not copylab's or is in use.
 */
export async function claimSchema(
  control: pg.Client,
  schema: string,
  clear: () => Promise<void> = async () => {},
): Promise<void> {
  const lock = await control.query<{ locked: boolean }>('SELECT pg_try_advisory_lock(hashtext($1)) AS locked', [schema])
  if (!lock.rows[0]?.locked) {
    const holder = await lockHolder(control, schema)
    throw new DatabaseError(
      `The schema ${schema} is in use by another session of the same study${holder ? ` (${holder})` : ''}: let it end, or choose another name`,
    )
  }
  const found = await control.query<{ comment: string | null }>(
    "SELECT obj_description(oid, 'pg_namespace') AS comment FROM pg_namespace WHERE nspname = $1",
    [schema],
  )
  if (found.rows[0] && found.rows[0].comment !== mark) {
    throw new DatabaseError(
      `The schema ${schema} exists and was not made by copylab: choose another study name, or rename that schema`,
    )
  }
  await clear()
  await dropSchema(control, schema)
  // One message, so one transaction: a schema without its mark would be refused for ever.
  await control.query(
    `CREATE SCHEMA ${escapeIdentifier(schema)}; COMMENT ON SCHEMA ${escapeIdentifier(schema)} IS ${escapeLiteral(mark)}`,
  )
}

/** Removes the study's schema and its table. */
export async function dropSchema(control: pg.Client, schema: string): Promise<void> {
  await control.query(`DROP SCHEMA IF EXISTS ${escapeIdentifier(schema)} CASCADE`)
}

/**
 * Creates the study's table anew. Autovacuum is off for it: it would start inside some trials and not in others. Secondary
 * indexes stand on the columns outside the primary key, in their order.
 */
export async function createTable(control: pg.Client, schema: string, table: Table, layout: Layout): Promise<void> {
  const name = qualifiedTable(schema)
  const others = table.columns.filter((column) => !table.primaryKey.includes(column.name))
  if (layout.secondaryIndexes > others.length) {
    throw new RangeError(
      `Expected \`secondaryIndexes\` to be at most ${others.length}, the table's columns outside its primary key, got ${layout.secondaryIndexes}`,
    )
  }
  const columns = table.columns.map(
    (column) => `${escapeIdentifier(column.name)} ${column.type}${column.notNull ? ' NOT NULL' : ''}`,
  )
  if (table.primaryKey.length > 0) columns.push(`PRIMARY KEY (${table.primaryKey.map(escapeIdentifier).join(', ')})`)
  await control.query(
    [
      `DROP TABLE IF EXISTS ${name}`,
      `CREATE ${layout.persistence === 'unlogged' ? 'UNLOGGED ' : ''}TABLE ${name} (${columns.join(', ')}) WITH (autovacuum_enabled = false)`,
      ...others
        .slice(0, layout.secondaryIndexes)
        .map((column) => `CREATE INDEX ON ${name} (${escapeIdentifier(column.name)})`),
    ].join('; '),
  )
}

/** Writes all dirty pages, so that no trial pays for its predecessor's. */
export async function checkpoint(control: pg.Client): Promise<void> {
  await control.query('CHECKPOINT')
}

/** The COPY statement of a worker: every column by name. */
export function copySql(schema: string, table: Table, encoding: Treatment['encoding']): string {
  const columns = table.columns.map((column) => escapeIdentifier(column.name)).join(', ')
  return `COPY ${qualifiedTable(schema)} (${columns}) FROM STDIN WITH (FORMAT ${encoding})`
}
