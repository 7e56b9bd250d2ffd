/** Number of values that are remembered, a power of two. */
const remembered = 8192

/**
 * Remembers values of a column by their hashes, those of late: a value that occurs again says
 * nothing new. Different values are taken for equal with a probability of 1 in 10^15 each.
 */
export class Repeated {
  private readonly hashes = new Float64Array(remembered).fill(-1)

  has(hash: number): boolean {
    return this.hashes[hash % remembered] === hash
  }

  add(hash: number): void {
    this.hashes[hash % remembered] = hash
  }
}
