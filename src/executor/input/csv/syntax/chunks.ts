import { BadRecordError } from '../../../errors.js'
import { type BytesOptions, openBytes } from '../bytes/open-bytes.js'
import { endsInCarriageReturns } from './line-ends.js'

/** Default number of bytes read at a time. */
const defaultChunkBytes = 256 * 1024
/** Maximum length of a record in bytes: a longer one is treated as one whose end is missing. */
const maxRecordBytes = 64 * 1024 * 1024
/** Room for the beginning of a record whose end comes with the next chunk. */
const defaultRestBytes = 4096
/**
 * Bytes after those of the file that may be written and read: a line end, and the bytes that are
 * examined together with it.
 */
const spareBytes = 32

/**
 * A chunk of a file: `bytes[consumed]` up to but without `bytes[filled]` are the bytes that were
 * read and not cut yet.
 */
export interface Chunk {
  /** Name of the file in errors. */
  name: string
  bytes: Buffer
  /** A view of the memory of `bytes`, for access to several bytes at a time. */
  view: DataView
  filled: number
  /** Position of the first byte that is not cut yet; set by the code that cuts. */
  consumed: number
  /** Number of the line that begins at `consumed`, from 1; set by the code that cuts. */
  line: number
  /** Number of bytes of the file before `bytes[0]`. */
  offset: number
  /** Whether the file has no more bytes. */
  ended: boolean
}

export interface ChunkOptions extends BytesOptions {
  /**
   * Number of bytes read at a time.
   * @default 262_144
   */
  readonly chunkBytes?: number
}

/**
 * Reads a file's text as UTF-8 in chunks, all of which are the same object: `chunk`, whose memory
 * grows with the longest record alone. Bytes that are not cut when the next chunk is requested are
 * moved to its front. The file is closed when the consumer stops early. Throws `BadRecordError`
 * when more than 64 MiB are not cut, and what `openBytes` throws.
 */
export async function* chunks(path: string, chunk: Chunk, options: ChunkOptions): AsyncGenerator<Chunk> {
  const { name, chunkBytes = defaultChunkBytes } = options
  const file = await openBytes(path, options)
  Object.assign(chunk, { name, filled: 0, consumed: 0, line: 1, offset: 0, ended: false })
  try {
    while (!chunk.ended) {
      const bytes = makeRoom(chunk, chunkBytes)
      const read = await file.read(chunk.bytes, chunk.filled, bytes)
      chunk.filled += read
      chunk.ended = read === 0
      yield chunk
    }
  } finally {
    await file.close()
  }
}

/** Makes a chunk of no file, without memory. */
export function emptyChunk(): Chunk {
  const bytes = Buffer.allocUnsafeSlow(0)
  const view = new DataView(bytes.buffer)
  return { name: '', bytes, view, filled: 0, consumed: 0, line: 1, offset: 0, ended: false }
}

/** Makes the chunk's memory larger, and keeps what it holds up to `end`. */
export function growChunk(chunk: Chunk, bytes: number, end: number): void {
  const grown = Buffer.allocUnsafeSlow(bytes)
  chunk.bytes.copy(grown, 0, 0, end)
  chunk.bytes = grown
  chunk.view = new DataView(grown.buffer)
}

/**
 * Moves the bytes that are not cut yet to the front, and returns the number of bytes of room after
 * them.
 */
function makeRoom(chunk: Chunk, least: number): number {
  const rest = chunk.filled - chunk.consumed
  if (rest > maxRecordBytes) {
    const record = chunk.bytes.subarray(chunk.consumed, chunk.filled)
    const isLines = record.includes('\r') && !record.includes('\n')
    const reason = isLines ? endsInCarriageReturns : 'the record is longer than 64 MiB: is a quote never closed?'
    throw new BadRecordError(chunk.name, chunk.line, reason)
  }
  chunk.bytes.copyWithin(0, chunk.consumed, chunk.filled)
  chunk.offset += chunk.consumed
  chunk.filled = rest
  chunk.consumed = 0
  // Doubles the memory for a long record: the repeated search for its end then costs no more than
  // twice.
  const bytes = Math.max(least, rest)
  if (rest + bytes + spareBytes > chunk.bytes.length) {
    growChunk(chunk, Math.max(rest, defaultRestBytes) + bytes + spareBytes, rest)
  }
  return bytes
}
