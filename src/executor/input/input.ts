import type { Table } from '../../study/table.js'
import type { Records } from '../records/records.js'
import type { FileSpec } from './file-spec.js'

/**
 * Consecutive raw records of a file, cut but not yet analysed: valid until the next ones are asked
 * for.
 */
export interface RawRecords {
  readonly count: number
  /**
   * Number of the (first) line of the record at a position from 0, in its file, from 1, the header
   * counted.
   */
  line(position: number): number
  /**
   * Adds the typed records of positions `from` up to but without `end` to `to`, each exactly one,
   * in their order. Throws `BadRecordError`, or any error, at the first that it cannot: those
   * before it have been added. Every position comes once, in order; what is kept in mind from one
   * to the next (running figures) belongs to one pass over the file.
   */
  analyse(from: number, end: number, to: Records): void
}

/** A source of raw records that is read from its beginning to its end. */
export interface InputFile {
  /** Shown in errors; relative, never an absolute path. */
  readonly name: string
  /**
   * Its raw records, where they are known without reading it: an offset then passes over the whole
   * file unread.
   */
  readonly records?: number
  /**
   * One pass over its raw records, header left out. Closes its file when the consumer stops early.
   */
  read(): AsyncIterable<RawRecords>
  /** How to make the file again on a worker thread, for `client: 'threads'`; see `withRecipe`. */
  readonly spec?: FileSpec
}

/** What bad records do to a trial: `stop` fails it, `skip` leaves the record out and counts it. */
export type OnBadRecord = 'stop' | 'skip'

/** What is loaded: files, a window of their records, and the table that they fill. */
export interface Input {
  readonly name: string
  /** The table that its records fit: the one that is filled unless the plan names another. */
  readonly fits: Table
  /** Records to pass over, counted across files from the first. */
  readonly offset: number
  /** Records to load at most; null for all. */
  readonly limit: number | null
  readonly onBadRecord: OnBadRecord
  /**
   * What of the input belongs to the plan: JSON, no absolute path. Same input, same description.
   */
  describe(): Record<string, unknown>
  /** The files in their fixed order; makes them first where the input writes its own. */
  files(options?: {
    readonly signal?: AbortSignal
    readonly onStep?: (message: string) => void
  }): Promise<readonly InputFile[]>
}
