import { grown } from '../../../records/values.js'

/** Syntax of the records in a text file, whose text is UTF-8 by now. */
export interface CsvSyntax {
  /** Delimiter of the fields: one ASCII character. */
  readonly delimiter: string
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
  /** Whether fields may be quoted as in RFC 4180, so that a record may span lines. */
  readonly quoted: boolean
}

/**
 * The records of one chunk of a CSV file, as places in its bytes: no string is made of a field.
 * Every field begins one byte after the one before it ends, the first at its record's `fieldsFrom`.
 * The fields of records with quotes are copied, without them, to the room after the chunk's bytes.
 */
export interface CsvRecords {
  /** Complete records of the chunk. */
  count: number
  bytes: Buffer
  /** A view of the memory of `bytes`, for access to several bytes at a time. */
  view: DataView
  /** Whether the character NUL is among the bytes. */
  hasNul: boolean
  /** Whether the header has not been read yet. */
  headerAhead: boolean
  /** Where the fields of all records end in `bytes`. */
  ends: Int32Array
  /** The first field of each record; the others follow it. */
  firstFields: Int32Array
  fieldCounts: Int32Array
  /** Where each record's first field begins in `bytes`. */
  fieldsFrom: Int32Array
  /** Where each record begins in `bytes`. */
  from: Int32Array
  /** Where each record ends in `bytes`, before its line end. */
  to: Int32Array
  /** Number of each record's first line, from 1. */
  lines: Int32Array
  /** Errors in the quotes of records, by the record's position. */
  readonly problems: Map<number, string>
}

/** Makes an empty list of records, with room for some. */
export function emptyCsvRecords(): CsvRecords {
  const bytes = Buffer.allocUnsafeSlow(0)
  return {
    count: 0,
    bytes,
    view: new DataView(bytes.buffer),
    hasNul: false,
    headerAhead: false,
    ends: new Int32Array(4096),
    firstFields: new Int32Array(1024),
    fieldCounts: new Int32Array(1024),
    fieldsFrom: new Int32Array(1024),
    from: new Int32Array(1024),
    to: new Int32Array(1024),
    lines: new Int32Array(1024),
    problems: new Map(),
  }
}

/** Returns the text of a record as it stands in the file, by its position from 0. */
export function recordText({ bytes, from, to }: CsvRecords, position: number): string {
  return bytes.toString('utf8', from[position], to[position])
}

/** Returns the fields of a record as text. */
export function fieldTexts(records: CsvRecords, position: number): string[] {
  const { bytes, ends } = records
  const first = records.firstFields[position]!
  let start = records.fieldsFrom[position]!
  return Array.from({ length: records.fieldCounts[position]! }, (_, k) => {
    const end = ends[first + k]!
    const text = bytes.toString('utf8', start, end)
    start = end + 1
    return text
  })
}

/** Throws an Error for a record whose quotes do not match. */
export function checkQuotes({ problems }: CsvRecords, position: number): void {
  if (problems.size === 0) return
  const problem = problems.get(position)
  if (problem !== undefined) throw new Error(problem)
}

/** Makes room for `count` fields in total. */
export function reserveFields(records: CsvRecords, count: number): void {
  if (count > records.ends.length) records.ends = grown(records.ends, count)
}

/** Makes room for `count` records in total. */
export function reserveRecords(records: CsvRecords, count: number): void {
  if (count <= records.lines.length) return
  for (const name of ['firstFields', 'fieldCounts', 'fieldsFrom', 'from', 'to', 'lines'] as const) {
    records[name] = grown(records[name], count)
  }
}
