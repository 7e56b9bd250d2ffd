import padjust from '@stdlib/stats-padjust'
import { checkedValues } from '../numerics/checked-values.js'

/**
 * Holm's adjustment of p values (1979), in the order they came in: those of all tests that belong
 * to one question. Rejecting what lies below α then rejects any true hypothesis with a probability
 * of at most α, however the tests depend on each other. An empty list stays empty.
 */
export function holm(pValues: readonly number[]): number[] {
  const index = checkedValues('pValues', pValues, 0).findIndex((p) => p < 0 || p > 1)
  if (index >= 0) {
    throw new RangeError(`Expected \`pValues\` to hold numbers from 0 to 1, got ${pValues[index]} at index ${index}`)
  }
  return pValues.length === 0 ? [] : padjust(Array.from(pValues), 'holm')
}
