import type { Source } from '../../../study/treatment.js'
import type { PlacedFile } from '../../input/batches.js'

/** Returns the index of the next file that a worker reads; null when there is none left for it. */
export type NextFile = (worker: number) => number | null

/**
 * Assigns files, each to exactly one worker. `pipeline`: the next file to the worker that asks, so
 * that all have work to the end. `prepared`: files are read before the clock starts, when the order
 * of the requests does not show which worker will load fast, so the workers get shares of about
 * equal size.
 */
export function assignFiles(files: readonly Pick<PlacedFile, 'records'>[], workers: number, source: Source): NextFile {
  if (source === 'prepared') {
    const shares = equalShares(files, workers)
    return (worker) => shares[worker]?.shift() ?? null
  }
  let next = 0
  return () => (next < files.length ? next++ : null)
}

/** Assigns each file in turn to the worker that has the fewest records so far. */
function equalShares(files: readonly Pick<PlacedFile, 'records'>[], workers: number): number[][] {
  const shares = Array.from({ length: workers }, () => ({ files: [] as number[], records: 0 }))
  for (const [index, { records }] of files.entries()) {
    const least = shares.reduce((a, b) => (b.records < a.records ? b : a))
    least.files.push(index)
    least.records += records
  }
  return shares.map((share) => share.files)
}
