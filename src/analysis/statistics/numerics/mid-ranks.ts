/**
 * Ranks of values among each other, times two: the mean of two tied ranks is then a whole number.
 */
export interface MidRanks {
  /**
   * Twice the rank of each value, from 2 for the smallest; equal values share the mean of their
   * ranks.
   */
  readonly doubledRanks: number[]
  /** Number of values in each group of equal ones; groups of one are left out. */
  readonly tieSizes: number[]
}

/** Ranks the values in ascending order. */
export function midRanks(values: readonly number[]): MidRanks {
  const order = Array.from(values, (_, k) => k).sort((i, j) => values[i]! - values[j]!)
  const doubledRanks = new Array<number>(values.length)
  const tieSizes: number[] = []
  for (let from = 0; from < order.length; ) {
    let to = from + 1
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++
    if (to - from > 1) tieSizes.push(to - from)
    for (let k = from; k < to; k++) doubledRanks[order[k]!] = from + 1 + to
    from = to
  }
  return { doubledRanks, tieSizes }
}
