/**
 * Returns the indices of a longest increasing subsequence of the numbers (patience sorting). A line
 * that was duplicated, moved or copied from elsewhere is not part of it, and the lines around it
 * are.
 */
export function rising(numbers: readonly number[]): ReadonlySet<number> {
  // The index of the smallest number that ends a subsequence of each length, and the index before
  // each in its subsequence.
  const ends: number[] = []
  const before: (number | undefined)[] = []
  for (const [index, number] of numbers.entries()) {
    const length = firstAtLeast(ends, number, numbers)
    before.push(ends[length - 1])
    // Of two equal numbers the first is kept.
    if (numbers[ends[length] ?? -1] !== number) ends[length] = index
  }
  const kept = new Set<number>()
  for (let index = ends.at(-1); index !== undefined; index = before[index]) kept.add(index)
  return kept
}

/** Returns the first place among the ends whose number is not below `number`. */
function firstAtLeast(ends: readonly number[], number: number, numbers: readonly number[]): number {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[ends[middle]!]! < number) low = middle + 1
    else high = middle
  }
  return low
}
