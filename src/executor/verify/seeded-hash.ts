/** A 64-bit integer as its two halves, each a signed 32-bit integer. */
export interface Hash {
  high: number
  low: number
}

/** The bytes to be hashed, kept from call to call; `words` and `double` are the same memory. */
export interface HashInput {
  bytes: Buffer
  words: Int32Array
  double: Float64Array
}

export function makeHashInput(): HashInput {
  return allocate(4096)
}

function allocate(size: number): HashInput {
  const bytes = Buffer.allocUnsafeSlow(size)
  return {
    bytes,
    words: new Int32Array(bytes.buffer, bytes.byteOffset, size >> 2),
    double: new Float64Array(bytes.buffer, bytes.byteOffset, 1),
  }
}

/** 0x9e3779b9 (lookup3's start, the golden ratio) + 3923095 (PostgreSQL's own constant). */
const start = (0x9e3779b9 + 3_923_095) | 0

/**
 * PostgreSQL's `hash_bytes_extended` (common/hashfn.c; Bob Jenkins, lookup3.c, 2006) as
 * little-endian machines compute it. `hash` holds the seed on entry and the result on return. The
 * words after the first `length` bytes are zero up to a multiple of twelve bytes.
 */
export function hashWords(words: Int32Array, length: number, hash: Hash): void {
  let a = (start + length) | 0
  let b = a
  let c = a
  let rest = length
  let at = 0
  let mixing = (hash.high | hash.low) !== 0
  if (mixing) {
    a = (a + hash.high) | 0
    b = (b + hash.low) | 0
  }
  for (;;) {
    if (mixing) {
      a = ((a - c) ^ ((c << 4) | (c >>> 28))) | 0
      c = (c + b) | 0
      b = ((b - a) ^ ((a << 6) | (a >>> 26))) | 0
      a = (a + c) | 0
      c = ((c - b) ^ ((b << 8) | (b >>> 24))) | 0
      b = (b + a) | 0
      a = ((a - c) ^ ((c << 16) | (c >>> 16))) | 0
      c = (c + b) | 0
      b = ((b - a) ^ ((a << 19) | (a >>> 13))) | 0
      a = (a + c) | 0
      c = ((c - b) ^ ((b << 4) | (b >>> 28))) | 0
      b = (b + a) | 0
    }
    if (rest < 12) break
    mixing = true
    a = (a + words[at]!) | 0
    b = (b + words[at + 1]!) | 0
    c = (c + words[at + 2]!) | 0
    at += 3
    rest -= 12
  }
  if (rest > 0) {
    a = (a + words[at]!) | 0
    if (rest > 4) b = (b + words[at + 1]!) | 0
    // The lowest byte of c is kept for the length.
    if (rest > 8) c = (c + (words[at + 2]! << 8)) | 0
  }
  c = ((c ^ b) - ((b << 14) | (b >>> 18))) | 0
  a = ((a ^ c) - ((c << 11) | (c >>> 21))) | 0
  b = ((b ^ a) - ((a << 25) | (a >>> 7))) | 0
  c = ((c ^ b) - ((b << 16) | (b >>> 16))) | 0
  a = ((a ^ c) - ((c << 4) | (c >>> 28))) | 0
  b = ((b ^ a) - ((a << 14) | (a >>> 18))) | 0
  c = ((c ^ b) - ((b << 24) | (b >>> 8))) | 0
  hash.high = b
  hash.low = c
}

/** `hash_bytes_uint32_extended`: also what `hashint2extended` and `hashint4extended` return. */
export function hashInteger(input: HashInput, value: number, hash: Hash): void {
  input.words[0] = value
  hashWords(input.words, 4, hash)
}

/** `hashint8extended`, which folds the two halves of its argument into 32 bits. */
export function hashFolded(input: HashInput, high: number, low: number, hash: Hash): void {
  hashInteger(input, low ^ (high >= 0 ? high : ~high), hash)
}

/** `hashfloat8extended`: returns its seed for zero, and takes every NaN for the same. */
export function hashFloat(input: HashInput, value: number, hash: Hash): void {
  if (value === 0) return
  input.double[0] = value
  // A NaN in memory may have any payload; PostgreSQL hashes this one.
  if (Number.isNaN(value)) input.words.set([0, 0x7ff8_0000])
  hashWords(input.words, 8, hash)
}

/** `hashtextextended` of a well-formed string, whose bytes are its UTF-8. */
export function hashText(input: HashInput, text: string, hash: Hash): void {
  const bytes = Buffer.from(text)
  hashBytes(input, bytes, 0, bytes.length, hash)
}

/** `hash_bytes_extended` of `source[from]` up to but without `source[to]`. */
export function hashBytes(input: HashInput, source: Uint8Array, from: number, to: number, hash: Hash): void {
  const length = to - from
  if (length + 12 > input.bytes.length) Object.assign(input, allocate(2 ** Math.ceil(Math.log2(length + 12))))
  const { bytes } = input
  if (length <= shortLength) for (let i = from, at = 0; i < to; i++) bytes[at++] = source[i]!
  else bytes.set(source.subarray(from, to))
  for (let at = length; at < length + 12; at++) bytes[at] = 0
  hashWords(input.words, length, hash)
}

/** Up to this length a loop over the bytes is faster than a call into the runtime. */
const shortLength = 48
