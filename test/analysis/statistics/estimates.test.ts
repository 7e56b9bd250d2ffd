import t from '@stdlib/stats-base-dists-t'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { median, quantile } from '../../../src/analysis/statistics/numerics/quantile.js'
import { pairedRatio } from '../../../src/analysis/statistics/paired-ratio.js'
import { requiredBlocks } from '../../../src/analysis/statistics/required-blocks.js'
import { tInterval, tTest } from '../../../src/analysis/statistics/t-interval.js'
import { differences, readKnownAnswers } from '../known-answers.js'

const known = readKnownAnswers()
const { sleep } = known.t_tests
const { distribution_quantiles: quantiles, required_blocks: table } = known
const times = fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 2, maxLength: 20 })

describe('tInterval', () => {
  it("tInterval gives R's interval and p value of Student's sleep data", () => {
    const effect = differences(sleep.a, sleep.b)
    const { value, interval, n } = tInterval(effect)
    expect(value).toBeCloseTo(-1.58, 12)
    expect(n).toBe(10)
    expect(interval!.lower).toBeCloseTo(sleep.paired.ci95[0], 11)
    expect(interval!.upper).toBeCloseTo(sleep.paired.ci95[1], 11)
    expect(tTest(effect)).toBeCloseTo(sleep.paired.p, 14)
    expect(t.quantile(tTest(effect)! / 2, sleep.paired.df)).toBeCloseTo(sleep.paired.t, 11)
  })

  it("the t quantiles are R's", () => {
    expect(t.quantile(0.975, 9)).toBeCloseTo(quantiles['qt(.975,9)']!, 15)
    expect(t.quantile(0.975, 17.7764735161785)).toBeCloseTo(quantiles['qt(.975,17.7764735161785)']!, 15)
  })

  it('tInterval of a single value has no interval', () => {
    expect(tInterval([3])).toEqual({ value: 3, interval: null, n: 1 })
  })

  it('tInterval refuses what is no number and a level that is no share', () => {
    expect(() => tInterval([])).toThrow(/at least 1 number, got 0/)
    expect(() => tInterval([1, Number.NaN])).toThrow(/finite numbers only, got NaN at index 1/)
    expect(() => tInterval([1, 2], { level: 95 })).toThrow(/`level` to be a number between 0 and 1, got 95/)
  })
})

describe('quantile', () => {
  it("quantile is R's type 7", () => {
    const values = [15, 1, 7, 3]
    expect([0, 0.1, 0.25, 0.5, 0.9, 1].map((p) => quantile(values, p))).toEqual([
      1, 1.6, 2.5, 5, 12.600000000000001, 15,
    ])
  })

  it('median splits the values and does not change them', () => {
    const values = [3, 1, 2]
    expect(median(values)).toBe(2)
    expect(values).toEqual([3, 1, 2])
  })

  it('quantile refuses a share beyond 0 and 1 and an empty list', () => {
    expect(() => quantile([1], 1.1)).toThrow(RangeError)
    expect(() => quantile([], 0.5)).toThrow(RangeError)
  })
})

describe('pairedRatio', () => {
  it('pairedRatio is the t interval of the log ratios, back-transformed', () => {
    const a = sleep.a.map(Math.exp)
    const b = sleep.b.map(Math.exp)
    const { value, interval, pTwoSided } = pairedRatio(a, b)
    expect(Math.log(value)).toBeCloseTo(-1.58, 10)
    expect(Math.log(interval!.lower)).toBeCloseTo(sleep.paired.ci95[0], 10)
    expect(Math.log(interval!.upper)).toBeCloseTo(sleep.paired.ci95[1], 10)
    expect(pTwoSided).toBeCloseTo(sleep.paired.p, 10)
  })

  it('pairedRatio(a, b) is 1 / pairedRatio(b, a), bounds exchanged', () => {
    fc.assert(
      fc.property(times, times, (some, others) => {
        const n = Math.min(some.length, others.length)
        const there = pairedRatio(some.slice(0, n), others.slice(0, n))
        const back = pairedRatio(others.slice(0, n), some.slice(0, n))
        expect(Math.log(there.value) + Math.log(back.value)).toBeCloseTo(0, 9)
        if (there.interval!.lower > 0 && Number.isFinite(back.interval!.upper)) {
          expect(Math.log(there.interval!.lower) / Math.log(back.interval!.upper)).toBeCloseTo(-1, 6)
        }
      }),
    )
  })

  it('pairedRatio of equal ratios is sure of them, and of a single block knows no interval', () => {
    expect(pairedRatio([2, 4], [1, 2])).toEqual({
      value: 2,
      interval: { level: 0.95, lower: 2, upper: 2 },
      n: 2,
      pTwoSided: 0,
    })
    expect(pairedRatio([3, 5], [3, 5])).toMatchObject({ value: 1, pTwoSided: 1 })
    expect(pairedRatio([3], [3])).toEqual({ value: 1, interval: null, n: 1, pTwoSided: null })
  })

  it('pairedRatio refuses blocks without a partner and values that are not above 0', () => {
    expect(() => pairedRatio([1, 2], [1])).toThrow(/one value per block each, got 2 and 1/)
    expect(() => pairedRatio([1, 0], [1, 1])).toThrow(/above 0 only, got 0 at index 1/)
  })
})

describe('requiredBlocks', () => {
  it.each(table.rows)(
    'requiredBlocks reproduces the table of power.t.test for a standard deviation of $sd',
    ({ sd, blocks }) => {
      expect(table.effects.map((effect) => requiredBlocks({ sd, effect, power: 0.9, level: 0.95 }))).toEqual(blocks)
    },
  )

  it('requiredBlocks grows with the spread and with the level, and falls with the effect', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0.005, max: 0.3, noNaN: true }),
        fc.double({ min: 0.02, max: 0.3, noNaN: true }),
        (sd, effect) => {
          const blocks = requiredBlocks({ sd, effect })
          expect(requiredBlocks({ sd: sd * 1.5, effect })).toBeGreaterThanOrEqual(blocks)
          expect(requiredBlocks({ sd, effect: effect * 1.5 })).toBeLessThanOrEqual(blocks)
          expect(requiredBlocks({ sd, effect, level: 0.99 })).toBeGreaterThanOrEqual(blocks)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('requiredBlocks needs two blocks without spread and refuses an effect of nothing', () => {
    expect(requiredBlocks({ sd: 0, effect: 0.05 })).toBe(2)
    expect(() => requiredBlocks({ sd: 0.1, effect: 0 })).toThrow(/`effect`/)
    expect(() => requiredBlocks({ sd: Number.NaN, effect: 0.1 })).toThrow(/`sd` to be a number from 0, got NaN/)
    expect(requiredBlocks({ sd: 1, effect: 0.004 })).toBeGreaterThan(600_000)
    expect(() => requiredBlocks({ sd: 1, effect: 1e-6 })).toThrow(/1000000 blocks/)
  })
})
