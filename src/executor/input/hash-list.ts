/** Maximum number of hashes that are kept: 8 bytes each. */
const maxHashes = 20_000_000

/** Hashes of values, by which equal ones are found; memory grows with their number. */
export class HashList {
  length = 0
  private hashes = new Float64Array(1_000)

  /** Whether no more hashes are kept. */
  get isFull(): boolean {
    return this.length === maxHashes
  }

  /** Adds a hash, unless the list is full. */
  add(hash: number): void {
    if (this.isFull) return
    if (this.length === this.hashes.length) {
      const grown = new Float64Array(Math.min(maxHashes, 2 * this.length))
      grown.set(this.hashes)
      this.hashes = grown
    }
    this.hashes[this.length++] = hash
  }

  /** The hashes that occur more than once: those of equal values, and of few different ones. */
  repeated(): ReadonlySet<number> {
    const sorted = this.hashes.subarray(0, this.length).sort()
    const found = new Set<number>()
    for (let k = 1; k < sorted.length; k++) if (sorted[k] === sorted[k - 1]) found.add(sorted[k]!)
    return found
  }
}
