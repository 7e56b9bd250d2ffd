import { checkedNumber, checkedNumbers } from '../../../check.js'
import { defaultLevel } from '../../defaults.js'
import type { Estimate, LevelOptions } from '../estimate.js'
import { mean } from '../numerics/moments.js'
import { studentisedRange } from './studentised-range.js'

/** Two groups, by their indices, and the difference of their means. */
export interface TukeyPair {
  readonly a: number
  readonly b: number
  /**
   * Mean of group a minus mean of group b, in the units of the values; `n` counts the values of
   * both.
   */
  readonly estimate: Estimate
  /**
   * Two-sided p value of the test that the means are equal, adjusted for all pairs; accurate to 12
   * decimals.
   */
  readonly p: number
}

/**
 * Compares the means of independent groups pair by pair, with the simultaneous intervals of Tukey
 * (1953) and Kramer (1956, Biometrics 12, 307–310), in the units of the values: mean_a − mean_b ± q
 * √(s² (1/n_a + 1/n_b) / 2), where s² is the mean square within groups and q the quantile of the
 * studentised range of k means. Exact for groups of equal size, and a little surer than the level
 * for others (Hayter 1984).
 *
 * @throws `TypeError` or `RangeError` for fewer than two groups, for no more values than groups,
 * for values that are no finite numbers, and for a level that does not lie between 0 and 1.
 * @example
 * const { pairs } = tukey([[10.1, 10.4, 9.9], [11.0, 11.3, 10.8], [10.2, 10.0, 10.5]])
 * pairs.map(({ a, b, p }) => [a, b, p]) // [[0, 1, 0.01107], [0, 2, 0.8801], [1, 2, 0.01886]]
 */
export function tukey(
  groups: readonly (readonly number[])[],
  { level = defaultLevel }: LevelOptions = {},
): { pairs: TukeyPair[] } {
  checkedNumber('level', level, { above: 0, below: 1 })
  if (!Array.isArray(groups)) throw new TypeError(`Expected \`groups\` to be a list of groups, got ${typeof groups}`)
  const k = groups.length
  if (k < 2) throw new RangeError(`Expected \`groups\` to hold at least 2 groups, got ${k}`)
  const n = groups.map((group, index) => checkedNumbers(`groups[${index}]`, group).length)
  const df = n.reduce((sum, size) => sum + size, 0) - k
  if (df < 1) {
    throw new RangeError(`Expected \`groups\` to hold at least ${k + 1} values in ${k} groups, got ${df + k}`)
  }
  const means = groups.map(mean)
  const meanSquare = groups.reduce((sum, group, i) => sum + squaresAbout(means[i]!, group), 0) / df
  const range = studentisedRange(k, df)
  const critical = range.quantile(level)
  const pairs = means.flatMap((meanA, a) =>
    means.slice(a + 1).map((meanB, offset) => {
      const b = a + 1 + offset
      const value = meanA - meanB
      const error = Math.sqrt((meanSquare * (1 / n[a]! + 1 / n[b]!)) / 2)
      const half = critical * error
      const p = value === 0 ? 1 : Math.max(0, 1 - range.probability(Math.abs(value) / error))
      const interval = { level, lower: value - half, upper: value + half }
      return { a, b, estimate: { value, interval, n: n[a]! + n[b]! }, p }
    }),
  )
  return { pairs }
}

function squaresAbout(centre: number, values: readonly number[]): number {
  return values.reduce((sum, value) => sum + (value - centre) ** 2, 0)
}
