import { BadRecordError } from '../../../errors.js'
import { grown } from '../../../records/values.js'
import { type Chunk, growChunk } from './chunks.js'
import {
  bare,
  type CsvRecords,
  type CsvSyntax,
  escapedNull,
  quoted,
  reserveFields,
  reserveRecords,
} from './csv-records.js'
import { meaningOf } from './escapes.js'

const newline = 10
const carriageReturn = 13
const dot = 46
const capitalN = 78
/** Stands for a place that is not within the bytes read so far. */
const notYet = -1
/** Stands for the end of a field after which there is other text. */
const noEnd = -2
/** Stands for a character that the syntax does not have. */
const none = -1

/** State while a chunk is cut. */
interface Cutting {
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

/** The marks of a syntax that need more than the search for delimiters and newlines. */
export interface Marks {
  readonly quote: number
  readonly backslash: number
  readonly comment: number
}

export function marksOf(syntax: CsvSyntax): Marks {
  return {
    quote: codeOf(syntax.quote),
    backslash: syntax.escape === 'backslash' ? 92 : none,
    comment: codeOf(syntax.comment),
  }
}

/** Whether one of the marks is among the bytes. */
export function hasMarks(bytes: Buffer, { quote, backslash, comment }: Marks): boolean {
  return [quote, backslash, comment].some((mark) => mark !== none && bytes.includes(mark))
}

function codeOf(character: string | null): number {
  return character === null ? none : character.charCodeAt(0)
}

/**
 * Cuts records whose fields may hold quotes and backslashes, and between which lines may be
 * comments. Ends at what leaves open where the next record begins: `records.broken`.
 */
export function cutMarked(chunk: Chunk, delimiter: number, marks: Marks, records: CsvRecords): void {
  const { quote, backslash, comment } = marks
  // Room for copies of all bytes left, and the byte after the last of them.
  const copyBytes = chunk.filled - chunk.consumed + 1
  if (chunk.filled + copyBytes > chunk.bytes.length) growChunk(chunk, chunk.filled + copyBytes, chunk.filled)
  records.hasForms = true
  const cutting: Cutting = {
    chunk,
    records,
    delimiter,
    quote,
    backslash,
    fields: 0,
    lines: 0,
    problem: null,
    copied: false,
    fieldsFrom: 0,
    copyAt: chunk.filled,
  }
  while (chunk.consumed < chunk.filled && records.endedAt === 0) {
    const end = chunk.bytes[chunk.consumed] === comment ? passLine(chunk) : cutRecord(cutting)
    if (end === notYet) break
    chunk.consumed = end
  }
}

/** Passes over the next line; returns where the one after it begins. */
function passLine(chunk: Chunk): number {
  const at = chunk.bytes.indexOf(newline, chunk.consumed)
  const isComplete = at >= 0 && at < chunk.filled
  if (!isComplete && !chunk.ended) return notYet
  chunk.line++
  return isComplete ? at + 1 : chunk.filled
}

/** Cuts the next record; returns where the next one begins. */
function cutRecord(cutting: Cutting): number {
  const { chunk, records, delimiter, quote } = cutting
  const { consumed: from, filled } = chunk
  const firstField = cutting.fields
  cutting.lines = 1
  cutting.problem = null
  cutting.copied = false
  cutting.fieldsFrom = from
  let at = endOfData(cutting, from)
  if (at !== noEnd) return at === notYet ? notYet : passLine(chunk)
  at = from
  for (;;) {
    const isQuoted = at < filled && chunk.bytes[at] === quote
    at = isQuoted ? cutQuotedField(cutting, at, firstField) : cutBareField(cutting, at, firstField)
    if (at === notYet || (at === filled && !chunk.ended)) {
      cutting.fields = firstField
      return notYet
    }
    if (at >= filled || chunk.bytes[at] !== delimiter) break
    at++
  }
  endRecord(cutting, firstField, from, at)
  return records.broken === null ? Math.min(at + 1, filled) : notYet
}

/**
 * Returns the line end after the mark `\.`, which ends the data of a COPY in the text format when
 * it is alone on a line; `noEnd` where there is none.
 */
function endOfData(cutting: Cutting, from: number): number {
  const { chunk, records, backslash, delimiter } = cutting
  if (chunk.bytes[from] !== backslash) return noEnd
  if (from + 1 >= chunk.filled) return chunk.ended ? noEnd : notYet
  if (chunk.bytes[from + 1] !== dot) return noEnd
  const end = endAt(cutting, from + 2)
  if (end < 0 || (end < chunk.filled && chunk.bytes[end] === delimiter)) return end === notYet ? notYet : noEnd
  records.endedAt = chunk.line
  return end
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
    if (problem !== null) breakOff(cutting, problem)
    cutting.fields = firstField
    if (to > from) records.headerAhead = false
  }
  chunk.line += lines
}

