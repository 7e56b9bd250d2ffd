/** Bytes that are added together, eight to each of four accumulators. */
const stripeBytes = 32

const primes = [
  0x9e3779b185ebca87n,
  0xc2b2ae3d27d4eb4fn,
  0x165667b19e3779f9n,
  0x85ebca77c2b2ae63n,
  0x27d4eb2f165667c5n,
] as const
const [prime1, prime2, prime3, prime4, prime5] = primes
const [low1, high1] = halves(prime1)
const [low2, high2] = halves(prime2)

/**
 * The checksum XXH64 with the seed 0 (Collet, "XXH64 Algorithm Overview", version 0.1.1). Its loop
 * over the bytes works on halves of 32 bits, since `BigInt` would take ten times as long.
 */
export class Xxh64 {
  /** The low and the high half of each accumulator. */
  private readonly accumulators = Int32Array.from([prime1 + prime2, prime2, 0n, -prime1].flatMap(halves))
  /** The last bytes, fewer than a stripe. */
  private rest: Buffer = Buffer.alloc(0)
  private bytes = 0

  /** Adds the bytes that come next. */
  update(chunk: Buffer): void {
    const bytes = Buffer.concat([this.rest, chunk])
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length)
    let at = 0
    for (; at + stripeBytes <= bytes.length; at += stripeBytes) {
      for (let k = 0; k < 8; k += 2) {
        addHalves(this.accumulators, k, view.getInt32(at + 4 * k, true), view.getInt32(at + 4 * k + 4, true))
      }
    }
    this.rest = bytes.subarray(at)
    this.bytes += chunk.length
  }

  /** Returns the checksum of all bytes so far. */
  digest(): bigint {
    const { rest } = this
    let hash = word((this.bytes < stripeBytes ? prime5 : this.merged()) + BigInt(this.bytes))
    let at = 0
    for (; at + 8 <= rest.length; at += 8) {
      hash = word(rotated(hash ^ round(0n, rest.readBigUInt64LE(at)), 27n) * prime1 + prime4)
    }
    if (at + 4 <= rest.length) {
      hash = word(rotated(hash ^ word(BigInt(rest.readUInt32LE(at)) * prime1), 23n) * prime2 + prime3)
      at += 4
    }
    for (; at < rest.length; at++) hash = word(rotated(hash ^ word(BigInt(rest[at]!) * prime5), 11n) * prime1)
    hash = word((hash ^ (hash >> 33n)) * prime2)
    hash = word((hash ^ (hash >> 29n)) * prime3)
    return hash ^ (hash >> 32n)
  }

  private merged(): bigint {
    const values = [0, 2, 4, 6].map((k) =>
      word((BigInt(this.accumulators[k + 1]!) << 32n) | BigInt(this.accumulators[k]! >>> 0)),
    )
    const rotations = [1n, 7n, 12n, 18n]
    const sum = values.reduce((total, value, k) => total + rotated(value, rotations[k]!), 0n)
    return values.reduce((hash, value) => word((hash ^ round(0n, value)) * prime1 + prime4), word(sum))
  }
}

const word = (value: bigint): bigint => BigInt.asUintN(64, value)
const rotated = (value: bigint, bits: bigint): bigint => word((value << bits) | (value >> (64n - bits)))
const round = (accumulator: bigint, input: bigint): bigint =>
  word(rotated(word(accumulator + input * prime2), 31n) * prime1)

function halves(value: bigint): [low: number, high: number] {
  return [Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n))]
}

/** `round` of the accumulator at `k`, by an input in halves. */
function addHalves(accumulators: Int32Array, k: number, inputLow: number, inputHigh: number): void {
  const product = Math.imul(inputLow, low2)
  const productHigh = highOf(inputLow, low2) + Math.imul(inputLow, high2) + Math.imul(inputHigh, low2)
  const low = (accumulators[k]! + product) | 0
  const carry = low >>> 0 < product >>> 0 ? 1 : 0
  const high = (accumulators[k + 1]! + productHigh + carry) | 0
  const rotatedLow = (low << 31) | (high >>> 1)
  const rotatedHigh = (high << 31) | (low >>> 1)
  accumulators[k] = Math.imul(rotatedLow, low1)
  accumulators[k + 1] = highOf(rotatedLow, low1) + Math.imul(rotatedLow, high1) + Math.imul(rotatedHigh, low1)
}

/**
 * Returns the high 32 bits of the product of two numbers of 32 bits without signs (Warren,
 * "Hacker's Delight", 2nd edition, section 8-2).
 */
function highOf(a: number, b: number): number {
  const a0 = a & 0xffff
  const a1 = a >>> 16
  const b0 = b & 0xffff
  const b1 = b >>> 16
  const outer = Math.imul(a1, b0)
  const inner = Math.imul(a0, b1)
  const middle = (Math.imul(a0, b0) >>> 16) + (outer & 0xffff) + (inner & 0xffff)
  return (Math.imul(a1, b1) + (outer >>> 16) + (inner >>> 16) + (middle >>> 16)) | 0
}
