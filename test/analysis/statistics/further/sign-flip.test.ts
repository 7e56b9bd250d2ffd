import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { signFlip } from '../../../../src/analysis/statistics/further/sign-flip.js'

/**
 * Darwin's maize: cross-fertilised less self-fertilised height of each pair, in eighths of an inch.
 */
const maize = [49, -67, 8, 16, 6, 23, 28, 41, 14, 29, 56, 24, 75, 60, -48]

/**
 * The share of patterns at least as extreme, counted by sums: exact for whole numbers, however
 * many.
 */
function bySums(values: readonly number[]): number {
  let counts = new Map([[0, 1]])
  for (const value of values) {
    const next = new Map<number, number>()
    for (const [sum, count] of counts) {
      for (const flipped of [sum + value, sum - value]) next.set(flipped, (next.get(flipped) ?? 0) + count)
    }
    counts = next
  }
  const observed = Math.abs(values.reduce((sum, value) => sum + value, 0))
  let extreme = 0
  for (const [sum, count] of counts) if (Math.abs(sum) >= observed) extreme += count
  return extreme / 2 ** values.length
}

describe('signFlip', () => {
  it("signFlip counts Fisher's 1726 of 32768 patterns of Darwin's maize", () => {
    // Fisher 1935, The Design of Experiments, section 21.
    expect(signFlip(maize)).toEqual({ pTwoSided: 1726 / 32768, exact: true })
  })

  it('signFlip agrees with the counts of sums, zeros and ties included', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 14 }), (values) => {
        const { pTwoSided, exact } = signFlip(values)
        expect(exact).toBe(true)
        expect(pTwoSided).toBe(bySums(values))
      }),
    )
  })

  it('signFlip counts patterns that are equal but for rounding', () => {
    expect(signFlip([0.1, 0.2, 0.3]).pTwoSided).toBe(2 / 8)
    expect(signFlip([0.1, 0.2, -0.3]).pTwoSided).toBe(1)
    expect(signFlip(maize.map((value) => value / 80)).pTwoSided).toBe(1726 / 32768)
  })

  it('signFlip knows no order, no scale and no direction, and its p value is above 0', () => {
    const list = fc.array(fc.double({ min: -100, max: 100, noNaN: true }), { minLength: 1, maxLength: 12 })
    fc.assert(
      fc.property(list, (values) => {
        const { pTwoSided } = signFlip(values)
        expect(pTwoSided).toBeGreaterThan(0)
        expect(pTwoSided).toBeLessThanOrEqual(1)
        expect(signFlip(values.map((value) => -4 * value)).pTwoSided).toBe(pTwoSided)
        expect(signFlip([...values].reverse()).pTwoSided).toBe(pTwoSided)
      }),
    )
  })

  it('signFlip is exact up to 20 differences that are not 0, and random beyond', () => {
    const values = Array.from({ length: 21 }, (_, k) => (k % 3 === 0 ? -1 : 1) * (k + 1))
    expect(signFlip([...values.slice(1), 0, 0])).toEqual({ pTwoSided: bySums(values.slice(1)), exact: true })
    const { pTwoSided, exact } = signFlip(values)
    const p = bySums(values)
    expect(exact).toBe(false)
    expect(Math.abs(pTwoSided - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 100_000))
    expect(signFlip(values)).toEqual({ pTwoSided, exact })
    expect(signFlip(values, { seed: 2 }).pTwoSided).not.toBe(pTwoSided)
  })

  it('signFlip draws the signs of more than 32 differences', () => {
    const values = Array.from({ length: 70 }, (_, k) => (k % 8 < 3 ? -1 : 1) * (1 + (k % 5)))
    const p = bySums(values)
    expect(Math.abs(signFlip(values).pTwoSided - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / 100_000))
  })

  it('signFlip by chance counts the observed pattern, so that its p value is never 0', () => {
    const values = Array.from({ length: 60 }, () => 1)
    expect(signFlip(values, { resamples: 999 }).pTwoSided).toBe(1 / 1000)
  })

  it('signFlip of nothing but zeros tells nothing', () => {
    expect(signFlip([0, 0])).toEqual({ pTwoSided: 1, exact: true })
    expect(signFlip([3])).toEqual({ pTwoSided: 1, exact: true })
  })

  it.each([
    [[], RangeError],
    [[1, Number.NaN], RangeError],
    [[1, Number.NEGATIVE_INFINITY], RangeError],
    [[1, null], TypeError],
  ])('signFlip refuses %j', (values, error) => {
    expect(() => signFlip(values as number[])).toThrow(error)
  })

  it('signFlip refuses counts and seeds that are not whole', () => {
    expect(() => signFlip([1], { resamples: 0 })).toThrow('`resamples` to be a whole number from 1, got 0')
    expect(() => signFlip(new Array<number>(21).fill(1), { seed: 1.5 })).toThrow('`seed`')
  })
})
