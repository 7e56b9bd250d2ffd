import { isUtf8 } from 'node:buffer'
import { displayPath } from '../../../project.js'
import { BadRecordError } from '../../errors.js'
import { longer } from '../../records/values.js'
import { Piece, pieceReader } from './piece.js'

export interface CsvReadOptions {
  /** One ASCII character. */
  readonly delimiter: string
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
  /** Whether fields may be quoted as in RFC 4180, so that a record may span lines. */
  readonly quoted: boolean
  /** Stands for the file in errors; its path within the project otherwise. */
  readonly name?: string
  /** Bytes read at a time; 256 KiB when absent. */
  readonly pieceBytes?: number
}

const newline = 10
const carriageReturn = 13
const quote = 34
const byteOrderMark = [0xef, 0xbb, 0xbf]

/**
 * Reads a UTF-8 text file and cuts it into records and fields: a field may stand between double quotes, where a delimiter or a newline is text
 * and two double quotes are one. Lines end in LF or CRLF; the last may lack its end. Empty lines are left out and counted. A byte order mark is
 * dropped. Memory is constant, and the same object is given out again and again. The file is closed when the consumer stops early. Throws
 * `BadRecordError` for bytes that are not UTF-8 and for a record of more than 64 MiB.
 */
export function readCsv(path: string, options: CsvReadOptions): AsyncGenerator<CsvRecords> {
  const { name = displayPath(path), pieceBytes } = options
  return readCsvPieces(path, (records) => records.begin(options, name), pieceBytes)
}

/**
 * The records of one piece of a CSV file, as places in its bytes: fields are not copied, and no string is made of them. Behind the piece stand
 * the fields that had doubled quotes, with one instead.
 */
export class CsvRecords extends Piece {
  /** Where the fields of all records begin and end in `bytes`. */
  starts = new Int32Array(4096)
  ends = new Int32Array(4096)
  /** The first field of each record; one more says where the last record's fields end. */
  firstFields = new Int32Array(1024)
  /** Whether the piece holds the character NUL. */
  hasNul = false

  private delimiter = 0
  private quote = 0
  private fields = 0
  /** Where each record lies in `bytes`, without its line end, and the number of its first line. */
  private from = new Int32Array(1024)
  private to = new Int32Array(1024)
  private lines = new Int32Array(1024)
  /** What is wrong with the quotes of a record. */
  private readonly problems = new Map<number, string>()
  private skipping = false
  private atStart = true
  /** End of the fields that were unquoted behind the piece. */
  private unquotedEnd = 0

  /** Makes ready for a file. */
  begin({ delimiter, quoted, header }: CsvReadOptions, name: string): void {
    this.restart(name)
    this.delimiter = delimiter.charCodeAt(0)
    // No byte is 256, so that nothing is a quote.
    this.quote = quoted ? quote : 256
    this.skipping = header
    this.atStart = true
  }

  override line(position: number): number {
    return this.lines[position]!
  }

  fieldsOf(position: number): number {
    return this.firstFields[position + 1]! - this.firstFields[position]!
  }

  /** The record as it stands in the file. */
  text(position: number): string {
    return this.bytes.toString('utf8', this.from[position], this.to[position])
  }

  /** A field as text; `field` counts over all records. */
  fieldText(field: number): string {
    return this.bytes.toString('utf8', this.starts[field], this.ends[field])
  }

  /** Throws an Error for a record whose quotes are amiss. */
  checkQuotes(position: number): void {
    if (this.problems.size === 0) return
    const problem = this.problems.get(position)
    if (problem !== undefined) throw new Error(problem)
  }

  protected override cut(ended: boolean): void {
    this.count = 0
    this.fields = 0
    this.unquotedEnd = this.filled
    this.problems.clear()
    if (this.atStart && this.filled > 0) {
      if (this.filled < byteOrderMark.length && !ended) return
      this.atStart = false
      if (byteOrderMark.every((byte, k) => this.filled > k && this.bytes[k] === byte)) this.consumed = 3
    }
    // Nearly every piece has no quotes, and then needs no more than a look at each byte.
    if (this.quote > 255 || !this.bytes.subarray(this.consumed, this.filled).includes(quote)) this.cutPlain()
    while (this.consumed < this.filled) {
      const end = this.cutRecord(this.consumed, ended)
      if (end < 0) break
      this.consumed = end
    }
    this.firstFields[this.count] = this.fields
    const complete = this.bytes.subarray(0, this.consumed)
    if (!isUtf8(complete)) this.throwNotUtf8(complete)
    this.hasNul = complete.includes(0)
  }

  /** Cuts the records that have no quotes and whose line ends are here. */
  private cutPlain(): void {
    const { bytes, filled, delimiter } = this
    // No more fields than bytes: memory that is not used is not touched either.
    this.reserveFields(filled - this.consumed)
    const { starts, ends } = this
    let from = this.consumed
    let start = from
    let fields = this.fields
    let firstField = fields
    for (let at = from; at < filled; at++) {
      const byte = bytes[at]!
      if (byte !== delimiter && byte !== newline) continue
      starts[fields] = start
      ends[fields++] = at
      start = at + 1
      if (byte === delimiter) continue
      this.fields = fields
      this.endRecord(firstField, from, at, 1, null)
      fields = this.fields
      firstField = fields
      from = start
    }
    this.consumed = from
  }

  private reserveFields(count: number): void {
    if (this.fields + count <= this.starts.length) return
    this.starts = longer(this.starts, this.fields + count)
    this.ends = longer(this.ends, this.fields + count)
  }

