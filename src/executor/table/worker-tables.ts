import pg from 'pg'
import { change } from '../footprint/change.js'
import { qualifiedTable, workerTable } from '../footprint/mark.js'
import { storageSql } from './storage.js'

const { escapeIdentifier, escapeLiteral } = pg

/**
 * Makes a table for each worker, empty and as the study's own is, which inherits from it: whoever
 * reads the study's table reads them all. It cannot be a partition, since no column says which
 * worker loads a record. Returns their qualified names, quoted.
 */
export async function makeWorkerTables(
  control: pg.Client,
  schema: string,
  workers: number,
): Promise<readonly string[]> {
  const whole = qualifiedTable(schema)
  const storage = await storageSql(control, whole)
  const { rows: keys } = await control.query<{ name: string; sql: string }>(
    `SELECT conname AS name, pg_get_constraintdef(oid) AS sql FROM pg_constraint
      WHERE conrelid = ${escapeLiteral(whole)}::regclass AND contype = 'f' ORDER BY conname`,
  )
  const tables = Array.from({ length: workers }, (_, worker) => workerTable(schema, worker))
  for (const table of tables) {
    await change(control, `CREATE TABLE ${table} (LIKE ${whole} INCLUDING ALL)${storage}`)
    for (const { name, sql } of keys) {
      await change(control, `ALTER TABLE ${table} ADD CONSTRAINT ${escapeIdentifier(name)} ${sql}`)
    }
    await change(control, `ALTER TABLE ${table} INHERIT ${whole}`)
  }
  return tables
}
