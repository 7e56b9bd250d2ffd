import { longCopy } from '../../../records/values.js'
import { bare, escapedNull, quoted } from './csv-records.js'
import { addField, breakOff, type Cutting, carriageReturn, endAt, newline, noEnd, none, notYet } from './cutting.js'
import { meaningOf } from './escapes.js'
import { placeOfEither } from './places.js'

const capitalN = 78

/** Remedy where nothing tells which lines a record has. */
const remedy = 'correct its quotes, or state `quote: null` where fields are never quoted'
/**
 * What is wrong with a backslash before a carriage return and a newline: Python's csv writes it for
 * a text that ends in a carriage return, MySQL for one with both where CRLF ends its lines.
 */
const openLineEnd =
  'a backslash before CR LF, which may be text or CR and the end of the line: write them as \\r and \\n'

/**
 * Cuts the field without quotes that begins at `from`; returns the place of its delimiter, or of
 * the record's end.
 */
export function cutBareField(cutting: Cutting, from: number, firstField: number): number {
  const { bytes, view, filled } = cutting.chunk
  const { delimiter, backslash } = cutting
  let at = from
  if (backslash === none) at = placeOfEither(view, from, filled, delimiter, newline)
  else while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline && bytes[at] !== backslash) at++
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
      return breakOff(cutting, `${fieldWords(cutting, firstField)} has ${openLineEnd}`)
    }
    bytes[copyAt++] = escaped(cutting, at, firstField)
    at = Math.min(at + 2, filled)
    escapedTo = at
  }
  const isLast = at === filled || bytes[at] === newline
  if (isLast && at > escapedTo && bytes[at - 1] === carriageReturn) copyAt--
  addField(cutting, cutting.copyAt, copyAt, quoted)
  cutting.copyAt = copyAt
  return at
}

/** The field that is being cut, for messages. */
const fieldWords = ({ fields }: Cutting, firstField: number): string => `field ${fields - firstField + 1}`

/** Returns the end of a field that is `\N` alone; `noEnd` for another field. */
function endOfNull(cutting: Cutting, from: number): number {
  const { bytes, filled, ended } = cutting.chunk
  if (bytes[from] !== cutting.backslash) return noEnd
  if (from + 1 >= filled) return ended ? noEnd : notYet
  return bytes[from + 1] === capitalN ? endAt(cutting, from + 2) : noEnd
}

/** Returns the byte that stands for the backslash at `at` and the byte after it. */
function escaped(cutting: Cutting, at: number, firstField: number): number {
  const { chunk, records } = cutting
  if (at + 1 >= chunk.filled) {
    cutting.problem ??= `${fieldWords(cutting, firstField)} ends in a backslash, after which nothing follows in the file`
    return cutting.backslash
  }
  const byte = chunk.bytes[at + 1]!
  if (byte === newline) cutting.lines++
  const meaning = meaningOf(byte)
  if (meaning === 0) records.hasNul = true
  if (meaning >= 0) return meaning
  const shown = `\\${String.fromCharCode(byte)}`
  cutting.problem ??= `${fieldWords(cutting, firstField)} has ${shown}, which COPY and MySQL read differently: write the character itself, or two backslashes for one`
  return byte
}

/**
 * Cuts the quoted field that begins at `from`, into a copy where it has pairs of quotes, each of
 * which is made one, or backslashes; returns the place of its delimiter, or of the record's end. A
 * malformed field is added unchanged, up to the next newline; where that leaves open which lines
 * are its record's, cutting ends.
 */
export function cutQuotedField(cutting: Cutting, from: number, firstField: number): number {
  const { chunk, quote } = cutting
  const { bytes, filled, ended } = chunk
  let at = endOfText(cutting, from + 1)
  let textFrom = from + 1
  let textTo = at
  for (;;) {
    if (at + 1 >= filled && !ended) return notYet
    if (at >= filled)
      return breakOff(cutting, `${fieldWords(cutting, firstField)} has a quote that is never closed: ${remedy}`)
    const isPair = bytes[at] === quote && at + 1 < filled && bytes[at + 1] === quote
    if (bytes[at] === quote && !isPair) break
    if (textFrom === from + 1) {
      textFrom = cutting.copyAt
      textTo = copyText(bytes, from + 1, at, textFrom)
    }
    bytes[textTo++] = isPair ? quote : escaped(cutting, at, firstField)
    const next = Math.min(at + 2, filled)
    at = endOfText(cutting, next)
    textTo = copyText(bytes, next, at, textTo)
  }
  const end = endAt(cutting, at + 1)
  if (end === notYet) return notYet
  if (end === noEnd) {
    if (cutting.lines > 1) {
      return breakOff(
        cutting,
        `${fieldWords(cutting, firstField)} has text after its closing quote, ${cutting.lines - 1} ${cutting.lines === 2 ? 'line' : 'lines'} further on: ${remedy}`,
      )
    }
    while (at < filled && bytes[at] !== newline) at++
    cutting.problem ??= `${fieldWords(cutting, firstField)} has text after its closing quote`
    addField(cutting, from, at, quoted)
    return at
  }
  if (at - from === 3 && isQuotedNull(cutting, from)) addField(cutting, from + 1, at, escapedNull)
  else {
    addField(cutting, textFrom, textTo, quoted)
    if (textFrom !== from + 1) cutting.copyAt = textTo
  }
  return end
}

/** Returns the place of the next quote or backslash, and counts the newlines before it. */
function endOfText(cutting: Cutting, from: number): number {
  const { chunk, quote, backslash } = cutting
  const { bytes, view, filled } = chunk
  let at = from
  if (backslash === none) {
    for (;;) {
      at = placeOfEither(view, at, filled, quote, newline)
      if (at === filled || bytes[at] === quote) return at
      cutting.lines++
      at++
    }
  }
  for (; at < filled && bytes[at] !== quote && bytes[at] !== backslash; at++) if (bytes[at] === newline) cutting.lines++
  return at
}

/** Copies bytes to another place, and returns the place after them. */
function copyText(bytes: Buffer, from: number, to: number, target: number): number {
  if (to - from > longCopy) bytes.copyWithin(target, from, to)
  else for (let at = from; at < to; at++) bytes[target + at - from] = bytes[at]!
  return target + to - from
}

/** Whether a field of four characters in all is `\N` between quotes. */
function isQuotedNull({ chunk, backslash }: Cutting, from: number): boolean {
  return chunk.bytes[from + 1] === backslash && chunk.bytes[from + 2] === capitalN
}
