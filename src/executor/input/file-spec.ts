import type { Table } from '../../study/table.js'

/** Format of CSV files: their table and syntax, and the analyse step. */
export interface CsvFormat {
  readonly table: Table
  readonly delimiter: string
  readonly header: boolean
  /**
   * The source text of a function `AnalyseFields`; null when fields are read by the columns' types.
   */
  readonly analyse: string | null
}

/** One CSV file, and the format in which to read it. */
export interface CsvFileSpec {
  readonly kind: 'csv'
  readonly name: string
  readonly path: string
  readonly format: CsvFormat
}

/** One file of flights, and the number of its records. */
export interface FlightFileSpec {
  readonly kind: 'flights'
  readonly name: string
  readonly path: string
  readonly records: number
}

/** One file of synthetic records, which are made from their numbers and the seed. */
export interface SyntheticFileSpec {
  readonly kind: 'synthetic'
  readonly name: string
  /** Number of the first record. */
  readonly first: number
  /** Number of records. */
  readonly records: number
  /** Bytes of each text column. */
  readonly widths: readonly number[]
  readonly seed: number
}

/**
 * All that is needed to read a file in another thread: plain data. Holds absolute paths, so it is
 * never stored or shown.
 */
export type FileSpec = CsvFileSpec | FlightFileSpec | SyntheticFileSpec
