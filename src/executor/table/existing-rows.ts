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

/** Content of a table before a load, and its size with its indexes. */
export interface ExistingContent extends ContentSum {
  readonly bytes: number
}

/** Returns the name of the table of the kept rows, quoted. */
export const keptRows = (schema: string): string => `${escapeIdentifier(schema)}.existing`

/** A study's table, and how it is made: null where it is made from its columns alone. */
export interface RowsOf {
  readonly schema: string
  readonly table: Table
  readonly definition: Definition | null
}

/** The columns of the study's table, and what tells its kept rows apart. */
interface KeptColumns {
  /** Quoted names of all columns that hold what was written into them. */
  readonly stored: string
  /** Name of the column by which the first of the rows are taken: one that is free. */
  readonly row: string
}

export function keptColumns({ table, definition }: RowsOf): KeptColumns {
  const own = definition?.columns.filter(({ filledBy }) => filledBy !== 'generated') ?? table.columns
  const names = (definition ?? table).columns.map(({ name }) => name)
  let row = 'copylab_row'
  while (names.includes(row)) row += '_'
  return { stored: own.map(({ name }) => escapeIdentifier(name)).join(', '), row }
}

/** Returns the checksum of all kept rows, over the columns that are compared. */
export async function keptChecksum(control: pg.Client, schema: string, table: Table): Promise<string> {
  return (await tableSum(control, table, keptRows(schema))).checksum
}

/**
 * Puts the first kept rows into the study's new table, and sets its own sequences past them, so
 * that keys which the server makes are new ones.
 */
export async function putRowsBack(control: pg.Client, of: RowsOf, count: number): Promise<void> {
  const name = qualifiedTable(of.schema)
  const { stored, row } = keptColumns(of)
  const put = change(
    control,
    `INSERT INTO ${name} (${stored}) OVERRIDING SYSTEM VALUE SELECT ${stored} FROM ${keptRows(of.schema)} WHERE ${row} <= ${count} ORDER BY ${row}`,
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
