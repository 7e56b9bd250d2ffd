import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { spreadRatio } from '../../../src/analysis/statistics/spread-ratio.js'

const a = [4.61, 4.75, 4.58, 4.92, 4.66, 4.71, 4.83, 4.55]
const b = [4.7, 4.99, 4.52, 5.21, 4.81, 4.6, 5.02, 4.57]

describe('spreadRatio', () => {
  it('spreadRatio tests with the correlation of sums and differences', () => {
    // scipy 1.17.1: scipy.stats.pearsonr(a + b, a - b).pvalue; numpy: a.std(ddof=1) / b.std(ddof=1)
    const { value, pTwoSided, n } = spreadRatio(a, b)
    expect(value).toBeCloseTo(0.5136404167360709, 12)
    expect(pTwoSided).toBeCloseTo(0.005391642043261457, 12)
    expect(n).toBe(8)
  })

  // scipy 1.17.1: the ratios θ at which pearsonr(a/θ + b, a/θ − b).pvalue is 1 − level, by
  // scipy.optimize.brentq.
  it.each([
    [0.95, 0.34365855170339243, 0.7676994400316354],
    [0.9, 0.3721600031358037, 0.7089060497684193],
  ])('spreadRatio at a level of %d holds the ratios that the test does not reject', (level, lower, upper) => {
    const { interval } = spreadRatio(a, b, { level })
    expect(interval!.lower).toBeCloseTo(lower, 9)
    expect(interval!.upper).toBeCloseTo(upper, 9)
  })

  it('spreadRatio(a, b) is 1 / spreadRatio(b, a), and knows no scale and no shift', () => {
    const list = fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: 5, maxLength: 5 })
    fc.assert(
      fc.property(list, list, (some, others) => {
        fc.pre(new Set(some.map(Math.round)).size > 1 && new Set(others.map(Math.round)).size > 1)
        const there = spreadRatio(some, others)
        const back = spreadRatio(others, some)
        expect(there.value * back.value).toBeCloseTo(1, 9)
        expect(there.interval!.lower * back.interval!.upper).toBeCloseTo(1, 6)
        const moved = spreadRatio(
          some.map((value) => 3 * value + 7),
          others.map((value) => 3 * value - 1),
        )
        expect(moved.value).toBeCloseTo(there.value, 9)
      }),
    )
  })

  it('spreadRatio of two pairs has no interval, and lists that do not vary are refused', () => {
    expect(spreadRatio([1, 2], [1, 4])).toMatchObject({ interval: null, pTwoSided: null, n: 2 })
    expect(() => spreadRatio([1, 1, 1], [1, 2, 3])).toThrow('to vary each')
    expect(() => spreadRatio([1, 2], [1])).toThrow('`b` to hold at least 2 numbers')
    expect(() => spreadRatio([1, 2, 3], [1, 2])).toThrow('one value per block each, got 3 and 2')
  })

  it('spreadRatio of equal spreads finds no difference', () => {
    expect(spreadRatio([1, 2, 3, 4], [2, 1, 4, 3])).toMatchObject({ value: 1, pTwoSided: 1 })
    expect(spreadRatio([1, 2, 3], [2, 3, 4])).toMatchObject({ value: 1, pTwoSided: 1 })
  })
})
