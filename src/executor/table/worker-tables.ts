import type pg from 'pg'
import { change } from '../footprint/change.js'
import { qualifiedTable, workerTable } from '../footprint/mark.js'
import { foreignKeyParts } from './built-parts.js'
import { storageSql } from './storage.js'

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
  const tables = Array.from({ length: workers }, (_, worker) => workerTable(schema, worker))
  for (const table of tables) {
    await change(control, `CREATE TABLE ${table} (LIKE ${whole} INCLUDING ALL)${storage}`)
    for (const { make } of await foreignKeyParts(control, whole, table)) await change(control, make)
    await change(control, `ALTER TABLE ${table} INHERIT ${whole}`)
  }
  return tables
}
