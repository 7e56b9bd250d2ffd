/**
 * PostgreSQL's 64-bit hash with a seed, as its functions `hash…extended` compute it on little-endian machines: Bob Jenkins, lookup3.c (2006),
 * in common/hashfn.c as `hash_bytes_extended` and `hash_bytes_uint32_extended`.
 */

/** The seed on entry, the hash on return: the halves of a 64-bit integer, each as a signed 32-bit integer. */
export interface HashState {
  high: number
  low: number
}

/** 0x9e3779b9 (the golden ratio, the start value of lookup3) + 3923095 (PostgreSQL's own constant). */
const start = (0x9e3779b9 + 3923095) | 0

/** Hashes one 32-bit integer into the state. */
export function hashUint32(value: number, state: HashState): void {
  let a = (start + 4) | 0
  let b = a
  let c = a
  if ((state.high | state.low) !== 0) {
    a = (a + state.high) | 0
    b = (b + state.low) | 0
    a = (a - c) ^ ((c << 4) | (c >>> 28))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 6) | (a >>> 26))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 8) | (b >>> 24))
    b = (b + a) | 0
    a = (a - c) ^ ((c << 16) | (c >>> 16))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 19) | (a >>> 13))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 4) | (b >>> 28))
    b = (b + a) | 0
  }
  finish((a + value) | 0, b, c, state)
}

/** Hashes characters below U+0080, which are their own UTF-8, into the state. False, with the state unchanged, when there are others. */
export function hashAscii(text: string, state: HashState): boolean {
  const { length } = text
  let seen = 0
  let a = (start + length) | 0
  let b = a
  let c = a
  if ((state.high | state.low) !== 0) {
    a = (a + state.high) | 0
    b = (b + state.low) | 0
    a = (a - c) ^ ((c << 4) | (c >>> 28))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 6) | (a >>> 26))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 8) | (b >>> 24))
    b = (b + a) | 0
    a = (a - c) ^ ((c << 16) | (c >>> 16))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 19) | (a >>> 13))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 4) | (b >>> 28))
    b = (b + a) | 0
  }
  let i = 0
  for (; i + 12 <= length; i += 12) {
    const k0 = ascii4(text, i)
    const k1 = ascii4(text, i + 4)
    const k2 = ascii4(text, i + 8)
    seen |= k0 | k1 | k2
    if (k0 < 0 || k1 < 0 || k2 < 0) return false
    a = (a + k0) | 0
    b = (b + k1) | 0
    c = (c + k2) | 0
    a = (a - c) ^ ((c << 4) | (c >>> 28))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 6) | (a >>> 26))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 8) | (b >>> 24))
    b = (b + a) | 0
    a = (a - c) ^ ((c << 16) | (c >>> 16))
    c = (c + b) | 0
    b = (b - a) ^ ((a << 19) | (a >>> 13))
    a = (a + c) | 0
    c = (c - b) ^ ((b << 4) | (b >>> 28))
    b = (b + a) | 0
  }
  return false
}

function ascii4(text: string, i: number): number {
  return text.charCodeAt(i)
}

function finish(a: number, b: number, c: number, state: HashState): void {
  state.high = a + b + c
}
