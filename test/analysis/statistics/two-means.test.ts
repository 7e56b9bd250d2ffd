import t from '@stdlib/stats-base-dists-t'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { equivalence, equivalenceTwoSample } from '../../../src/analysis/statistics/further/equivalence.js'
import { meanDifference } from '../../../src/analysis/statistics/mean-difference.js'
import { tInterval } from '../../../src/analysis/statistics/t-interval.js'
import { welch } from '../../../src/analysis/statistics/welch.js'
import { differences, readKnownAnswers } from '../known-answers.js'

const known = readKnownAnswers()
const { sleep } = known.t_tests
const { 'TOSTone.raw': one, 'TOSTtwo.raw_welch': two } = known.equivalence.tost_summary

/** So many equally spaced numbers with this mean and standard deviation. */
function spaced(mean: number, sd: number, n: number): number[] {
  const scale = sd / Math.sqrt((n * (n + 1)) / 12)
  return Array.from({ length: n }, (_, k) => mean + scale * (k - (n - 1) / 2))
}

const list = fc
  .array(fc.integer({ min: -100, max: 100 }), { minLength: 2, maxLength: 12 })
  .filter((values) => new Set(values).size > 1)

describe('welch', () => {
  it("welch gives R's test and interval of Student's sleep data", () => {
    const { t: statistic, df, pTwoSided, estimate } = welch(sleep.a, sleep.b)
    expect(statistic).toBeCloseTo(sleep.welch.t, 11)
    expect(df).toBeCloseTo(sleep.welch.df, 10)
    expect(pTwoSided).toBeCloseTo(sleep.welch.p, 13)
    expect(estimate.value).toBeCloseTo(-1.58, 14)
    expect(estimate.n).toBe(20)
    expect(estimate.interval!.level).toBe(0.95)
    expect(estimate.interval!.lower).toBeCloseTo(sleep.welch.ci95[0], 11)
    expect(estimate.interval!.upper).toBeCloseTo(sleep.welch.ci95[1], 11)
  })

  it('welch(a, b) is welch(b, a) turned, and follows a shift and a scale', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const there = welch(a, b)
        const back = welch(b, a)
        expect(back.t).toBeCloseTo(-there.t, 9)
        expect(back.df).toBeCloseTo(there.df, 9)
        expect(back.estimate.interval!.lower).toBeCloseTo(-there.estimate.interval!.upper, 6)
        const moved = welch(
          a.map((value) => 2 * value + 5),
          b.map((value) => 2 * value),
        )
        expect(moved.estimate.value).toBeCloseTo(2 * there.estimate.value + 5, 9)
        expect(moved.df).toBeCloseTo(there.df, 9)
        expect(there.pTwoSided).toBeLessThanOrEqual(1)
        // The interval leaves 0 out where the test rejects.
        const { lower, upper } = there.estimate.interval!
        if (Math.abs(there.pTwoSided - 0.05) > 1e-9) expect(lower > 0 || upper < 0).toBe(there.pTwoSided < 0.05)
      }),
    )
  })

  it('welch takes one list that does not vary, and refuses two', () => {
    const { df, estimate } = welch([1, 2, 3], [5, 5])
    expect(df).toBeCloseTo(2, 12)
    expect(estimate.value).toBe(-3)
    expect(() => welch([1, 1], [5, 5])).toThrow('Expected `a` or `b` to vary, got two lists of equal numbers')
  })

  it('welch refuses short lists, what is no finite number, and a level that is no share', () => {
    expect(() => welch([], [1, 2])).toThrow('`a` to hold at least 2 numbers, got 0')
    expect(() => welch([1, 2], [1])).toThrow('`b` to hold at least 2 numbers, got 1')
    expect(() => welch([1, Number.NaN], [1, 2])).toThrow('got NaN at index 1')
    expect(() => welch([1, 2], [1, 3], { level: 95 })).toThrow('`level`')
  })
})

describe('meanDifference', () => {
  it('meanDifference pools spreads on request: its degrees of freedom are whole', () => {
    const { value, standardError, df } = meanDifference([1, 2, 3], [2, 4, 6, 8], { pooled: true })
    expect([value, df]).toEqual([-3, 5])
    expect(standardError).toBeCloseTo(Math.sqrt((22 / 5) * (1 / 3 + 1 / 4)), 14)
  })
})

