import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'

/** Number of bytes read from a file at a time. */
const fileChunkBytes = 64 * 1024

/** Bytes that are read from their beginning to their end. */
export interface ByteSource {
  /**
   * Reads up to `length` bytes to `buffer[offset]` and those after it. Returns their number: 0 at
   * the end alone.
   */
  read(buffer: Buffer, offset: number, length: number): Promise<number>
  close(): Promise<void>
}

/** Opens a file whose bytes are read as they stand in it. */
export async function openFile(path: string): Promise<ByteSource> {
  const file = await open(path)
  return {
    read: async (buffer, offset, length) => (await file.read(buffer, offset, length, null)).bytesRead,
    close: () => file.close(),
  }
}

/** Returns the bytes of chunks as a source, which ends their reading when it is closed. */
export function sourceOf(chunks: AsyncGenerator<Buffer>): ByteSource {
  let chunk: Buffer = Buffer.alloc(0)
  return {
    async read(buffer, offset, length) {
      while (chunk.length === 0) {
        const next = await chunks.next()
        if (next.done) return 0
        chunk = next.value
      }
      const bytes = chunk.copy(buffer, offset, 0, length)
      chunk = chunk.subarray(bytes)
      return bytes
    },
    close: async () => {
      await chunks.return(undefined)
    },
  }
}

/** Reads the next `length` bytes: fewer where the source ends before. */
export async function take(source: ByteSource, length: number): Promise<Buffer> {
  const buffer = Buffer.allocUnsafe(length)
  let filled = 0
  while (filled < length) {
    const bytes = await source.read(buffer, filled, length - filled)
    if (bytes === 0) break
    filled += bytes
  }
  return buffer.subarray(0, filled)
}

/** Reads a file ahead of its consumer; it is opened by the first request. */
export async function* fileChunks(path: string, start = 0): AsyncGenerator<Buffer> {
  for await (const chunk of createReadStream(path, { start, highWaterMark: fileChunkBytes })) yield chunk as Buffer
}
