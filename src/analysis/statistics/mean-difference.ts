import { checkedNumbers } from '../../check.js'
import { mean, standardDeviation } from './numerics/moments.js'

/** The difference of two means, in the units of the values. */
export interface MeanDifference {
  /** Mean of a minus mean of b. */
  readonly value: number
  readonly standardError: number
  /** Degrees of freedom of the standard error; not whole for spreads that may differ. */
  readonly df: number
}

/**
 * Computes the difference of the means of two independent samples. Spreads may differ unless they
 * are pooled (Welch 1947, with Satterthwaite's degrees of freedom, 1946; pooled: Student's). Throws
 * `RangeError` for fewer than two values in a list and where neither list varies.
 */
export function meanDifference(
  a: readonly number[],
  b: readonly number[],
  { pooled = false }: { readonly pooled?: boolean } = {},
): MeanDifference {
  const [nA, nB] = [checkedNumbers('a', a, { least: 2 }).length, checkedNumbers('b', b, { least: 2 }).length]
  const [varianceA, varianceB] = [standardDeviation(a) ** 2, standardDeviation(b) ** 2]
  if (varianceA === 0 && varianceB === 0) {
    throw new RangeError('Expected `a` or `b` to vary, got two lists of equal numbers')
  }
  const value = mean(a) - mean(b)
  if (pooled) {
    const df = nA + nB - 2
    const variance = ((nA - 1) * varianceA + (nB - 1) * varianceB) / df
    return { value, standardError: Math.sqrt(variance / nA + variance / nB), df }
  }
  const [partA, partB] = [varianceA / nA, varianceB / nB]
  const df = (partA + partB) ** 2 / (partA ** 2 / (nA - 1) + partB ** 2 / (nB - 1))
  return { value, standardError: Math.sqrt(partA + partB), df }
}
