import type pg from 'pg'
import type { InputFacts } from '../../study/context.js'
import type { Table } from '../../study/table/table.js'
import type { CopyPart } from '../../study/trial.js'
import { LostRecordsError } from '../errors.js'
import { type ContentSum, checksumSql } from './checksum.js'

/** Content that a trial loaded; the checksum is null for the null trial, which has no table. */
export interface LoadedContent {
  readonly records: number
  readonly checksum: string | null
}

/** Reads the count and the checksum of a table's content. */
export async function tableSum(control: pg.Client, table: Table, qualifiedName: string): Promise<ContentSum> {
  const found = await control.query<{ records: string; checksum: string }>(checksumSql(table, qualifiedName))
  return { records: Number(found.rows[0]?.records), checksum: String(found.rows[0]?.checksum) }
}

/** Counts the records that the null trial handed over. */
export function loadedSum(parts: readonly CopyPart[]): LoadedContent {
  return { records: parts.reduce((sum, part) => sum + part.records, 0), checksum: null }
}

/** Compares what was loaded with the input. Throws `LostRecordsError` when they differ. */
export function verifyContent(truth: InputFacts, { records, checksum }: LoadedContent): void {
  if (records === truth.records && (checksum === null || checksum === truth.checksum)) return
  throw new LostRecordsError(truth, { records, checksum: checksum ?? 'unknown' })
}
