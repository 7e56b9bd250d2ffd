import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rootBetween } from '../../../../src/analysis/statistics/numerics/root-between.js'

describe('rootBetween', () => {
  it('rootBetween finds the root of steep, flat and bent functions', () => {
    expect(rootBetween((x) => x ** 3 - 2, 0, 10)).toBeCloseTo(Math.cbrt(2), 11)
    expect(rootBetween((x) => Math.exp(x) - 1e-3, -50, 50)).toBeCloseTo(Math.log(1e-3), 11)
    expect(rootBetween((x) => Math.atan(1e6 * (x - 0.25)), -1, 1)).toBeCloseTo(0.25, 11)
    expect(rootBetween((x) => (x < 3 ? -1 : 1), 0, 10)).toBeCloseTo(3, 11)
  })

  it('rootBetween inverts what it is given, in few steps', () => {
    fc.assert(
      fc.property(fc.double({ min: -0.999, max: 0.999, noNaN: true }), (y) => {
        let calls = 0
        const x = rootBetween(
          (at) => {
            calls++
            return Math.tanh(at) - y
          },
          -5,
          5,
        )
        expect(x).toBeCloseTo(Math.atanh(y), 8)
        expect(calls).toBeLessThan(40)
      }),
    )
  })

  it('rootBetween takes an end that is the root, and refuses ends that do not enclose it', () => {
    expect(rootBetween((x) => x, 0, 1)).toBe(0)
    expect(rootBetween((x) => x, -1, 0)).toBe(0)
    expect(() => rootBetween((x) => x, 1, 2)).toThrow('between 1 and 2, got 1 and 2')
    expect(() => rootBetween(() => Number.NaN, 0, 1)).toThrow(RangeError)
  })
})