  /** Cuts the record that begins at `from`; returns where the next begins, or -1 when its end is not here yet. */
  private cutRecord(from: number, ended: boolean): number {
    const { bytes, filled, delimiter, quote } = this
    const firstField = this.fields
    let lines = 1
    let problem: string | null = null
    let at = from
    for (;;) {
      if (bytes[at] === quote && at < filled) {
        const field = this.quotedField(at, ended)
        if (field.end < 0) return this.giveUp(firstField)
        lines += field.lines
        at = field.end
        problem ??= field.problem && `field ${this.fields - firstField} ${field.problem}`
      } else {
        const start = at
        while (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) at++
        this.addField(start, at)
      }
      if (at === filled && !ended) return this.giveUp(firstField)
      if (at >= filled || bytes[at] === newline) break
      at++
    }
    this.endRecord(firstField, from, at, lines, problem)
    return Math.min(at + 1, filled)
  }

  /** Adds the record whose fields were added since `firstField`, and whose line end stands at `end`; unless it is empty, or the header. */
  private endRecord(firstField: number, from: number, end: number, lines: number, problem: string | null): void {
    let to = end
    if (to > from && this.bytes[to - 1] === carriageReturn) {
      to--
      const last = this.fields - 1
      if (this.ends[last] === end) this.ends[last] = to
    }
    if (to === from) this.fields = firstField
    else if (this.skipping) {
      this.skipping = false
      this.fields = firstField
    } else this.addRecord(firstField, from, to, problem)
    this.nextLine += lines
  }

  private giveUp(firstField: number): -1 {
    this.fields = firstField
    return -1
  }

  /**
   * Cuts the quoted field that begins at `from`. `end` is where its delimiter, or the record's end, stands; -1 when that is not here yet. A field
   * that breaks the rules is given as it stands, up to the next newline.
   */
  private quotedField(from: number, ended: boolean): { end: number; lines: number; problem: string | null } {
    const { bytes, filled, delimiter } = this
    let lines = 0
    let doubled = 0
    let at = from + 1
    for (;;) {
      while (at < filled && bytes[at] !== quote) if (bytes[at++] === newline) lines++
      if (at >= filled) {
        if (!ended) return { end: -1, lines, problem: null }
        this.addField(from, filled)
        return {
          end: filled,
          lines: bytes[filled - 1] === newline ? lines - 1 : lines,
          problem: 'has a quote that is never closed',
        }
      }
      if (at + 1 >= filled && !ended) return { end: -1, lines, problem: null }
      if (at + 1 >= filled || bytes[at + 1] !== quote) break
      doubled++
      at += 2
    }
    const close = at++
    const lineEnds =
      at < filled && bytes[at] === carriageReturn && (at + 1 >= filled || bytes[at + 1] === newline) ? 1 : 0
    if (lineEnds === 1 && at + 1 >= filled && !ended) return { end: -1, lines, problem: null }
    at += lineEnds
    if (at < filled && bytes[at] !== delimiter && bytes[at] !== newline) {
      while (at < filled && bytes[at] !== newline) at++
      this.addField(from, at)
      return { end: at, lines, problem: 'has text behind its closing quote' }
    }
    if (doubled === 0) this.addField(from + 1, close)
    else this.addUnquoted(from + 1, close, doubled)
    return { end: at, lines, problem: null }
  }

  /** Adds a field with every pair of quotes made one, in a copy behind the piece. */
  private addUnquoted(from: number, to: number, doubled: number): void {
    const start = this.unquotedEnd
    const end = start + to - from - doubled
    if (end > this.bytes.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(end, this.bytes.length * 2))
      this.bytes.copy(grown, 0, 0, start)
      this.bytes = grown
    }
    const { bytes } = this
    for (let i = from, at = start; i < to; i++) {
      bytes[at++] = bytes[i]!
      if (bytes[i] === quote) i++
    }
    this.addField(start, end)
    this.unquotedEnd = end
  }

  private addField(start: number, end: number): void {
    this.reserveFields(1)
    this.starts[this.fields] = start
    this.ends[this.fields++] = end
  }

  private addRecord(firstField: number, from: number, to: number, problem: string | null): void {
    const k = this.count++
    if (this.count === this.firstFields.length) {
      for (const name of ['firstFields', 'from', 'to', 'lines'] as const) this[name] = longer(this[name], k + 2)
    }
    this.firstFields[k] = firstField
    this.from[k] = from
    this.to[k] = to
    this.lines[k] = this.nextLine
    if (problem !== null) this.problems.set(k, problem)
  }

  private throwNotUtf8(bytes: Buffer): never {
    let line = this.nextLine - linesIn(bytes)
    for (let from = 0; from < bytes.length; line++) {
      const newlineAt = bytes.indexOf(newline, from)
      const end = newlineAt < 0 ? bytes.length : newlineAt + 1
      if (!isUtf8(bytes.subarray(from, end))) break
      from = end
    }
    throw new BadRecordError(this.name, line, 'the text is not UTF-8')
  }
}

const readCsvPieces = pieceReader(() => new CsvRecords())

/** Lines that the bytes hold, the last with or without its end. */
function linesIn(bytes: Buffer): number {
  let lines = bytes.length > 0 && bytes.at(-1) !== newline ? 1 : 0
  for (let at = bytes.indexOf(newline); at >= 0; at = bytes.indexOf(newline, at + 1)) lines++
  return lines
}
