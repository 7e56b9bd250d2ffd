import { isUtf8 } from 'node:buffer'
import { createReadStream } from 'node:fs'
import { BadRecordError } from '../errors.js'
import { displayPath } from '../project.js'
import type { Line } from './input.js'

export interface LinesOptions {
  /** Whether the first record names the columns and is left out. */
  readonly header: boolean
  /** Whether fields may be quoted as in RFC 4180, so that a record may span lines. */
  readonly quoted: boolean
  /** Stands for the file in errors; its path within the project otherwise. */
  readonly name?: string
  /** Bytes read at a time; 256 KiB when absent. */
  readonly chunkBytes?: number
}

const defaultChunkBytes = 256 * 1024
/** A record longer than this is taken for a quote that is never closed. */
const longestRecord = 64 * 1024 * 1024

const newline = 10
const quote = 34

/**
 * Reads a UTF-8 text file as chunks of raw records, each with the number of its first line, in constant memory. Lines end in LF or CRLF; the
 * last may lack its end. Empty lines are left out and counted. A byte order mark is dropped. The file is closed when the consumer stops
 * early. Throws `BadRecordError` for bytes that are not UTF-8 and for a record of more than 64 MiB.
 */
export async function* readLines(path: string, options: LinesOptions): AsyncGenerator<readonly Line[]> {
  const { header, quoted, name = displayPath(path), chunkBytes = defaultChunkBytes } = options
  const stream = createReadStream(path, { highWaterMark: chunkBytes })
  const cut = makeCutter(name, header, quoted)
  let pending: Buffer[] = []
  let pendingBytes = 0
  let insideQuotes = false
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      const scan: Scan = quoted
        ? lastRecordEnd(chunk, insideQuotes)
        : { end: chunk.lastIndexOf(newline), insideQuotes: false }
      insideQuotes = scan.insideQuotes
      if (scan.end < 0) {
        pending.push(chunk)
        pendingBytes += chunk.length
        if (pendingBytes > longestRecord) {
          throw new BadRecordError(name, cut.nextNumber(), 'the record is longer than 64 MiB: is a quote never closed?')
        }
        continue
      }
      const complete = chunk.subarray(0, scan.end + 1)
      const lines = cut.records(pending.length === 0 ? complete : Buffer.concat([...pending, complete]))
      const rest = chunk.subarray(scan.end + 1)
      pending = rest.length === 0 ? [] : [rest]
      pendingBytes = rest.length
      if (lines.length > 0) yield lines
    }
    const lines = cut.records(Buffer.concat(pending))
    if (lines.length > 0) yield lines
  } finally {
    stream.destroy()
  }
}

interface Scan {
  /** Position of the last newline of a chunk that ends a record, or -1. */
  readonly end: number
  /** Whether the chunk ends between quotes. */
  readonly insideQuotes: boolean
}

function lastRecordEnd(chunk: Buffer, insideQuotes: boolean): Scan {
  if (chunk.indexOf(quote) < 0) return { end: insideQuotes ? -1 : chunk.lastIndexOf(newline), insideQuotes }
  let inside = insideQuotes
  let end = -1
  for (let i = 0; i < chunk.length; i++) {
    const byte = chunk[i]
    if (byte === quote) inside = !inside
    else if (byte === newline && !inside) end = i
  }
  return { end, insideQuotes: inside }
}

/** Cuts complete records out of bytes, keeping count of lines. */
function makeCutter(name: string, header: boolean, quoted: boolean) {
  let number = 1
  let atStart = true
  let skipping = header

  return {
    nextNumber: () => number,
    records(bytes: Buffer): Line[] {
      if (!isUtf8(bytes)) throw new BadRecordError(name, number + linesBeforeBadByte(bytes), 'the text is not UTF-8')
      const text = bytes.toString('utf8')
      const indexOf = (wanted: string, from: number): number => {
        const at = text.indexOf(wanted, from)
        return at < 0 ? text.length : at
      }
      const found: Line[] = []
      let from = atStart && text.charCodeAt(0) === 0xfeff ? 1 : 0
      if (text.length > 0) atStart = false
      let quoteAt = quoted ? indexOf('"', 0) : text.length
      while (from < text.length) {
        let end = indexOf('\n', from)
        let lines = 1
        for (let open = false; ; lines++) {
          for (; quoteAt < end; quoteAt = indexOf('"', quoteAt + 1)) open = !open
          if (!open || end === text.length) break
          end = indexOf('\n', end + 1)
        }
        const last = end > from && text.charCodeAt(end - 1) === 13 ? end - 1 : end
        if (last > from) {
          if (skipping) skipping = false
          else found.push({ text: text.slice(from, last), number })
        }
        number += lines
        from = end + 1
      }
      return found
    },
  }
}

function linesBeforeBadByte(bytes: Buffer): number {
  let lines = 0
  for (let from = 0; from < bytes.length; lines++) {
    const newlineAt = bytes.indexOf(newline, from)
    const end = newlineAt < 0 ? bytes.length : newlineAt + 1
    if (!isUtf8(bytes.subarray(from, end))) return lines
    from = end
  }
  return lines
}
