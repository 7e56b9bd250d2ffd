import { isUtf8 } from 'node:buffer'
import { BadRecordError } from '../../../errors.js'
import { markedEncoding } from '../bytes/byte-order-mark.js'
import { newlinesIn } from '../bytes/newlines.js'
import type { Chunk } from './chunks.js'
import {
  type CsvRecords,
  type CsvSyntax,
  headerAgain,
  isSameText,
  reserveFields,
  reserveRecords,
} from './csv-records.js'
import { cutMarked, hasMarks, marksOf } from './cut-marked.js'
import { endsInCarriageReturns, endsInTwoCarriageReturns, hasCarriageReturns } from './line-ends.js'
import { eitherIn, fourOf } from './places.js'

const newline = 10
const carriageReturn = 13
const byteOrderMark = [0xef, 0xbb, 0xbf]
const newlines = fourOf(newline)
/** Number of bytes that `findEnds` examines together. */
const bytesAtOnce = 32

/**
 * Cuts the complete records of a chunk into fields: all of them when the file has ended. A field
 * may stand between quotes, where a delimiter or a newline is text and two quotes are one; with
 * `escape: 'backslash'` a backslash gives the character after it another meaning, and a line `\.`
 * ends the data. Lines end in LF or CRLF; the last may lack its end. Empty lines and
 * comments are left out and counted. A byte order mark is dropped, and so are the lines to skip.
 * Sets `records.broken` where it cannot go on; throws `BadRecordError` for bytes that are not
 * UTF-8, and for a file whose lines end in CR alone.
 */
export function cut(chunk: Chunk, syntax: CsvSyntax, records: CsvRecords): void {
  records.count = 0
  records.problems.clear()
  records.hasForms = false
  records.hasNul = false
  if (!passByteOrderMark(chunk) || !passSkipped(chunk, syntax, records)) return
  const { consumed, filled } = chunk
  // The first line is cut by now, unless it is all of the file.
  if (chunk.ended && chunk.line === 1 && hasCarriageReturns(chunk.bytes.subarray(consumed, filled), syntax.quote)) {
    throw new BadRecordError(chunk.name, 1, endsInCarriageReturns)
  }
  const delimiter = syntax.delimiter.charCodeAt(0)
  const marks = marksOf(syntax)
  if (records.endedAt === 0) {
    if (hasMarks(chunk.bytes.subarray(consumed, filled), marks)) cutMarked(chunk, delimiter, marks, records)
    else cutPlain(chunk, delimiter, records)
  }
  records.bytes = chunk.bytes
  records.view = chunk.view
  const complete = chunk.bytes.subarray(consumed, chunk.consumed)
  if (!isUtf8(complete)) throwNotUtf8(chunk, complete)
  records.hasNul ||= complete.includes(0)
  markHeaders(records)
  if (records.endedAt > 0) passEmpty(chunk, records)
}

/** Drops a byte order mark; returns false while the file's first bytes are not read yet. */
function passByteOrderMark(chunk: Chunk): boolean {
  const { bytes, filled, ended } = chunk
  if (chunk.offset > 0) return true
  if (filled < byteOrderMark.length && !ended) return false
  if (byteOrderMark.every((byte, k) => filled > k && bytes[k] === byte)) chunk.consumed = byteOrderMark.length
  return true
}

/**
 * Passes over the lines to skip; returns false while their end is not read yet. Sets
 * `records.broken` for a file that has fewer, unless it is empty.
 */
function passSkipped(chunk: Chunk, { skipLines }: CsvSyntax, records: CsvRecords): boolean {
  while (records.linesAhead > 0) {
    const at = chunk.bytes.indexOf(newline, chunk.consumed)
    const isComplete = at >= 0 && at < chunk.filled
    if (!isComplete && !chunk.ended) return false
    if (chunk.consumed === chunk.filled) {
      if (chunk.offset + chunk.filled > 0) {
        records.broken = new BadRecordError(
          chunk.name,
          chunk.line,
          `expected ${skipLines} lines to skip before the first record, and the file ends: state another \`skipLines\``,
        )
      }
      return false
    }
    chunk.consumed = isComplete ? at + 1 : chunk.filled
    chunk.line++
    records.linesAhead--
  }
  return true
}

/**
 * Passes over what follows the mark `\.`, which must be empty lines: `records.broken` names other
 * text.
 */
function passEmpty(chunk: Chunk, records: CsvRecords): void {
  const { bytes, filled } = chunk
  for (; chunk.consumed < filled; chunk.consumed++) {
    const byte = bytes[chunk.consumed]
    if (byte === newline) chunk.line++
    else if (byte !== carriageReturn) {
      records.broken ??= new BadRecordError(
        chunk.name,
        chunk.line,
        `there is text after the line \`\\.\` (line ${records.endedAt}), which ends the data of a COPY: keep the data of one table in a file`,
      )
    }
  }
}