describe('equivalence', () => {
  const effect = spaced(one.m - one.mu, one.sd, one.n)

  it("equivalence gives TOSTER's tests of one sample", () => {
    const { pLower, pUpper, equivalent } = equivalence(effect, { lower: one.low, upper: one.high })
    expect(pLower * 1e5).toBeCloseTo(one.p1 * 1e5, 6)
    expect(pUpper).toBeCloseTo(one.p2, 9)
    expect(t.quantile(1 - pLower, one.n - 1)).toBeCloseTo(one.t1, 6)
    expect(t.quantile(pUpper, one.n - 1)).toBeCloseTo(one.t2, 6)
    expect(equivalent).toBe(true)
    const { interval } = tInterval(effect, { level: 0.9 })
    expect(interval!.lower).toBeCloseTo(one.ci90[0], 8)
    expect(interval!.upper).toBeCloseTo(one.ci90[1], 8)
  })

  it('equivalence at a level asks whether the interval of twice the error lies within the bounds', () => {
    fc.assert(
      fc.property(list, fc.integer({ min: -50, max: 0 }), fc.integer({ min: 1, max: 50 }), (values, lower, upper) => {
        const { interval } = tInterval(values, { level: 0.8 })
        const inside = interval!.lower > lower && interval!.upper < upper
        expect(equivalence(values, { lower, upper, level: 0.9 }).equivalent).toBe(inside)
      }),
    )
  })

  it('equivalence of turned differences exchanges the bounds', () => {
    fc.assert(
      fc.property(list, (values) => {
        const there = equivalence(values, { lower: -3, upper: 10 })
        const turned = values.map((value) => -value)
        const back = equivalence(turned, { lower: -10, upper: 3 })
        expect(back.pUpper).toBeCloseTo(there.pLower, 12)
        expect(back.pLower).toBeCloseTo(there.pUpper, 12)
        const moved = equivalence(
          values.map((value) => 2 * value + 1),
          { lower: -5, upper: 21 },
        )
        expect(moved.pLower).toBeCloseTo(there.pLower, 9)
      }),
    )
  })

  it('equivalence of differences without spread is sure within the bounds and rejects nothing on them', () => {
    expect(equivalence([1, 1, 1], { lower: 0, upper: 2 })).toEqual({ pLower: 0, pUpper: 0, equivalent: true })
    expect(equivalence([1, 1, 1], { lower: 1, upper: 2 })).toEqual({ pLower: 1, pUpper: 0, equivalent: false })
    expect(equivalence([1, 1, 1], { lower: -2, upper: 0 })).toEqual({ pLower: 0, pUpper: 1, equivalent: false })
  })

  it('equivalence refuses bounds that are no interval, short lists and what is no finite number', () => {
    expect(() => equivalence([1, 2], { lower: 1, upper: 1 })).toThrow('`upper` to be a number above 1, got 1')
    expect(() => equivalence([1, 2], { lower: Number.NaN, upper: 1 })).toThrow('`lower`')
    expect(() => equivalence([1, 2], { lower: 0, upper: Number.POSITIVE_INFINITY })).toThrow('`upper`')
    expect(() => equivalence([1], { lower: 0, upper: 1 })).toThrow('at least 2 numbers, got 1')
    expect(() => equivalence([], { lower: 0, upper: 1 })).toThrow('at least 2 numbers, got 0')
    expect(() => equivalence([1, Number.NaN], { lower: 0, upper: 1 })).toThrow('got NaN at index 1')
    expect(() => equivalence([1, 2], { lower: 0, upper: 1, level: 1 })).toThrow('`level`')
  })
})

describe('equivalenceTwoSample', () => {
  const a = spaced(two.m1, two.sd1, two.n1)
  const b = spaced(two.m2, two.sd2, two.n2)
  const bounds = { lower: two.low, upper: two.high }

  it("equivalenceTwoSample gives TOSTER's Welch tests of two samples", () => {
    const { pLower, pUpper, equivalent } = equivalenceTwoSample(a, b, bounds)
    expect(pLower).toBeCloseTo(two.p1, 10)
    expect(pUpper).toBeCloseTo(two.p2, 9)
    expect(equivalent).toBe(true)
  })

  it("welch of samples that are shifted by a bound gives TOSTER's t, and of the samples its interval", () => {
    const shifted = (bound: number): number[] => a.map((value) => value - bound)
    expect(welch(shifted(two.low), b).t).toBeCloseTo(two.t1, 6)
    expect(welch(shifted(two.high), b).t).toBeCloseTo(two.t2, 6)
    const { df, estimate } = welch(a, b, { level: 0.9 })
    expect(df).toBeCloseTo(two.df, 4)
    expect(estimate.interval!.lower).toBeCloseTo(two.ci90[0], 7)
    expect(estimate.interval!.upper).toBeCloseTo(two.ci90[1], 7)
  })

  it('equivalenceTwoSample pools spreads on request, which changes nothing for equal sizes and spreads', () => {
    const twin = b.map((value) => value + 0.1)
    const pooled = equivalenceTwoSample(twin, b, { ...bounds, pooled: true })
    const apart = equivalenceTwoSample(twin, b, bounds)
    expect(pooled.pLower).toBeCloseTo(apart.pLower, 12)
    expect(pooled.pUpper).toBeCloseTo(apart.pUpper, 12)
    expect(equivalenceTwoSample(a, b, { ...bounds, pooled: true }).pLower).not.toBeCloseTo(two.p1, 5)
  })

  it('equivalenceTwoSample of exchanged samples exchanges the bounds', () => {
    const there = equivalenceTwoSample(sleep.a, sleep.b, { lower: -2, upper: 1 })
    const back = equivalenceTwoSample(sleep.b, sleep.a, { lower: -1, upper: 2 })
    expect(back.pLower).toBeCloseTo(there.pUpper, 14)
    expect(back.pUpper).toBeCloseTo(there.pLower, 14)
    expect(there.equivalent).toBe(false)
  })

  it('equivalence of pairs is not that of two samples', () => {
    const paired = equivalence(differences(sleep.a, sleep.b), { lower: -3, upper: 3 })
    expect(paired.pLower).toBeLessThan(equivalenceTwoSample(sleep.a, sleep.b, { lower: -3, upper: 3 }).pLower)
  })

  it('equivalenceTwoSample refuses short lists, lists that do not vary and bounds that are no interval', () => {
    expect(() => equivalenceTwoSample([1], [1, 2], bounds)).toThrow('`a` to hold at least 2 numbers, got 1')
    expect(() => equivalenceTwoSample([1, 2], [1, Number.NaN], bounds)).toThrow('`b` to hold finite numbers only')
    expect(() => equivalenceTwoSample([1, 1], [1, 1], { ...bounds, pooled: true })).toThrow('to vary')
    expect(() => equivalenceTwoSample(a, b, { lower: 1, upper: 0 })).toThrow('`upper`')
  })
})
