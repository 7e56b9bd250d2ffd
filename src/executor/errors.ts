/** Errors of the executor. Misuse of a function throws `TypeError` or `RangeError` instead. */

import pg from 'pg'

/**
 * The server's SQLSTATE where the server reported the error; null for others: a broken socket's
 * `EPIPE` has five characters too.
 */
export function sqlStateOf(error: unknown): string | null {
  if (error instanceof DatabaseError) return sqlStateOf(error.cause)
  return error instanceof pg.DatabaseError ? (error.code ?? null) : null
}

/**
 * A server that cannot be used. The message names host and database and the remedy, never the
 * password.
 */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError'
}

/**
 * Failure of one COPY, located by worker, batch and first record, and by the record that the server
 * refused where it says which.
 */
export class CopyError extends Error {
  override readonly name = 'CopyError'
  readonly worker: number
  readonly batch: number
  /** Position in the input of the first record of the part, from 0; null for a commit of all. */
  readonly firstRecord: number | null
  /** Position in the input of the record that the server refused; null where it does not say. */
  readonly record: number | null
  readonly sqlState: string | null
  constructor(
    place: {
      worker: number
      batch: number
      firstRecord: number | null
      record: number | null
      sqlState: string | null
    },
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.worker = place.worker
    this.batch = place.batch
    this.firstRecord = place.firstRecord
    this.record = place.record
    this.sqlState = place.sqlState
  }
}

/**
 * A program that was to load and failed, or did not keep to its rules. The message ends with its
 * last lines where they help, and never holds its password.
 */
export class ProgramError extends Error {
  override readonly name = 'ProgramError'
}

/** A level of a factor that a trial was run without: it did not take effect as it should. */
export class InterventionError extends Error {
  override readonly name = 'InterventionError'
}

/** The content of the table differs from the input. */
export class LostRecordsError extends Error {
  override readonly name = 'LostRecordsError'
  readonly expected: { readonly records: number; readonly checksum: string }
  readonly actual: { readonly records: number; readonly checksum: string }
  constructor(
    expected: { readonly records: number; readonly checksum: string },
    actual: { readonly records: number; readonly checksum: string },
  ) {
    super(
      `The table holds ${actual.records} records with checksum ${actual.checksum}, the input ${expected.records} with ${expected.checksum}`,
    )
    this.expected = expected
    this.actual = actual
  }
}

/** A raw record that cannot be analysed, located by file and line. */
export class BadRecordError extends Error {
  override readonly name = 'BadRecordError'
  readonly file: string
  readonly line: number
  /** The last line of a record that spans several. */
  readonly lastLine: number
  readonly reason: string
  constructor(file: string, line: number, reason: string, options: ErrorOptions & { lastLine?: number } = {}) {
    super(`${file}:${line}: ${reason}`, options)
    this.file = file
    this.line = line
    this.lastLine = options.lastLine ?? line
    this.reason = reason
  }
}

/** An input that cannot be used as requested, although none of its records is bad. */
export class InputError extends Error {
  override readonly name = 'InputError'
}