/** Ends the cutting at the record that is being cut. */
function breakOff({ chunk, records }: Cutting, problem: string): typeof notYet {
  const whose = records.headerAhead ? "the header's " : ''
  records.broken ??= new BadRecordError(chunk.name, chunk.line, `${whose}${problem}`)
  return notYet
}

/**
 * Returns the delimiter or line end that follows at once, after the carriage return of a line end;
 * `noEnd` where other text does.
 */
function endAt({ chunk, delimiter }: Cutting, from: number): number {
  const { bytes, filled, ended } = chunk
  let at = from
  if (at < filled && bytes[at] === carriageReturn) {
    if (at + 1 >= filled && !ended) return notYet
    if (at + 1 >= filled || bytes[at + 1] === newline) at++
  }
  if (at >= filled) return ended ? filled : notYet
  return bytes[at] === delimiter || bytes[at] === newline ? at : noEnd
}

/**
 * Cuts the field without quotes that begins at `from`; returns the place of its delimiter, or of
 * the record's end.
 */
function cutBareField(cutting: Cutting, from: number, firstField: number): number {
  const { bytes, filled } = cutting.chunk
  const { delimiter, backslash } = cutting
  let at = from
  while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline && bytes[at] !== backslash) at++
  if (at < filled && bytes[at] === backslash) return cutEscapedField(cutting, from, firstField)
  const isLast = at === filled || bytes[at] === newline
  addField(cutting, from, isLast && at > from && bytes[at - 1] === carriageReturn ? at - 1 : at, bare)
  return at
}

/**
 * Cuts a field without quotes but with backslashes into a copy; returns the place of its delimiter,
 * or of the record's end. A newline after a backslash is text.
 */
function cutEscapedField(cutting: Cutting, from: number, firstField: number): number {
  const { chunk, delimiter, backslash } = cutting
  const { bytes, filled, ended } = chunk
  const nullEnd = endOfNull(cutting, from)
  if (nullEnd === notYet) return notYet
  if (nullEnd !== noEnd) {
    addField(cutting, from, from + 2, escapedNull)
    return nullEnd
  }
  copyFields(cutting, firstField)
  let { copyAt } = cutting
  let escapedTo = from
  let at = from
  while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) {
    if (bytes[at] !== backslash) {
      bytes[copyAt++] = bytes[at++]!
      continue
    }
    if (at + 2 >= filled && !ended) return notYet
    if (bytes[at + 1] === carriageReturn && at + 2 < filled && bytes[at + 2] === newline) {
      return breakOff(cutting, `field ${cutting.fields - firstField + 1} has ${openLineEnd}`)
    }
    bytes[copyAt++] = escaped(cutting, at, firstField)
    at = Math.min(at + 2, filled)
    escapedTo = at
  }
  const isLast = at === filled || bytes[at] === newline
  addCopied(cutting, isLast && at > escapedTo && bytes[at - 1] === carriageReturn ? copyAt - 1 : copyAt, quoted)
  return at
}

