import type { FileContent } from '../../study/context.js'
import type { Column, Table } from '../../study/table/table.js'
import type { Records } from '../records/records.js'
import type { FileSpec } from './file-spec.js'

/**
 * Consecutive raw records of a file, cut but not yet analysed: valid until the next ones are
 * requested.
 */
export interface RawRecords {
  readonly count: number
  /**
   * Returns the numbers, from 1, of the first and the last line in the file of the record at a
   * position from 0; the header counts.
   */
  lines(position: number): readonly [first: number, last: number]
  /**
   * Adds the typed records of positions `from` up to but without `end` to `to`, each exactly one,
   * in their order. Throws `BadRecordError`, or any error, at the first that it cannot add: those
   * before it have been added. Every position comes once, in order; state kept between positions
   * (running figures) belongs to one pass over the file.
   */
  analyse(from: number, end: number, to: Records): void
}

/** A source of raw records that is read from its beginning to its end. */
export interface InputFile {
  /** Name of the file in errors; relative, never an absolute path. */
  readonly name: string
  /**
   * Number of its raw records, where it is known without reading the file: an offset then skips the
   * whole file unread.
   */
  readonly records?: number
  /**
   * Starts one pass over its raw records, without the header. Closes its file when the consumer
   * stops early.
   */
  read(): AsyncIterable<RawRecords>
  /**
   * Specification by which a worker thread makes the file again, for `client: 'threads'`; see
   * `withSpec`.
   */
  readonly spec?: FileSpec
}

/**
 * Policy for bad records: `stop` ends the study once all of them are known, `skip` leaves them out
 * and counts them.
 */
export type OnBadRecord = 'stop' | 'skip'

/** Options of the steps that read files before anything is measured. */
export interface ReadingOptions {
  readonly signal?: AbortSignal
  readonly onStep?: (message: string) => void
}

/** The table that records fill, where it is not made from their own columns. */
export interface FilledTable {
  /** Its name in messages. */
  readonly name: string
  /** Its columns, in the types in which records hold their values. */
  readonly columns: readonly Column[]
}

/** Options by which an input is found out. */
export interface InspectOptions extends ReadingOptions {
  /**
   * The table whose columns the files' are, by name, where the input does not state its columns.
   * @default none: the types are found out from the values
   */
  readonly fills?: FilledTable
}

/**
 * An input of which something is not stated: it is found out before anything is measured, from the
 * files themselves.
 */
export interface InputToInspect {
  readonly name: string
  /**
   * Reads the files and returns the input with all that was found out. Throws where they do not
   * hold what is stated, and where they leave open what is not.
   */
  inspect(options?: InspectOptions): Promise<Input>
}

/** Input of a study: files, a window of their records, and the table that they fit. */
export interface Input {
  readonly name: string
  /** Sentences about what was not stated and was found out; empty for nothing. */
  readonly found?: readonly string[]
  /** The table that its records fit: the one to fill when the plan names no other. */
  readonly fits: Table
  /** Number of records to skip, counted across files from the first. */
  readonly offset: number
  /** Maximum number of records to load; null for all. */
  readonly limit: number | null
  readonly onBadRecord: OnBadRecord
  /**
   * Returns the part of the input that belongs to the plan: JSON, no absolute path. Equal inputs
   * have equal descriptions.
   */
  describe(): Record<string, unknown>
  /** Returns the files in their fixed order; writes them first where the input makes its own. */
  files(options?: ReadingOptions): Promise<readonly InputFile[]>
  /**
   * Returns the contents of the files, in their order; absent for inputs that copylab makes itself.
   * Throws `InputError` for a file that has changed since the input was inspected.
   */
  contents?(options?: ReadingOptions): Promise<readonly FileContent[]>
  /**
   * Throws `InputError` that names the first file that has changed since the input was inspected;
   * absent for inputs that copylab makes itself.
   */
  checkUnchanged?(): void
}

/** Returns the input, with all found out that it does not state. */
export async function inspected(input: Input | InputToInspect, options: InspectOptions = {}): Promise<Input> {
  return 'inspect' in input ? input.inspect(options) : input
}
