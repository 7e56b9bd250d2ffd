import { BadRecordError } from '../../../errors.js'
import type { FileEncoding } from '../../file-spec.js'
import { markBytes, markedEncoding } from './byte-order-mark.js'
import { newlinesIn } from './newlines.js'

/** Encodings of text that is made UTF-8. */
export type OtherEncoding = Exclude<FileEncoding, 'utf-8'>

/** Characters of windows-1252 from 0x80 to 0x9F: five bytes are none, and stay as they are. */
const windowsCharacters = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ'

/** Text of bytes that are whole characters, by their encoding. */
export const textOf: Readonly<Record<OtherEncoding, (bytes: Buffer) => string>> = {
  'utf-16le': (bytes) => bytes.toString('utf16le'),
  'utf-16be': (bytes) => Buffer.from(bytes).swap16().toString('utf16le'),
  latin1: (bytes) => bytes.toString('latin1'),
  'windows-1252': (bytes) =>
    bytes.toString('latin1').replace(/[\x80-\x9f]/g, (byte) => windowsCharacters[byte.charCodeAt(0) - 0x80]!),
}

/** Matches what bytes become that are no text: of surrogates, those alone that are in no pair. */
const invalid: Readonly<Record<OtherEncoding, RegExp | null>> = {
  'utf-16le': /\p{Surrogate}/u,
  'utf-16be': /\p{Surrogate}/u,
  latin1: null,
  'windows-1252': /[\x81\x8d\x8f\x90\x9d]/,
}

/**
 * Turns text of another encoding into UTF-8; characters may begin in one chunk and end in the next.
 * Throws `BadRecordError` for bytes that are no text of the encoding, and for the byte order mark
 * of another one.
 */
export async function* decoded(
  chunks: AsyncIterable<Buffer>,
  encoding: OtherEncoding,
  name: string,
): AsyncGenerator<Buffer> {
  let begun = false
  let line = 1
  let rest: Buffer = Buffer.alloc(0)
  const toUtf8 = (bytes: Buffer): Buffer => {
    if (!begun) checkMark(bytes, encoding, name)
    begun = true
    const text = textOf[encoding](bytes)
    const at = invalid[encoding] === null ? -1 : text.search(invalid[encoding])
    if (at >= 0) {
      line += newlinesIn(Buffer.from(text.slice(0, at)))
      throw new BadRecordError(
        name,
        line,
        `${shown(text.charCodeAt(at), encoding)} is no character of ${encoding}, ${remedy}`,
      )
    }
    const utf8 = Buffer.from(text)
    line += newlinesIn(utf8)
    return utf8
  }
  for await (const chunk of chunks) {
    const bytes = Buffer.concat([rest, chunk])
    const whole = begun || bytes.length >= markBytes ? wholeCharacters(bytes, encoding) : 0
    if (whole > 0) yield toUtf8(bytes.subarray(0, whole))
    rest = bytes.subarray(whole)
  }
  if (isUtf16(encoding) && rest.length % 2 === 1) {
    throw new BadRecordError(name, line, `the file ends within a character of ${encoding}: it is cut off, ${remedy}`)
  }
  if (rest.length > 0) yield toUtf8(rest)
}

const remedy = 'or its `encoding` is another'

const isUtf16 = (encoding: OtherEncoding): boolean => encoding === 'utf-16le' || encoding === 'utf-16be'

/** Half of a pair by its code point, a byte by its number. */
function shown(code: number, encoding: OtherEncoding): string {
  const digits = code.toString(16).toUpperCase()
  return isUtf16(encoding) ? `U+${digits}` : `byte 0x${digits}`
}

/** Throws `BadRecordError` for a file that begins with the byte order mark of another encoding. */
function checkMark(first: Buffer, encoding: OtherEncoding, name: string): void {
  const marked = markedEncoding(first)
  if (marked === null || marked === encoding) return
  throw new BadRecordError(
    name,
    1,
    `the text begins with the byte order mark of ${marked}, not of ${encoding}: state that as \`encoding\``,
  )
}

/** Returns the number of bytes, from the first, that are whole characters. */
function wholeCharacters(bytes: Buffer, encoding: OtherEncoding): number {
  if (!isUtf16(encoding)) return bytes.length
  const even = bytes.length & ~1
  const high = bytes[encoding === 'utf-16le' ? even - 1 : even - 2]!
  // The first half of a pair waits for the second.
  return (high & 0xfc) === 0xd8 ? even - 2 : even
}
