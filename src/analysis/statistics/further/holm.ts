import padjust from '@stdlib/stats-padjust'
import { checkedNumbers } from '../../../check.js'

/**
 * Adjusts the p values of all tests that belong to one question by Holm's method (1979,
 * Scandinavian Journal of Statistics 6, 65–70), and returns them in the order they came in.
 * Rejecting what lies below α then rejects any true hypothesis with a probability of at most α,
 * however the tests depend on each other. An empty list stays empty.
 *
 * @throws `TypeError` or `RangeError` for values that are no numbers from 0 to 1.
 * @example
 * holm([0.01, 0.04, 0.03]) // [0.03, 0.06, 0.06]
 */
export function holm(pValues: readonly number[]): number[] {
  checkedNumbers('pValues', pValues, { least: 0, from: 0, to: 1 })
  return pValues.length === 0 ? [] : padjust(Array.from(pValues), 'holm')
}
