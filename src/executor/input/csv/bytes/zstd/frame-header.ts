import { InputError } from '../../../../errors.js'
import { type ByteSource, take } from '../byte-source.js'
import { damaged } from '../damaged.js'

const frameMagic = 0xfd2fb528
/** The first 28 bits of the magic numbers of frames that are skipped. */
const skippedMagic = 0x184d2a5
/** Maximum distance to text that is repeated, in bytes, up to which `fzstd` is right. */
const maxWindowBytes = 32 * 1024 * 1024

/** Header of a frame (RFC 8878, section 3.1.1.1). */
export interface FrameHeader {
  /** The header as it stands in the file. */
  readonly bytes: Buffer
  /** Whether a checksum of the content follows its last block. */
  readonly hasChecksum: boolean
  /** Number of bytes of the content; null where the header does not tell it. */
  readonly contentBytes: bigint | null
}

/**
 * Reads the header of the next frame, and passes over the frames that are to be skipped; null at
 * the end of the file. Throws `InputError` for a frame that cannot be read.
 */
export async function readFrameHeader(source: ByteSource, name: string): Promise<FrameHeader | null> {
  for (;;) {
    const magic = await take(source, 4)
    if (magic.length === 0) return null
    const number = magic.length === 4 ? magic.readUInt32LE() : 0
    if (number === frameMagic) return readHeaderAfter(magic, source, name)
    if (number >>> 4 !== skippedMagic) throw damaged(name, 'a frame of zstd does not begin where it should')
    const size = await takeAll(source, 4, name)
    await skip(source, size.readUInt32LE(), name)
  }
}

/** Reads `length` bytes; throws `InputError` where the file ends before. */
export async function takeAll(source: ByteSource, length: number, name: string): Promise<Buffer> {
  const bytes = await take(source, length)
  if (bytes.length < length) throw damaged(name, 'unexpected end of file')
  return bytes
}

async function skip(source: ByteSource, length: number, name: string): Promise<void> {
  for (let left = length; left > 0; left -= 65_536) await takeAll(source, Math.min(left, 65_536), name)
}

async function readHeaderAfter(magic: Buffer, source: ByteSource, name: string): Promise<FrameHeader> {
  const descriptor = (await takeAll(source, 1, name))[0]!
  if ((descriptor & 8) !== 0) throw damaged(name, 'a bit of a frame that must be 0 is 1')
  const isSingleSegment = (descriptor & 32) !== 0
  const windowLength = isSingleSegment ? 0 : 1
  const dictionaryLength = [0, 1, 2, 4][descriptor & 3]!
  const sizeLength = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!
  const fields = await takeAll(source, windowLength + dictionaryLength + sizeLength, name)
  if (fields.subarray(windowLength, windowLength + dictionaryLength).some((byte) => byte !== 0)) {
    throw new InputError(`${name} is compressed with a dictionary: unpack it, by zstd -d -D`)
  }
  const contentBytes = contentSize(fields.subarray(windowLength + dictionaryLength))
  const windowBytes = isSingleSegment ? Number(contentBytes) : windowSize(fields[0]!)
  if (windowBytes > maxWindowBytes) {
    throw new InputError(
      `${name} is compressed with a window of ${Math.ceil(windowBytes / 1024 / 1024)} MiB, of which 32 can be read: unpack it, by zstd -d --long=31`,
    )
  }
  return {
    bytes: Buffer.concat([magic, Buffer.of(descriptor), fields]),
    hasChecksum: (descriptor & 4) !== 0,
    contentBytes,
  }
}

function contentSize(field: Buffer): bigint | null {
  switch (field.length) {
    case 0:
      return null
    case 1:
      return BigInt(field[0]!)
    case 2:
      return BigInt(field.readUInt16LE() + 256)
    case 4:
      return BigInt(field.readUInt32LE())
    default:
      return field.readBigUInt64LE()
  }
}

function windowSize(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3))
  return base + (base / 8) * (descriptor & 7)
}
