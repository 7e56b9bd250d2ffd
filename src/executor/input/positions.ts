/**
 * Rows of a batch that follow each other in the input: from `rows[row]` on they are its records
 * `first`, `first + 1`, … up to the next run.
 */
export interface Run {
  readonly row: number
  readonly first: number
}

/** Returns the position in the input of `rows[row]`, from 0. */
export function positionAt(runs: readonly Run[], row: number): number {
  let k = runs.length - 1
  while (k > 0 && runs[k]!.row > row) k--
  return runs[k]!.first + row - runs[k]!.row
}

/**
 * Maximum number of ranges that are named one by one; more are described by their total and bounds.
 */
const maxRanges = 3

/**
 * Describes the positions in the input of `rows[from]` up to but without `rows[to]`: "records 0 to
 * 99 and 300 to 350".
 */
export function describePositions(runs: readonly Run[], from: number, to: number): string {
  const ranges = runs
    .map(({ row, first }, k) => {
      const begin = Math.max(row, from)
      const end = Math.min(runs[k + 1]?.row ?? to, to)
      return { begin: first + begin - row, end: first + end - row - 1, rows: end - begin }
    })
    .filter(({ rows }) => rows > 0)
  if (ranges.length > maxRanges) {
    return `${to - from} of the records ${Math.min(...ranges.map(({ begin }) => begin))} to ${Math.max(...ranges.map(({ end }) => end))}`
  }
  return `records ${ranges.map(({ begin, end }) => `${begin} to ${end}`).join(' and ')}`
}
