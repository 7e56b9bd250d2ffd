import { longer } from '../../records/values.js'
import type { Fields } from './field-values.js'

/** How a text file holds records. */
export interface CsvSyntax {
  /** One ASCII character. */
  readonly delimiter: string
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
  /** Whether fields may be quoted as in RFC 4180, so that a record may span lines. */
  readonly quoted: boolean
  /** `utf8` is checked; in `latin1` every byte is a character. */
  readonly encoding: 'utf8' | 'latin1'
}

/**
 * The records of one chunk of a CSV file, as places in its bytes: fields are not copied, and no string is made of them. After the chunk's bytes stand
 * the fields that had doubled quotes, with one instead.
 */
export interface CsvRecords extends Fields {
  /** Complete records of the chunk. */
  count: number
  bytes: Buffer
  /** The same memory, for several bytes at a time. */
  view: DataView
  hasNul: boolean
  encoding: CsvSyntax['encoding']
  /** Whether the header is still to come. */
  headerAhead: boolean
  /** Where the fields begin and end in `bytes`. */
  starts: Int32Array
  ends: Int32Array
  /** The first field of each record; the others follow it. */
  firstFields: Int32Array
  fieldCounts: Int32Array
  /** Where each record lies in `bytes`, without its line end. */
  from: Int32Array
  to: Int32Array
  /** Number of each record's first line, from 1. */
  lines: Int32Array
  /** What is wrong with the quotes of a record. */
  readonly problems: Map<number, string>
}

/** No records, with room for some. */
export function emptyCsvRecords(): CsvRecords {
  const bytes = Buffer.allocUnsafeSlow(0)
  return {
    count: 0,
    bytes,
    view: new DataView(bytes.buffer),
    hasNul: false,
    encoding: 'utf8',
    headerAhead: false,
    starts: new Int32Array(4096),
    ends: new Int32Array(4096),
    firstFields: new Int32Array(1024),
    fieldCounts: new Int32Array(1024),
    from: new Int32Array(1024),
    to: new Int32Array(1024),
    lines: new Int32Array(1024),
    problems: new Map(),
  }
}

/** A record as it stands in the file, by its position from 0. */
export function recordText({ bytes, encoding, from, to }: CsvRecords, position: number): string {
  return bytes.toString(encoding, from[position], to[position])
}

/** A field as text; `field` counts over all records. */
export function fieldText({ bytes, encoding, starts, ends }: CsvRecords, field: number): string {
  return bytes.toString(encoding, starts[field], ends[field])
}

/** Throws an Error for a record whose quotes do not match. */
export function checkQuotes({ problems }: CsvRecords, position: number): void {
  if (problems.size === 0) return
  const problem = problems.get(position)
  if (problem !== undefined) throw new Error(problem)
}

/** Makes room for so many fields. */
export function reserveFields(records: CsvRecords, count: number): void {
  if (count <= records.starts.length) return
  records.starts = longer(records.starts, count)
  records.ends = longer(records.ends, count)
}

/** Makes room for so many records. */
export function reserveRecords(records: CsvRecords, count: number): void {
  if (count <= records.lines.length) return
  for (const name of ['firstFields', 'fieldCounts', 'from', 'to', 'lines'] as const) {
    records[name] = longer(records[name], count)
  }
}
