import type { BadRecordError } from '../../../errors.js'
import { grown } from '../../../records/values.js'
import type { Escape } from '../../file-spec.js'

const newline = 10

/** Syntax of the records in a text file, whose text is UTF-8 by now. */
export interface CsvSyntax {
  /** Delimiter of the fields: one ASCII character. */
  readonly delimiter: string
  /**
   * Character around fields that may hold delimiters and newlines: one ASCII character; null where
   * fields are never quoted.
   */
  readonly quote: string | null
  readonly escape: Escape
  /** Character at the beginning of lines that are left out; null for none. */
  readonly comment: string | null
  /** Number of lines before the header, or before the first record. */
  readonly skipLines: number
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
}

/** How a field is written: without quotes and backslashes. */
export const bare = 0
/** How a field is written: with quotes or backslashes. */
export const quoted = 1
/** How a field is written: as `\N`, which is null where backslashes escape. */
export const escapedNull = 2

/**
 * The records of one chunk of a CSV file, as places in its bytes: no string is made of a field.
 * Without quotes and backslashes every field begins one byte after the one before it ends, the
 * first at its record's `fieldsFrom`; with them, where `starts` tells. Fields with doubled quotes
 * or backslashes are copied, without these, to the room after the chunk's bytes.
 */
export interface CsvRecords {
  /** Complete records of the chunk. */
  count: number
  bytes: Buffer
  /** A view of the memory of `bytes`, for access to several bytes at a time. */
  view: DataView
  /** Whether the character NUL is among the bytes. */
  hasNul: boolean
  /** Number of lines that are still to be skipped before the header or the first record. */
  linesAhead: number
  /** Whether the header has not been read yet. */
  headerAhead: boolean
  /** Text of the header; null while it has not been read, and where there is none. */
  header: Buffer | null
  /** Line of the mark `\.`, which ends the data of a COPY in the text format; 0 for none so far. */
  endedAt: number
  /** The error at which cutting ended: what follows in the file cannot be told apart. */
  broken: BadRecordError | null
  /** Where the fields of all records end in `bytes`. */
  ends: Int32Array
  /**
   * Whether `forms` tells how the fields are written, and `starts` where they begin; all are bare
   * where they do not.
   */
  hasForms: boolean
  /** Where the fields of all records begin in `bytes`. */
  starts: Int32Array
  /** How each field is written: `bare`, `quoted` or `escapedNull`. */
  forms: Uint8Array
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
  /**
   * Why records cannot be read, by their position: their quotes, backslashes or line end are wrong,
   * or they are the header once more.
   */
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
    linesAhead: 0,
    headerAhead: false,
    header: null,
    endedAt: 0,
    broken: null,
    ends: new Int32Array(4096),
    hasForms: false,
    starts: new Int32Array(0),
    forms: new Uint8Array(0),
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

/** Whether a record's text is `text`, also after the byte order mark of a file that was added. */
export function isSameText({ bytes, from, to }: CsvRecords, position: number, text: Buffer): boolean {
  const start = from[position]!
  const end = to[position]!
  const more = end - start - text.length
  if (more !== 0 && (more !== 3 || bytes[start] !== 0xef)) return false
  // Records of the same length are many, and a call takes longer than a look.
  return bytes[start + more] === text[0] && text.compare(bytes, start + more, end) === 0
}

/** Reason why a record is refused that is the header once more, as where files are put together. */
export const headerAgain =
  "the header stands here again: take the line out, or leave it out by `onBadRecord: 'skip'` (--on-bad-record skip)"

/** Returns the numbers of a record's first and last line. */
export function recordLines({ bytes, from, to, lines }: CsvRecords, position: number): readonly [number, number] {
  let last = lines[position]!
  const end = to[position]!
  for (let at = from[position]!; at < end; at++) if (bytes[at] === newline) last++
  return [lines[position]!, last]
}

/** Returns the fields of a record as text; one that is null by its backslash as `\N`. */
export function fieldTexts(records: CsvRecords, position: number): string[] {
  const { bytes, ends, starts, hasForms } = records
  const first = records.firstFields[position]!
  let next = records.fieldsFrom[position]!
  return Array.from({ length: records.fieldCounts[position]! }, (_, k) => {
    const start = hasForms ? starts[first + k]! : next
    const end = ends[first + k]!
    next = end + 1
    return bytes.toString('utf8', start, end)
  })
}

/** Throws an Error for a record that cannot be read: see `problems`. */
export function checkRecord({ problems }: CsvRecords, position: number): void {
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
