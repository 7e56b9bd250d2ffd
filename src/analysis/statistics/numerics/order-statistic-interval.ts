import type { Interval } from '../estimate.js'
import type { Ordered } from './ordered.js'

/**
 * Returns the interval between two order statistics, equally far from either end, whose level is at
 * least `level` and that is as narrow as it can be; it carries the level that it achieves. `sorted`
 * holds averages or differences in ascending order, `probability[k]` the probability that k of them
 * lie below the true value. Null where not even the two ends reach the level.
 */
export function orderStatisticInterval(sorted: Ordered, probability: Float64Array, level: number): Interval | null {
  let tail = 0
  let cut = 0
  while (2 * (tail + probability[cut]!) <= (1 - level) * (1 + 1e-12)) tail += probability[cut++]!
  if (cut === 0) return null
  return { level: 1 - 2 * tail, lower: sorted.at(cut - 1)!, upper: sorted.at(sorted.length - cut)! }
}
