/** All bits of four bytes but their highest. */
const lowBits = 0x7f7f7f7f

/** Returns four times a byte of ASCII, for `eitherIn`. */
export const fourOf = (byte: number): number => byte * 0x01010101

/**
 * Returns four bits, the lowest for a word's lowest byte: 1 where that is one of two bytes, which
 * are given four times each. A byte's highest bit shows whether it is zero by the test that is
 * exact for each byte (Warren, "Hacker's Delight", 2nd edition, section 6-1); the product moves the
 * four of them to the top.
 */
export function eitherIn(word: number, fourA: number, fourB: number): number {
  const a = word ^ fourA
  const b = word ^ fourB
  const neither = (((a & lowBits) + lowBits) | a) & (((b & lowBits) + lowBits) | b)
  return Math.imul((~neither >>> 7) & 0x01010101, 0x10204080) >>> 28
}

/** Returns the first place of one of two ASCII bytes, sought four at a time; `to` for none. */
export function placeOfEither(view: DataView, from: number, to: number, a: number, b: number): number {
  const fourA = fourOf(a)
  const fourB = fourOf(b)
  let at = from
  for (; at + 4 <= to; at += 4) {
    const found = eitherIn(view.getInt32(at, true), fourA, fourB)
    if (found !== 0) return at + 31 - Math.clz32(found & -found)
  }
  for (; at < to; at++) {
    const byte = view.getUint8(at)
    if (byte === a || byte === b) return at
  }
  return to
}
