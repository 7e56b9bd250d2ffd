import type { Criterion, Draw } from './point.js'

/** Sums of one quantity over several studies. */
export interface Sums {
  /** Studies that said anything. */
  readonly count: number
  readonly sum: number
  readonly squares: number
}

export type Tally = { readonly [key: string]: Sums }

/** A quantity over all studies of a point. */
export interface Found {
  /** The mean, null where no study said anything. */
  readonly found: number | null
  /** Monte Carlo standard error of the mean: by how much other seeds would change it. */
  readonly standardError: number | null
  /** Studies that said anything. */
  readonly count: number
}

/** Adds up what studies say, one after the other. */
export function tallyOf(draws: Iterable<Draw>): Tally {
  const tally: { [key: string]: Sums } = {}
  for (const draw of draws) {
    for (const [key, value] of Object.entries(draw)) {
      const { count, sum, squares } = tally[key] ?? { count: 0, sum: 0, squares: 0 }
      tally[key] =
        value === null
          ? { count, sum, squares }
          : { count: count + 1, sum: sum + value, squares: squares + value * value }
    }
  }
  return tally
}

/** The tally of all studies of several tallies. */
export function mergeTallies(tallies: readonly Tally[]): Tally {
  const merged: { [key: string]: Sums } = {}
  for (const tally of tallies) {
    for (const [key, { count, sum, squares }] of Object.entries(tally)) {
      const before = merged[key] ?? { count: 0, sum: 0, squares: 0 }
      merged[key] = { count: before.count + count, sum: before.sum + sum, squares: before.squares + squares }
    }
  }
  return merged
}

export function foundIn({ count, sum, squares }: Sums): Found {
  if (count === 0) return { found: null, standardError: null, count }
  const found = sum / count
  const variance = Math.max(0, squares / count - found * found)
  return { found, standardError: Math.sqrt(variance / count), count }
}

/**
 * So many Monte Carlo standard errors beyond a bound of its criterion, a quantity has missed it.
 */
export const tolerance = 2

/**
 * Whether a criterion is met within the Monte Carlo error; null without a criterion, and where
 * nothing was found.
 */
export function isMet({ found, standardError }: Found, criterion: Criterion | null): boolean | null {
  if (criterion === null || found === null || standardError === null) return null
  const error = tolerance * standardError
  return found + error >= (criterion.least ?? -Infinity) && found - error <= (criterion.most ?? Infinity)
}