/** Cuts records without quotes, backslashes and comments, the common case. */
function cutPlain(chunk: Chunk, delimiter: number, records: CsvRecords): void {
  const { bytes, view, consumed, filled } = chunk
  const closed = filled === consumed || bytes[filled - 1] === newline || !chunk.ended
  // The end that the last line lacks.
  if (!closed) bytes[filled] = newline
  const end = closed ? filled : filled + 1
  // No more fields than bytes examined: memory that is not used is not touched either.
  reserveFields(records, end - consumed + bytesAtOnce)
  const fields = findEnds(view, consumed, end, delimiter, records.ends)
  groupFields(chunk, fields, records)
}

/**
 * Writes the places of delimiters and newlines from `bytes[from]` up to but without `bytes[to]`,
 * and returns their number. 32 bytes at a time are made one bit each, as in Langdale and Lemire,
 * "Parsing Gigabytes of JSON per Second" (2019): a branch for each byte would cost more than
 * everything else.
 */
function findEnds(view: DataView, from: number, to: number, delimiter: number, ends: Int32Array): number {
  const delimiters = fourOf(delimiter)
  let count = 0
  for (let at = from; at < to; at += bytesAtOnce) {
    let found =
      eitherIn(view.getInt32(at, true), delimiters, newlines) |
      (eitherIn(view.getInt32(at + 4, true), delimiters, newlines) << 4) |
      (eitherIn(view.getInt32(at + 8, true), delimiters, newlines) << 8) |
      (eitherIn(view.getInt32(at + 12, true), delimiters, newlines) << 12) |
      (eitherIn(view.getInt32(at + 16, true), delimiters, newlines) << 16) |
      (eitherIn(view.getInt32(at + 20, true), delimiters, newlines) << 20) |
      (eitherIn(view.getInt32(at + 24, true), delimiters, newlines) << 24) |
      (eitherIn(view.getInt32(at + 28, true), delimiters, newlines) << 28)
    for (; found !== 0; found &= found - 1) ends[count++] = at + 31 - Math.clz32(found & -found)
  }
  while (count > 0 && ends[count - 1]! >= to) count--
  return count
}

/** Groups the fields whose ends are found into records, up to the last newline. */
function groupFields(chunk: Chunk, fields: number, records: CsvRecords): void {
  const { bytes } = chunk
  let complete = fields
  while (complete > 0 && bytes[records.ends[complete - 1]!] !== newline) complete--
  reserveRecords(records, complete)
  const { ends, firstFields, fieldCounts, fieldsFrom, from, to, lines } = records
  let { headerAhead } = records
  let { line, consumed: begin } = chunk
  let count = 0
  for (let first = 0; first < complete; ) {
    let last = first
    let end = ends[first]!
    // A loop for each record: most records have the same number of fields, so that its end can be
    // predicted.
    while (bytes[end] !== newline) end = ends[++last]!
    let stop = end
    if (stop > begin && bytes[stop - 1] === carriageReturn) {
      ends[last] = --stop
      if (stop > begin && bytes[stop - 1] === carriageReturn) records.problems.set(count, endsInTwoCarriageReturns)
    }
    if (stop > begin && headerAhead) {
      headerAhead = false
      records.header = Buffer.from(bytes.subarray(begin, stop))
    } else if (stop > begin) {
      firstFields[count] = first
      fieldCounts[count] = last + 1 - first
      fieldsFrom[count] = begin
      from[count] = begin
      to[count] = stop
      lines[count++] = line
    }
    line++
    first = last + 1
    begin = end + 1
  }
  records.count = count
  records.headerAhead = headerAhead
  chunk.line = line
  chunk.consumed = Math.min(begin, chunk.filled)
}

/** Makes the header, where it stands among the records once more, a problem of its record. */
function markHeaders(records: CsvRecords): void {
  const { count, header, problems } = records
  if (header === null) return
  for (let position = 0; position < count; position++) {
    if (isSameText(records, position, header)) problems.set(position, headerAgain)
  }
}

function throwNotUtf8({ name, line: next, offset }: Chunk, bytes: Buffer): never {
  const marked = offset === 0 ? markedEncoding(bytes) : null
  if (marked !== null && marked !== 'utf-8') {
    throw new BadRecordError(name, 1, `the text is not UTF-8 but UTF-16: state \`encoding: '${marked}'\``)
  }
  let line = next - linesIn(bytes)
  for (let from = 0; from < bytes.length; line++) {
    const newlineAt = bytes.indexOf(newline, from)
    const end = newlineAt < 0 ? bytes.length : newlineAt + 1
    if (!isUtf8(bytes.subarray(from, end))) break
    from = end
  }
  throw new BadRecordError(name, line, "the text is not UTF-8: state its `encoding`, such as 'windows-1252'")
}

/** Counts the lines in the bytes, the last with or without its end. */
function linesIn(bytes: Buffer): number {
  return newlinesIn(bytes) + (bytes.length > 0 && bytes.at(-1) !== newline ? 1 : 0)
}
