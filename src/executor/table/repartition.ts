import pg from 'pg'
import type { LayoutPartitions } from '../../study/factors/layouts.js'
import { change } from '../footprint/change.js'
import { partitionTable, qualifiedName, qualifiedTable } from '../footprint/mark.js'
import { builtParts } from './built-parts.js'
import { storageSql } from './storage.js'

const { escapeIdentifier, escapeLiteral } = pg

/** Name of the table that is replaced, until it is dropped. */
const before = 'records_before'

/**
 * Makes the study's table, which is empty, again with other partitions, or without any: its
 * columns, checks, keys and indexes are as they were, under their names; what its partitions had of
 * their own is gone. Runs in the transaction in which it was made.
 */
export async function repartition(
  control: pg.Client,
  schema: string,
  { count, by }: LayoutPartitions,
  primaryKey: readonly string[],
): Promise<void> {
  const table = qualifiedTable(schema)
  const original = qualifiedName(schema, before)
  const parts = await builtParts(control, schema, table)
  const storage = await storageSql(control, table)
  await change(control, `ALTER TABLE ${table} RENAME TO ${escapeIdentifier(before)}`)
  const columns = (by ?? primaryKey).map((name) => escapeIdentifier(name)).join(', ')
  const how = count === 0 ? storage : ` PARTITION BY HASH (${columns})`
  await change(control, `CREATE TABLE ${table} (LIKE ${original} INCLUDING ALL EXCLUDING INDEXES)${how}`)
  await takeSequences(control, original, table)
  await change(control, `DROP TABLE ${original} RESTRICT`)
  for (let k = 0; k < count; k++) {
    const bound = `FOR VALUES WITH (MODULUS ${count}, REMAINDER ${k})`
    await change(control, `CREATE TABLE ${partitionTable(schema, k)} PARTITION OF ${table} ${bound}${storage}`)
  }
  for (const { make } of parts) await change(control, make)
}

/** Makes the sequences of one table's columns those of the other's, so that they stay. */
async function takeSequences(control: pg.Client, from: string, to: string): Promise<void> {
  const { rows } = await control.query<{ sequence: string; column: string }>(
    `SELECT format('%I.%I', nspname, relname) AS sequence, attname AS column
       FROM pg_depend JOIN pg_class AS class ON class.oid = objid JOIN pg_namespace AS space ON space.oid = relnamespace
         JOIN pg_attribute ON attrelid = refobjid AND attnum = refobjsubid
      WHERE classid = 'pg_class'::regclass AND refclassid = 'pg_class'::regclass AND deptype = 'a' AND relkind = 'S'
        AND refobjid = ${escapeLiteral(from)}::regclass ORDER BY 1`,
  )
  for (const { sequence, column } of rows) {
    await change(control, `ALTER SEQUENCE ${sequence} OWNED BY ${to}.${escapeIdentifier(column)}`)
  }
}
