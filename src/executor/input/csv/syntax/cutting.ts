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
  /** Whether the fields of the record that is being cut are copies. */
  copied: boolean
  /** Where the first field of the record that is being cut begins. */
  fieldsFrom: number
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

/** Adds a field at its place in the chunk, or a copy of it if those before it are copies. */
export function addField(cutting: Cutting, from: number, to: number, form: number): void {
  if (!cutting.copied) {
    addEnd(cutting, to, form)
    return
  }
  const { bytes } = cutting.chunk
  let { copyAt } = cutting
  for (let at = from; at < to; at++) bytes[copyAt++] = bytes[at]!
  addCopied(cutting, copyAt, form)
}

/** Copies the fields that the record has so far, with the delimiter after each. */
export function copyFields(cutting: Cutting, firstField: number): void {
  if (cutting.copied) return
  const { chunk, records, fields, fieldsFrom, copyAt } = cutting
  const end = fields === firstField ? fieldsFrom : records.ends[fields - 1]! + 1
  chunk.bytes.copyWithin(copyAt, fieldsFrom, end)
  for (let field = firstField; field < fields; field++) records.ends[field]! += copyAt - fieldsFrom
  cutting.copied = true
  cutting.fieldsFrom = copyAt
  cutting.copyAt = copyAt + end - fieldsFrom
}

/** Adds a field that was copied up to here, and leaves a byte between it and the next. */
export function addCopied(cutting: Cutting, end: number, form: number): void {
  addEnd(cutting, end, form)
  cutting.copyAt = end + 1
}

function addEnd(cutting: Cutting, end: number, form: number): void {
  const { records } = cutting
  const field = cutting.fields++
  reserveFields(records, field + 1)
  records.ends[field] = end
  if (field >= records.forms.length) records.forms = grown(records.forms, field + 1)
  records.forms[field] = form
}
