/**
 * The two worker counts that the note's question is about: 2 and 4 where both were measured, else
 * the fewest and the most.
 */
export function contrastedWorkers(workers: readonly number[]): { readonly fewer: number; readonly more: number } {
  const known = workers.includes(2) && workers.includes(4)
  const [fewer, more] = known ? [2, 4] : [Math.min(...workers), Math.max(...workers)]
  if (fewer === more)
    throw new RangeError(`Expected \`workers\` to hold two counts to compare, got ${JSON.stringify(workers)}`)
  return { fewer, more }
}
