import { Decompress } from 'fzstd'
import { type ByteSource, fileChunks, sourceOf } from '../byte-source.js'
import { damaged } from '../damaged.js'
import { type FrameHeader, readFrameHeader, takeAll } from './frame-header.js'
import { Xxh64 } from './xxh64.js'

/** Maximum number of bytes of a block (RFC 8878, section 3.1.1.2.4). */
const maxBlockBytes = 128 * 1024
/** Bit of a frame's fifth byte that says that a checksum follows its content. */
const checksumBit = 4

/**
 * Decompresses a zstd file; frames one after the other are one text. Frames and blocks are told
 * apart here, so that sizes and checksums are compared, which `fzstd` does not do. Throws
 * `InputError` for a file that is damaged or cut off, or whose frames cannot be read.
 */
export async function* unzstd(path: string, name: string): AsyncGenerator<Buffer> {
  const source = sourceOf(fileChunks(path))
  try {
    for (;;) {
      const header = await readFrameHeader(source, name)
      if (header === null) return
      yield* frameContent(source, header, name)
    }
  } finally {
    await source.close()
  }
}

async function* frameContent(source: ByteSource, header: FrameHeader, name: string): AsyncGenerator<Buffer> {
  const made: Buffer[] = []
  const frame = new Decompress((chunk) => made.push(Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length)))
  const checksum = new Xxh64()
  let bytes = 0
  const push = (part: Buffer, isLast: boolean): void => {
    try {
      frame.push(part, isLast)
    } catch (error) {
      throw damaged(name, (error as Error).message, error)
    }
  }
  // The checksum is not for `fzstd` to read.
  push(header.bytes.fill(header.bytes[4]! & ~checksumBit, 4, 5), false)
  for (let isLast = false; !isLast; ) {
    const block = await takeBlock(source, name)
    isLast = block.isLast
    push(block.bytes, isLast)
    for (const chunk of made.splice(0)) {
      checksum.update(chunk)
      bytes += chunk.length
      if (chunk.length > 0) yield chunk
    }
  }
  if (header.contentBytes !== null && header.contentBytes !== BigInt(bytes)) {
    throw damaged(name, `a frame holds ${bytes} bytes, not the ${header.contentBytes} of its header`)
  }
  if (
    header.hasChecksum &&
    (await takeAll(source, 4, name)).readUInt32LE() !== Number(checksum.digest() & 0xffff_ffffn)
  ) {
    throw damaged(name, 'a checksum is not that of the text')
  }
}

/** Reads a block with its header of three bytes. */
async function takeBlock(source: ByteSource, name: string): Promise<{ bytes: Buffer; isLast: boolean }> {
  const header = await takeAll(source, 3, name)
  const fields = header.readUIntLE(0, 3)
  const size = fields >>> 3
  if (size > maxBlockBytes) throw damaged(name, 'a block is longer than 128 KiB')
  // One byte that is repeated.
  const isRun = ((fields >>> 1) & 3) === 1
  const content = await takeAll(source, isRun ? 1 : size, name)
  return { bytes: Buffer.concat([header, content]), isLast: (fields & 1) === 1 }
}
