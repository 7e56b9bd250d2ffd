import type { ValueColumn } from '../../../records/values.js'
import type { ThousandsMark } from '../../file-spec.js'

/** Spellings of a column's values in a file. */
export interface ValueFormat {
  readonly decimal: '.' | ','
  readonly thousands: ThousandsMark | null
  /** Template of dates and times, words of booleans; null for PostgreSQL's own spelling. */
  readonly format: string | null
}

/** Format of values as PostgreSQL spells them. */
export const ownFormat: ValueFormat = { decimal: '.', thousands: null, format: null }

/**
 * Reads `bytes[from]` up to but without `bytes[to]`, without NUL, and adds the value to the rows.
 * Returns null, or why they are not a value of the column: a clause such as "int2 holds -32768 to
 * 32767". What was added of an array before that is left to be cut off.
 */
export type ReadValue = (bytes: Buffer, from: number, to: number, rows: ValueColumn) => string | null
