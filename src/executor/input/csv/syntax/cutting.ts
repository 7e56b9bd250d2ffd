import { BadRecordError } from '../../../errors.js'
import { grown } from '../../../records/values.js'
import type { Chunk } from './chunks.js'
import { type CsvRecords, reserveFields } from './csv-records.js'

export const newline = 10
export const carriageReturn = 13
/** Stands for a place that is not within the bytes read so far. */
export const notYet = -1
/** Stands for the end of a field after which there is other text. */
export const noEnd = -2
/** Stands for a character that the syntax does not have. */
export const none = -1

/** State while a chunk is cut. */
export interface Cutting {
  readonly chunk: Chunk
  readonly records: CsvRecords
  readonly delimiter: number
  readonly quote: number
  readonly backslash: number
  /** Number of fields of the chunk so far. */
  fields: number
  /** Number of lines of the record that is being cut. */
  lines: number
  /** Error in the quotes or backslashes of the record that is being cut; null for none. */
  problem: string | null
  /** Where the next copy begins, after the chunk's bytes. */
  copyAt: number
}

/** Ends the cutting at the record that is being cut. */
export function breakOff({ chunk, records }: Cutting, problem: string): typeof notYet {
  const whose = records.headerAhead ? "the header's " : ''
  records.broken ??= new BadRecordError(chunk.name, chunk.line, `${whose}${problem}`)
  return notYet
}

/**
 * Returns the delimiter or line end that follows at once, after the carriage return of a line end;
 * `noEnd` where other text does.
 */
export function endAt({ chunk, delimiter }: Cutting, from: number): number {
  const { bytes, filled, ended } = chunk
  let at = from
  if (at < filled && bytes[at] === carriageReturn) {
    if (at + 1 >= filled && !ended) return notYet
    if (at + 1 >= filled || bytes[at + 1] === newline) at++
  }
  if (at >= filled) return ended ? filled : notYet
  return bytes[at] === delimiter || bytes[at] === newline ? at : noEnd
}

/** Adds a field by its place, in the chunk or among the copies after it. */
export function addField(cutting: Cutting, from: number, to: number, form: number): void {
  const { records } = cutting
  const field = cutting.fields++
  reserveFields(records, field + 1)
  if (field >= records.forms.length) {
    records.forms = grown(records.forms, field + 1)
    records.starts = grown(records.starts, field + 1)
  }
  records.starts[field] = from
  records.ends[field] = to
  records.forms[field] = form
}
