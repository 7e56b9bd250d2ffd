import { type Chunk, growChunk } from './chunks.js'
import { type CsvRecords, type CsvSyntax, reserveRecords } from './csv-records.js'
import { cutBareField, cutQuotedField } from './cut-field.js'
import { breakOff, type Cutting, carriageReturn, endAt, newline, noEnd, none, notYet } from './cutting.js'
import { endsInTwoCarriageReturns } from './line-ends.js'

const dot = 46

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
  const isTwice =
    to < end && to > from && chunk.bytes[to - 1] === carriageReturn && chunk.bytes[to - 2] !== cutting.backslash
  if (to > from && !records.headerAhead) {
    const k = records.count++
    reserveRecords(records, k + 1)
    records.firstFields[k] = firstField
    records.fieldCounts[k] = fields - firstField
    records.fieldsFrom[k] = records.starts[firstField]!
    records.from[k] = from
    records.to[k] = to
    records.lines[k] = chunk.line
    if (problem !== null || isTwice) records.problems.set(k, problem ?? endsInTwoCarriageReturns)
  } else {
    // Whatever a quote without its end swallowed would be lost without a word.
    if (problem !== null) breakOff(cutting, problem)
    cutting.fields = firstField
    if (to > from) {
      records.headerAhead = false
      records.header = Buffer.from(chunk.bytes.subarray(from, to))
    }
  }
  chunk.line += lines
}
