import { HashList } from '../../../../hash-list.js'

/** Numbers of values after which those so far are compared, so that most columns end early. */
const firstComparison = 1_000

/**
 * Whether all values of a column differ: by a hash of 53 bits of each. Equal values are always
 * found; different ones may be taken for equal, with a probability of 5 in 10,000 for 3 million
 * values.
 */
export class Distinct {
  private hashes = new HashList()
  private compareAt = firstComparison
  /** `duplicate`: two values are equal. `too-many`: they were not all compared. */
  private state: 'open' | 'duplicate' | 'too-many' = 'open'

  /** Takes a value in by its hash. */
  add(hash: number): void {
    if (this.state !== 'open') return
    if (this.hashes.isFull) {
      this.end('too-many')
      return
    }
    if (this.hashes.length === this.compareAt) {
      this.compare()
      this.compareAt *= 10
      if (this.state !== 'open') return
    }
    this.hashes.add(hash)
  }

  /** Says that two values are equal. */
  addDuplicate(): void {
    if (this.state === 'open') this.end('duplicate')
  }

  /** Whether all values differ; null where there were too many to compare. */
  value(): boolean | null {
    if (this.state === 'open') this.compare()
    return this.state === 'too-many' ? null : this.state === 'open'
  }

  private compare(): void {
    if (this.hashes.repeated().size > 0) this.end('duplicate')
  }

  private end(state: 'duplicate' | 'too-many'): void {
    this.state = state
    this.hashes = new HashList()
  }
}

/** Hash of a value: two of 32 bits, FNV-1a with different bases, of which 53 bits are kept. */
export function hashOf(bytes: Uint8Array, from: number, to: number): number {
  let a = 0x811c9dc5
  let b = 0x050c5d1f
  for (let at = from; at < to; at++) {
    const byte = bytes[at]!
    a = Math.imul(a ^ byte, 0x01000193)
    b = Math.imul(b ^ byte, 0x01000197)
    b ^= b >>> 15
  }
  return (a >>> 0) * 0x20_0000 + ((b >>> 11) & 0x1f_ffff)
}
