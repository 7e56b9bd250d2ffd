import type { FileRecipe } from './recipe.js'

/** A value of a record, by column type: see `ColumnType`. */
export type Value = number | bigint | string | boolean | Date | Uint8Array | null

/** One typed record: its values in the order of the table's columns. */
export type Row = readonly Value[]

/**
 * PostgreSQL type of a column, and what a row holds for it: `int2 int4 float4 float8` number; `int8` number or bigint;
 * `text numeric uuid jsonb` string; `bool` boolean; `date timestamp timestamptz` Date, or milliseconds since 1970-01-01 UTC as a number
 * (fractions down to the microsecond); `bytea` Uint8Array. Any may be null.
 */
export type ColumnType =
  | 'int2'
  | 'int4'
  | 'int8'
  | 'float4'
  | 'float8'
  | 'numeric'
  | 'text'
  | 'bool'
  | 'date'
  | 'timestamp'
  | 'timestamptz'
  | 'uuid'
  | 'jsonb'
  | 'bytea'

export interface Column {
  readonly name: string
  readonly type: ColumnType
  readonly notNull?: boolean
}

/** The table that an input fills. copylab creates it, in a schema of the study's own. */
export interface Table {
  readonly columns: readonly Column[]
  /** Names of the primary key's columns; empty for none. */
  readonly primaryKey: readonly string[]
}

/** One raw record and the number of its (first) line in its file, from 1, the header counted. */
export interface Line {
  readonly text: string
  readonly number: number
}

/** Turns one raw record into a typed one. Throws `BadRecordError`, or any error, when it cannot. State (running figures) is per file. */
export type Analyse = (line: Line) => Row

/** A source of raw records that is read from its beginning to its end. */
export interface InputFile {
  /** Shown in errors; relative, never an absolute path. */
  readonly name: string
  /** Its raw records, where they are known without reading it: an offset then passes over the whole file unread. */
  readonly records?: number
  /** Chunks of consecutive raw records, header left out. Closes its file when the consumer stops early. */
  read(): AsyncIterable<readonly Line[]>
  /** A fresh analyse step for one pass over this file. */
  analyse(): Analyse
  /** How to make the file again on a worker thread, for `client: 'threads'`; see `withRecipe`. */
  readonly recipe?: FileRecipe
}

/** What `bad` lines do to a trial: `stop` fails it, `skip` leaves the line out and counts it. */
export type OnBadRecord = 'stop' | 'skip'

/** What is loaded: files, a window of their records, how a raw record becomes a typed one, and the table it fills. */
export interface Input {
  readonly name: string
  readonly table: Table
  /** Records to pass over, counted across files from the first. */
  readonly offset: number
  /** Records to load at most; null for all. */
  readonly limit: number | null
  readonly onBadRecord: OnBadRecord
  /** What of the input belongs to the plan: JSON, no absolute path. Same input, same description. */
  describe(): Record<string, unknown>
  /** The files in their fixed order; makes them first where the input writes its own. */
  files(options?: {
    readonly signal?: AbortSignal
    readonly onStep?: (message: string) => void
  }): Promise<readonly InputFile[]>
}

/** What one pass over the input found: the truth that every trial is verified against. */
export interface InputFacts {
  readonly name: string
  readonly files: number
  readonly records: number
  readonly badRecords: number
  /** The first few lines that could not be analysed, "file:line: reason". */
  readonly badRecordExamples: readonly string[]
  /** Order-free checksum of the typed records, comparable with the table's. */
  readonly checksum: string
}
