import { type Chunk, growChunk } from './chunks.js'
import { type CsvRecords, reserveFields, reserveRecords } from './csv-records.js'

const newline = 10
const carriageReturn = 13
const quote = 34
/** Instead of a place: what is looked for is not here yet. */
const notYet = -1

/** What is known while a chunk is cut. */
interface Cutting {
  readonly chunk: Chunk
  readonly records: CsvRecords
  readonly delimiter: number
  /** Fields of the chunk so far. */
  fields: number
  /** Lines of the record that is being cut. */
  lines: number
  /** What is wrong with its quotes. */
  problem: string | null
  /** Where the last of the fields ends that stand after the chunk's bytes. */
  unquotedEnd: number
}

/** Cuts records whose fields may be quoted as RFC 4180 says. */
export function cutQuoted(chunk: Chunk, delimiter: number, records: CsvRecords): void {
  const unquotedEnd = chunk.filled
  const cutting: Cutting = { chunk, records, delimiter, fields: 0, lines: 0, problem: null, unquotedEnd }
  while (chunk.consumed < chunk.filled) {
    const end = cutRecord(cutting)
    if (end === notYet) break
    chunk.consumed = end
  }
}

/** Cuts the next record; returns where the one after it begins. */
function cutRecord(cutting: Cutting): number {
  const { chunk, delimiter } = cutting
  const { consumed: from, filled, ended } = chunk
  const firstField = cutting.fields
  cutting.lines = 1
  cutting.problem = null
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

/** Adds the record whose fields were added since `firstField`, and whose line end stands at `end`; unless it is empty, or the header. */
function endRecord(cutting: Cutting, firstField: number, from: number, end: number): void {
  const { chunk, records, fields, lines, problem } = cutting
  let to = end
  if (to > from && chunk.bytes[to - 1] === carriageReturn) {
    to--
    if (records.ends[fields - 1] === end) records.ends[fields - 1] = to
  }
  if (to > from && !records.headerAhead) {
    const k = records.count++
    reserveRecords(records, k + 1)
    records.firstFields[k] = firstField
    records.fieldCounts[k] = fields - firstField
    records.from[k] = from
    records.to[k] = to
    records.lines[k] = chunk.line
    if (problem !== null) records.problems.set(k, problem)
  } else {
    cutting.fields = firstField
    if (to > from) records.headerAhead = false
  }
  chunk.line += lines
}

/** Cuts the field without quotes that begins at `from`; returns its end. */
function cutPlainField(cutting: Cutting, from: number): number {
  const { bytes, filled } = cutting.chunk
  const { delimiter } = cutting
  let at = from
  while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) at++
  addField(cutting, from, at)
  return at
}

/**
 * Cuts the quoted field that begins at `from`; returns where its delimiter, or the record's end, stands. A field that breaks the rules is given as it
 * stands, up to the next newline.
 */
function cutQuotedField(cutting: Cutting, from: number, firstField: number): number {
  const { chunk, delimiter } = cutting
  const { bytes, filled, ended } = chunk
  let lines = 0
  let doubled = 0
  let at = from + 1
  for (;;) {
    while (at < filled && bytes[at] !== quote) if (bytes[at++] === newline) lines++
    if (at >= filled) {
      if (!ended) return notYet
      cutting.lines += bytes[filled - 1] === newline ? lines - 1 : lines
      return addBroken(cutting, from, filled, firstField, 'has a quote that is never closed')
    }
    if (at + 1 >= filled && !ended) return notYet
    if (at + 1 >= filled || bytes[at + 1] !== quote) break
    doubled++
    at += 2
  }
  cutting.lines += lines
  const close = at++
  const atReturn = at < filled && bytes[at] === carriageReturn
  if (atReturn && at + 1 >= filled && !ended) return notYet
  if (atReturn && (at + 1 >= filled || bytes[at + 1] === newline)) at++
  if (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) {
    while (at < filled && bytes[at] !== newline) at++
    return addBroken(cutting, from, at, firstField, 'has text behind its closing quote')
  }
  if (doubled === 0) addField(cutting, from + 1, close)
  else addUnquoted(cutting, from + 1, close, doubled)
  return at
}

/** Adds a field that breaks the rules; returns its end. */
function addBroken(cutting: Cutting, from: number, to: number, firstField: number, problem: string): number {
  addField(cutting, from, to)
  cutting.problem ??= `field ${cutting.fields - firstField} ${problem}`
  return to
}

/** Adds a field with every pair of quotes made one, in a copy after the chunk's bytes. */
function addUnquoted(cutting: Cutting, from: number, to: number, doubled: number): void {
  const { chunk } = cutting
  const start = cutting.unquotedEnd
  const end = start + to - from - doubled
  if (end > chunk.bytes.length) growChunk(chunk, Math.max(end, chunk.bytes.length * 2), start)
  const { bytes } = chunk
  for (let i = from, at = start; i < to; i++) {
    bytes[at++] = bytes[i]!
    if (bytes[i] === quote) i++
  }
  addField(cutting, start, end)
  cutting.unquotedEnd = end
}

function addField(cutting: Cutting, start: number, end: number): void {
  const { records } = cutting
  const field = cutting.fields++
  reserveFields(records, field + 1)
  records.starts[field] = start
  records.ends[field] = end
}
