import type { FileEncoding } from '../../file-spec.js'

/** Bytes that decide whether there is a byte order mark. */
export const markBytes = 3

const marks = [
  ['utf-8', [0xef, 0xbb, 0xbf]],
  ['utf-16le', [0xff, 0xfe]],
  ['utf-16be', [0xfe, 0xff]],
] as const satisfies readonly (readonly [FileEncoding, readonly number[]])[]

/** Returns the byte order of UTF-32, four bytes a character, by the mark; null for none. */
export function markedUtf32(first: Uint8Array): 'UTF-32LE' | 'UTF-32BE' | null {
  const mark = Buffer.from(first.subarray(0, 4)).toString('hex')
  return mark === 'fffe0000' ? 'UTF-32LE' : mark === '0000feff' ? 'UTF-32BE' : null
}

/** Encodings whose text may begin with a byte order mark. */
export type MarkedEncoding = (typeof marks)[number][0]

/** Returns the encoding whose byte order mark the file's first bytes are; null for none. */
export function markedEncoding(first: Uint8Array): MarkedEncoding | null {
  return marks.find(([, mark]) => mark.every((byte, k) => first[k] === byte))?.[0] ?? null
}
