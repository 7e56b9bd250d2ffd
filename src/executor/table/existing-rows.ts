import pg from 'pg'
import type { Definition } from '../../study/table/definition.js'
import type { Table } from '../../study/table/table.js'
import { DatabaseError } from '../errors.js'
import { change } from '../footprint/change.js'
import { qualifiedTable } from '../footprint/mark.js'
import type { ContentSum } from '../verify/checksum.js'
import { tableSum } from '../verify/verify-content.js'
import { refusedRecords } from './built-parts.js'
import { partitionTreeSql } from './partition-tree.js'
import { relationSizes } from './relation-sizes.js'

const { escapeIdentifier, escapeLiteral } = pg

/** Name of the column of the kept rows by which the first of them are taken: one that is free. */
function rowNumberOf({ columns }: Definition): string {
  let name = 'copylab_row'
  while (columns.some((column) => column.name === name)) name += '_'
  return name
}

/** Content of a table before a load, and its size with its indexes. */
export interface ExistingContent extends ContentSum {
  readonly bytes: number
}

const keptRows = (schema: string): string => `${escapeIdentifier(schema)}.existing`

/**
 * Copies rows of the table that a study's is made like into the study's schema, once a session: in
 * the order of its primary key. The real table is only read. Throws `RangeError` where it has fewer
 * rows.
 */
export async function keepRows(
  control: pg.Client,
  schema: string,
  definition: Definition,
  count: number,
): Promise<void> {
  const { like } = definition.source as Extract<Definition['source'], { readonly like: string }>
  const rowNumber = rowNumberOf(definition)
  const names = storedColumns(definition).join(', ')
  const order = definition.primaryKey.map((name) => escapeIdentifier(name)).join(', ')
  await change(
    control,
    `CREATE TABLE ${keptRows(schema)} WITH (autovacuum_enabled = false) AS
       SELECT row_number() OVER (${order && `ORDER BY ${order}`}) AS ${rowNumber}, ${names} FROM ${like} ${order && `ORDER BY ${order}`} LIMIT ${count}`,
  )
  const { rows } = await control.query<{ held: string }>(`SELECT count(*) AS held FROM ${keptRows(schema)}`)
  const held = Number(rows[0]!.held)
  if (held < count) {
    throw new RangeError(
      `Expected \`existingRows\` to be at most ${held.toLocaleString('en-US')}, the rows of ${like}, got ${count.toLocaleString('en-US')}`,
    )
  }
  await change(control, `CREATE INDEX ON ${keptRows(schema)} (${rowNumber})`)
  await change(control, `ANALYZE ${keptRows(schema)}`)
}

/** Returns the checksum of all kept rows, over the columns that are compared. */
export async function keptChecksum(control: pg.Client, schema: string, table: Table): Promise<string> {
  return (await tableSum(control, table, keptRows(schema))).checksum
}

/**
 * Puts the first kept rows into the study's new table, and sets its own sequences past them, so
 * that keys which the server makes are new ones.
 */
export async function putRowsBack(
  control: pg.Client,
  schema: string,
  definition: Definition,
  count: number,
): Promise<void> {
  const name = qualifiedTable(schema)
  const rowNumber = rowNumberOf(definition)
  const names = storedColumns(definition).join(', ')
  const put = change(
    control,
    `INSERT INTO ${name} (${names}) OVERRIDING SYSTEM VALUE SELECT ${names} FROM ${keptRows(schema)} WHERE ${rowNumber} <= ${count} ORDER BY ${rowNumber}`,
  )
  await put.catch((error: unknown) => Promise.reject(refusedRecords(error)))
  const { rows } = await control.query<{ column: string; sequence: string; falls: boolean }>(
    `SELECT attname AS column, own AS sequence, seqincrement < 0 AS falls
       FROM pg_attribute, pg_get_serial_sequence(${escapeLiteral(name)}, attname) AS own JOIN pg_sequence ON seqrelid = own::regclass
      WHERE attrelid = ${escapeLiteral(name)}::regclass AND attnum > 0 AND NOT attisdropped`,
  )
  for (const { column, sequence, falls } of rows) {
    const own = escapeIdentifier(column)
    const last = falls ? `least(min(${own})::int8, seqmax)` : `greatest(max(${own})::int8, seqmin)`
    await control.query(
      `SELECT setval(${escapeLiteral(sequence)}, ${last})
         FROM ${name}, pg_sequence WHERE seqrelid = ${escapeLiteral(sequence)}::regclass GROUP BY seqmin, seqmax`,
    )
  }
}

/** Reads what the table holds before a load. */
export async function existingContent(
  control: pg.Client,
  schema: string,
  table: Table,
  isDistributed: boolean,
): Promise<ExistingContent> {
  const name = qualifiedTable(schema)
  const { rows } = await control.query<{ bytes: string }>(
    `SELECT sum(${relationSizes('relid', isDistributed).total}) AS bytes FROM (${partitionTreeSql(`${escapeLiteral(name)}::regclass`)}) AS tree`,
  )
  return { ...(await tableSum(control, table, name)), bytes: Number(rows[0]!.bytes) }
}

/** The sum of what was loaded into a table that held something before. */
export function withoutExisting(found: ContentSum, before: ContentSum | null): ContentSum {
  if (before === null) return found
  return {
    records: found.records - before.records,
    checksum: String(BigInt(found.checksum) - BigInt(before.checksum)),
  }
}

/** Throws `DatabaseError` where a table is not as it was before another trial of equal layout. */
export function checkEqual(before: ExistingContent, first: ExistingContent): void {
  if (before.records === first.records && before.checksum === first.checksum && before.bytes === first.bytes) return
  const text = ({ records, checksum, bytes }: ExistingContent): string =>
    `${records} rows with checksum ${checksum} in ${bytes} bytes`
  throw new DatabaseError(
    `The table held ${text(before)} before this trial, and ${text(first)} before the first one like it: something else changed it, or the kept rows`,
  )
}

/** Names of all columns that hold what was written into them, quoted. */
function storedColumns({ columns }: Definition): readonly string[] {
  return columns.filter(({ filledBy }) => filledBy !== 'generated').map(({ name }) => escapeIdentifier(name))
}
