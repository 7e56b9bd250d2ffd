import { BadRecordError } from '../../../errors.js'
import { type Chunk, growChunk } from './chunks.js'
import { type CsvRecords, reserveFields, reserveRecords } from './csv-records.js'

const newline = 10
const carriageReturn = 13
const quote = 34
/** Stands for a place that is not within the bytes read so far. */
const notYet = -1

/** State while a chunk is cut. */
interface Cutting {
  readonly chunk: Chunk
  readonly records: CsvRecords
  readonly delimiter: number
  /** Number of fields of the chunk so far. */
  fields: number
  /** Number of lines of the record that is being cut. */
  lines: number
  /** Error in the quotes of the record that is being cut; null for none. */
  problem: string | null
  /** Whether the fields of the record that is being cut are copies. */
  copied: boolean
  /** Where the first field of the record that is being cut begins. */
  fieldsFrom: number
  /** Where the next copy begins, after the chunk's bytes. */
  copyAt: number
}

/**
 * Cuts records whose fields may be quoted as RFC 4180 says. Throws `BadRecordError` for a header
 * whose quotes are wrong.
 */
export function cutQuoted(chunk: Chunk, delimiter: number, records: CsvRecords): void {
  // Room for copies of all bytes left, and the byte after the last of them.
  const copyBytes = chunk.filled - chunk.consumed + 1
  if (chunk.filled + copyBytes > chunk.bytes.length) growChunk(chunk, chunk.filled + copyBytes, chunk.filled)
  const cutting: Cutting = {
    chunk,
    records,
    delimiter,
    fields: 0,
    lines: 0,
    problem: null,
    copied: false,
    fieldsFrom: 0,
    copyAt: chunk.filled,
  }
  while (chunk.consumed < chunk.filled) {
    const end = cutRecord(cutting)
    if (end === notYet) break
    chunk.consumed = end
  }
}

/** Cuts the next record; returns where the next one begins. */
function cutRecord(cutting: Cutting): number {
  const { chunk, delimiter } = cutting
  const { consumed: from, filled, ended } = chunk
  const firstField = cutting.fields
  cutting.lines = 1
  cutting.problem = null
  cutting.copied = false
  cutting.fieldsFrom = from
  let at = from
  for (;;) {
    at = chunk.bytes[at] === quote && at < filled ? cutQuotedField(cutting, at, firstField) : cutPlainField(cutting, at)
    if (at === notYet || (at === filled && !ended)) {
      cutting.fields = firstField
      return notYet
    }
    if (at >= filled || chunk.bytes[at] !== delimiter) break
    at++
  }
  endRecord(cutting, firstField, from, at)
  return Math.min(at + 1, filled)
}

/**
 * Adds the record whose fields were added since `firstField`, and whose line end is at `end`;
 * unless it is empty, or the header.
 */
function endRecord(cutting: Cutting, firstField: number, from: number, end: number): void {
  const { chunk, records, fields, lines, problem } = cutting
  const to = end > from && chunk.bytes[end - 1] === carriageReturn ? end - 1 : end
  if (to > from && !records.headerAhead) {
    const k = records.count++
    reserveRecords(records, k + 1)
    records.firstFields[k] = firstField
    records.fieldCounts[k] = fields - firstField
    records.fieldsFrom[k] = cutting.fieldsFrom
    records.from[k] = from
    records.to[k] = to
    records.lines[k] = chunk.line
    if (problem !== null) records.problems.set(k, problem)
  } else {
    // Whatever a quote without its end swallowed would be lost without a word.
    if (problem !== null) throw new BadRecordError(chunk.name, chunk.line, `the header's ${problem}`)
    cutting.fields = firstField
    if (to > from) records.headerAhead = false
  }
  chunk.line += lines
}

/**
 * Cuts the field without quotes that begins at `from`; returns the place of its delimiter, or of
 * the record's end.
 */
function cutPlainField(cutting: Cutting, from: number): number {
  const { bytes, filled } = cutting.chunk
  const { delimiter } = cutting
  let at = from
  while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) at++
  const isLast = at === filled || bytes[at] === newline
  addField(cutting, from, isLast && at > from && bytes[at - 1] === carriageReturn ? at - 1 : at)
  return at
}

/**
 * Cuts the quoted field that begins at `from` into a copy, with every pair of quotes made one;
 * returns the place of its delimiter, or of the record's end. A malformed field is added unchanged,
 * up to the next newline.
 */
function cutQuotedField(cutting: Cutting, from: number, firstField: number): number {
  copyFields(cutting, firstField)
  const { chunk, delimiter } = cutting
  const { bytes, filled, ended } = chunk
  let copyAt = cutting.copyAt
  let lines = 0
  let at = from + 1
  for (;;) {
    for (; at < filled && bytes[at] !== quote; at++) {
      const byte = bytes[at]!
      bytes[copyAt++] = byte
      if (byte === newline) lines++
    }
    if (at >= filled) {
      if (!ended) return notYet
      cutting.lines += bytes[filled - 1] === newline ? lines - 1 : lines
      return addBroken(cutting, from, filled, firstField, 'has a quote that is never closed')
    }
    if (at + 1 >= filled && !ended) return notYet
    if (at + 1 >= filled || bytes[at + 1] !== quote) break
    bytes[copyAt++] = quote
    at += 2
  }
  cutting.lines += lines
  at++
  const atReturn = at < filled && bytes[at] === carriageReturn
  if (atReturn && at + 1 >= filled && !ended) return notYet
  if (atReturn && (at + 1 >= filled || bytes[at + 1] === newline)) at++
  if (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) {
    while (at < filled && bytes[at] !== newline) at++
    return addBroken(cutting, from, at, firstField, 'has text after its closing quote')
  }
  addCopied(cutting, copyAt)
  return at
}

/** Adds a malformed field; returns its end. */
function addBroken(cutting: Cutting, from: number, to: number, firstField: number, problem: string): number {
  addField(cutting, from, to)
  cutting.problem ??= `field ${cutting.fields - firstField} ${problem}`
  return to
}

/** Adds a field at its place in the chunk, or a copy of it if those before it are copies. */
function addField(cutting: Cutting, from: number, to: number): void {
  if (!cutting.copied) {
    addEnd(cutting, to)
    return
  }
  const { bytes } = cutting.chunk
  let { copyAt } = cutting
  for (let at = from; at < to; at++) bytes[copyAt++] = bytes[at]!
  addCopied(cutting, copyAt)
}

/** Copies the fields that the record has so far, with the delimiter after each. */
function copyFields(cutting: Cutting, firstField: number): void {
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
function addCopied(cutting: Cutting, end: number): void {
  addEnd(cutting, end)
  cutting.copyAt = end + 1
}

function addEnd(cutting: Cutting, end: number): void {
  const { records } = cutting
  const field = cutting.fields++
  reserveFields(records, field + 1)
  records.ends[field] = end
}
