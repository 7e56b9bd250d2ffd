/**
 * The indices of a longest run of numbers that rise, the others left out (patience sorting). A line
 * that was doubled, moved or brought in from elsewhere falls out of it, and the lines around it
 * stay.
 */
export function rising(numbers: readonly number[]): ReadonlySet<number> {
  // The index that ends the run of each length with the least number, and the index before each in
  // its run.
  const ends: number[] = []
  const before: (number | undefined)[] = []
  for (const [index, number] of numbers.entries()) {
    const length = firstAtLeast(ends, number, numbers)
    before.push(ends[length - 1])
    // Of two that are equal the first stays.
    if (numbers[ends[length] ?? -1] !== number) ends[length] = index
  }
  const kept = new Set<number>()
  for (let index = ends.at(-1); index !== undefined; index = before[index]) kept.add(index)
  return kept
}

/** The first place among the ends whose number is not below this one. */
function firstAtLeast(ends: readonly number[], number: number, numbers: readonly number[]): number {
  let [low, high] = [0, ends.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (numbers[ends[middle]!]! < number) low = middle + 1
    else high = middle
  }
  return low
}
