import type { Ordered } from './ordered.js'

/**
 * Returns the means of all pairs of values, each value with itself included, in ascending order.
 * Their number grows with the square of that of the values, so they are not listed: each is found
 * when it is asked for, in time that grows with the number of values.
 */
export function walshAverages(values: readonly number[]): Ordered {
  const ascending = Float64Array.from(values).sort()
  const { length } = ascending
  return { length: (length * (length + 1)) / 2, at: (index) => averageAt(ascending, index) }
}

/**
 * Returns the average with `index` others before it, by bisection: counting those that are no
 * greater than a value takes one pass (Johnson & Mizoguchi 1978), which also finds the averages
 * next to the value, so that both ends always are averages and the search ends at one.
 */
function averageAt(ascending: Float64Array, index: number): number {
  let low = ascending[0]!
  let high = ascending[ascending.length - 1]!
  while (low < high) {
    const middle = low / 2 + high / 2
    const { count, below, above } = split(ascending, middle < high ? middle : low)
    if (count > index) high = below
    else low = above
  }
  return low
}

/**
 * Counts the averages that are no greater than a value, and returns the greatest of these and the
 * smallest of the others.
 */
function split(ascending: Float64Array, value: number): { count: number; below: number; above: number } {
  let count = 0
  let below = Number.NEGATIVE_INFINITY
  let above = Number.POSITIVE_INFINITY
  let last = ascending.length - 1
  for (let first = 0; first < ascending.length; first++) {
    const one = ascending[first]!
    let average = (one + ascending[last]!) / 2
    while (average > value) {
      if (average < above) above = average
      if (--last < first) return { count, below, above }
      average = (one + ascending[last]!) / 2
    }
    if (average > below) below = average
    count += last - first + 1
  }
  return { count, below, above }
}
