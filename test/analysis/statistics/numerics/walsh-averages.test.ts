import fc from 'fast-check'
import { expect, it } from 'vitest'
import { walshAverages } from '../../../../src/analysis/statistics/numerics/walsh-averages.js'

/** All averages, listed and sorted. */
function listed(values: readonly number[]): number[] {
  return values.flatMap((one, k) => values.slice(k).map((other) => (one + other) / 2)).sort((a, b) => a - b)
}

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e300, max: 1e300 })
/** Few different values, so that many averages are equal. */
const tied = fc.integer({ min: -3, max: 3 })

it.each([
  ['any values', finite],
  ['tied values', tied],
])('walshAverages finds the averages of %s as a sorted list holds them', (_, value) => {
  fc.assert(
    fc.property(fc.array(value, { minLength: 1, maxLength: 25 }), (values) => {
      const averages = walshAverages(values)
      const found = Array.from({ length: averages.length }, (_, k) => averages.at(k)! + 0)
      expect(found).toEqual(listed(values).map((average) => average + 0))
    }),
  )
})

it('walshAverages finds the middle of a million and a half averages', () => {
  const values = Array.from({ length: 1_731 }, (_, k) => Math.sin(k))
  const sorted = Float64Array.from(listed(values))
  const averages = walshAverages(values)
  expect(averages.length).toBe(sorted.length)
  for (const index of [0, 749_273, 749_274, sorted.length - 1]) expect(averages.at(index)).toBe(sorted[index])
})