/** After a backslash, programs write one of both where the other ends the line, or both as text. */
const openLineEnd =
  'a backslash before CR LF, which may be text or CR and the end of the line: write them as \\r and \\n'

/** Returns the end of a field that is `\N` alone; `noEnd` for another field. */
function endOfNull(cutting: Cutting, from: number): number {
  const { bytes, filled, ended } = cutting.chunk
  if (bytes[from] !== cutting.backslash) return noEnd
  if (from + 1 >= filled) return ended ? noEnd : notYet
  return bytes[from + 1] === capitalN ? endAt(cutting, from + 2) : noEnd
}

/** Returns the byte that stands for the backslash at `at` and the byte after it. */
function escaped(cutting: Cutting, at: number, firstField: number): number {
  const { chunk, records, fields } = cutting
  const field = `field ${fields - firstField + 1}`
  if (at + 1 >= chunk.filled) {
    cutting.problem ??= `${field} ends in a backslash, after which nothing follows in the file`
    return cutting.backslash
  }
  const byte = chunk.bytes[at + 1]!
  if (byte === newline) cutting.lines++
  const meaning = meaningOf(byte)
  if (meaning === 0) records.hasNul = true
  if (meaning >= 0) return meaning
  const shown = `\\${String.fromCharCode(byte)}`
  cutting.problem ??= `${field} has ${shown}, which COPY and MySQL read differently: write the character itself, or two backslashes for one`
  return byte
}

/**
 * Cuts the quoted field that begins at `from` into a copy, with every pair of quotes made one;
 * returns the place of its delimiter, or of the record's end. A malformed field is added unchanged,
 * up to the next newline; where that leaves open which lines are its record's, cutting ends.
 */
function cutQuotedField(cutting: Cutting, from: number, firstField: number): number {
  copyFields(cutting, firstField)
  const { chunk, quote, backslash } = cutting
  const { bytes, filled, ended } = chunk
  const field = `field ${cutting.fields - firstField + 1}`
  let { copyAt } = cutting
  let at = from + 1
  for (;;) {
    for (; at < filled && bytes[at] !== quote && bytes[at] !== backslash; at++) {
      const byte = bytes[at]!
      bytes[copyAt++] = byte
      if (byte === newline) cutting.lines++
    }
    if (at + 1 >= filled && !ended) return notYet
    if (at >= filled) return breakOff(cutting, `${field} has a quote that is never closed: ${remedy}`)
    if (bytes[at] !== quote) {
      bytes[copyAt++] = escaped(cutting, at, firstField)
      at = Math.min(at + 2, filled)
    } else if (at + 1 < filled && bytes[at + 1] === quote) {
      bytes[copyAt++] = quote
      at += 2
    } else break
  }
  const end = endAt(cutting, at + 1)
  if (end === notYet) return notYet
  if (end === noEnd) {
    if (cutting.lines > 1) {
      return breakOff(
        cutting,
        `${field} has text after its closing quote, ${cutting.lines - 1} ${cutting.lines === 2 ? 'line' : 'lines'} further on: ${remedy}`,
      )
    }
    while (at < filled && bytes[at] !== newline) at++
    cutting.problem ??= `${field} has text after its closing quote`
    addField(cutting, from, at, quoted)
    return at
  }
  if (at - from === 3 && endOfQuotedNull(cutting, from)) addField(cutting, from + 1, at, escapedNull)
  else addCopied(cutting, copyAt, quoted)
  return end
}

/** Remedy where nothing tells which lines a record has. */
const remedy = 'correct its quotes, or state `quote: null` where fields are never quoted'

/** Whether the text between the quotes is `\N`. */
function endOfQuotedNull({ chunk, backslash }: Cutting, from: number): boolean {
  return chunk.bytes[from + 1] === backslash && chunk.bytes[from + 2] === capitalN
}

/** Adds a field at its place in the chunk, or a copy of it if those before it are copies. */
function addField(cutting: Cutting, from: number, to: number, form: number): void {
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
function addCopied(cutting: Cutting, end: number, form: number): void {
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
