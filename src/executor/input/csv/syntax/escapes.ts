/**
 * The byte that each byte stands for after a backslash, by COPY's text format and by MySQL; -1
 * where the two read different ones, and neither writes any.
 */
const meanings = Int16Array.from({ length: 256 }, (_, byte) => byte)
for (const [letter, meaning] of Object.entries({ b: 8, t: 9, n: 10, v: 11, f: 12, r: 13, 0: 0 })) {
  meanings[letter.charCodeAt(0)] = meaning
}
for (const letter of '1234567xZ') meanings[letter.charCodeAt(0)] = -1

/** Returns the byte that a byte stands for after a backslash; -1 where that is not certain. */
export function meaningOf(byte: number): number {
  return meanings[byte]!
}
