import type { ColumnType } from '../../../../study/table/table.js'
import type { BadKind } from '../../bad-records.js'
import type { Compression, CsvFormat } from '../../file-spec.js'
import type { Contradiction } from './columns/decide-columns.js'

/** A column of inspected files. */
export interface InspectedColumn {
  /** Name as the header has it. */
  readonly name: string
  readonly type: ColumnType
  /** Number of nulls among its values. */
  readonly nulls: number
  /** Format of its values; null where they are spelled as PostgreSQL does. */
  readonly format: string | null
  /** Narrower types that it would have but for a few values. */
  readonly contradictions: readonly Contradiction[]
  /** Whether all its values differ and none is null; null where there were too many to compare. */
  readonly distinct: boolean | null
  /** Why it is of this type, where that is no matter of course; null otherwise. */
  readonly why: string | null
}

/** A file of inspected files. */
export interface InspectedFile {
  readonly name: string
  readonly compression: Compression | null
  readonly header: boolean
  readonly skipLines: number
}

/** What a folder of CSV files holds: what is stated, and what was found out. */
export interface Inspection
  extends Pick<
    CsvFormat,
    'delimiter' | 'quote' | 'escape' | 'encoding' | 'comment' | 'nulls' | 'decimal' | 'thousands'
  > {
  readonly header: boolean
  /** Number of files, and of records in them. */
  readonly files: number
  readonly records: number
  readonly columns: readonly InspectedColumn[]
  /** Columns that may be the primary key by themselves. */
  readonly primaryKeys: readonly string[]
  readonly perFile: readonly InspectedFile[]
  /** Files of the folder that are not read, with the reason. */
  readonly passedOver: readonly { readonly name: string; readonly reason: string }[]
  /** Kinds of records that have another number of fields, or quotes that are wrong. */
  readonly badRecords: readonly BadKind[]
  /** Sentences about what was found out. */
  readonly found: readonly string[]
  /** What the files leave open: each with its readings and the option that decides. */
  readonly open: readonly string[]
}
