import { checkedNumbers } from '../../../check.js'

/** Returns the arithmetic mean. */
export function mean(values: readonly number[]): number {
  checkedNumbers('values', values)
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

/**
 * Returns the standard deviation of a sample (divisor n − 1), in the units of the values; needs two
 * of them.
 */
export function standardDeviation(values: readonly number[]): number {
  checkedNumbers('values', values, { least: 2 })
  const centre = mean(values)
  let squares = 0
  for (const value of values) squares += (value - centre) ** 2
  return Math.sqrt(squares / (values.length - 1))
}

/** Returns the natural logarithms of values; throws `RangeError` unless all are above zero. */
export function logarithms(name: string, values: readonly number[]): number[] {
  return Array.from(checkedNumbers(name, values, { above: 0 }), Math.log)
}
