import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fewest } from '../../../../src/analysis/statistics/numerics/fewest.js'

describe('fewest', () => {
  it('fewest finds the first that is enough, and asks about 20 of a million', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 1_000_000 }), (first) => {
        let asked = 0
        const isEnough = (count: number): boolean => {
          asked++
          return count >= first
        }
        expect(fewest(isEnough, 2, 1_000_000)).toBe(first)
        expect(asked).toBeLessThan(23)
      }),
    )
  })

  it('fewest is null where not even the most are enough', () => {
    expect(fewest(() => false, 2, 10)).toBeNull()
  })
})
