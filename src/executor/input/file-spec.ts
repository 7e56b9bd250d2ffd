import type { Table } from '../../study/table/table.js'

/** Encodings of text that are read. */
export const fileEncodings = ['utf-8', 'utf-16le', 'utf-16be', 'latin1', 'windows-1252'] as const
export type FileEncoding = (typeof fileEncodings)[number]

/**
 * Use of quotes and backslashes. `doubled`: a quote in a quoted field is doubled, as in RFC 4180.
 * `backslash`: as COPY's text format and MySQL write, within quotes and without. `\n`, `\t`, `\r`,
 * `\b`, `\f`, `\v` and `\0` are control characters, a field `\N` is null, with quotes too, and
 * after a backslash any other character stands for itself, a newline as well; a quote in a quoted
 * field may be doubled. Refused are the escapes that COPY and MySQL read differently, and neither
 * writes: `\1` to `\7`, `\x` and `\Z`. A line `\.` ends the data: empty lines alone may follow it.
 */
export const escapes = ['doubled', 'backslash'] as const
export type Escape = (typeof escapes)[number]

/**
 * Marks between groups of three digits; the space stands for no-break spaces too, the apostrophe
 * for U+2019.
 */
export const thousandsMarks = ['.', ',', ' ', "'"] as const
export type ThousandsMark = (typeof thousandsMarks)[number]

/** Compressions of files that are read. */
export type Compression = 'gzip' | 'zstd'

/** Format of the files of a folder: their table, their syntax, and the spellings of values. */
export interface CsvFormat {
  readonly table: Table
  /** Delimiter of the fields: one ASCII character. */
  readonly delimiter: string
  /** Character around quoted fields; null where fields are never quoted. */
  readonly quote: string | null
  readonly escape: Escape
  readonly encoding: FileEncoding
  /** Character at the beginning of lines that are left out; null for none. */
  readonly comment: string | null
  /**
   * Spellings of null in columns of other types than text, of fields without quotes and
   * backslashes. Where the empty one is among them, and not among `textNulls`, an empty field with
   * quotes is null too.
   */
  readonly nulls: readonly string[]
  /**
   * Spellings of null in columns of text, where others are text: an empty field the empty string.
   */
  readonly textNulls: readonly string[]
  readonly decimal: '.' | ','
  readonly thousands: ThousandsMark | null
  /** Format of each column of the table; null for PostgreSQL's own spelling. */
  readonly formats: readonly (string | null)[]
  /**
   * The source text of a function `AnalyseFields`; null when fields are read by the columns' types.
   */
  readonly analyse: string | null
}

/** Format of files as RFC 4180 says, in UTF-8, with values as PostgreSQL spells them. */
export function plainFormat(table: Table): CsvFormat {
  return { table, ...plainSyntax, formats: table.columns.map(() => null), analyse: null }
}

/** Syntax of such files; an empty field is null but for `text`. */
export const plainSyntax = {
  delimiter: ',',
  quote: '"',
  escape: 'doubled',
  encoding: 'utf-8',
  comment: null,
  nulls: [''],
  textNulls: [],
  decimal: '.',
  thousands: null,
} as const satisfies Partial<CsvFormat>

/** One CSV file, and the format in which to read it. */
export interface CsvFileSpec {
  readonly kind: 'csv'
  readonly name: string
  readonly path: string
  readonly format: CsvFormat
  readonly compression: Compression | null
  /** Number of lines before the header, or before the first record. */
  readonly skipLines: number
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
  /**
   * Index in the table of the column of each field of a record, null for a field that must be
   * empty, such as the one after a trailing delimiter; null where the fields stand in the table's
   * order, and for `analyse`, which is given the fields as they stand.
   */
  readonly targets: readonly (number | null)[] | null
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
