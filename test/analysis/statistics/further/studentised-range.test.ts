import studentizedRange from '@stdlib/stats-base-dists-studentized-range'
import t from '@stdlib/stats-base-dists-t'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { studentisedRange } from '../../../../src/analysis/statistics/further/studentised-range.js'
import { readKnownAnswersBest } from '../../known-answers-best.js'

const { distribution_quantiles: quantiles } = readKnownAnswersBest()

describe('studentisedRange', () => {
  it("studentisedRange is R's ptukey and qtukey", () => {
    const range = studentisedRange(4, 20)
    expect(range.probability(3.5)).toBeCloseTo(quantiles['ptukey(3.5,4,20)'], 11)
    // R's qtukey stops where its steps fall below 0.0001: the probability there is 0.949999993.
    expect(Math.abs(range.quantile(0.95) - quantiles['qtukey(.95,4,20)'])).toBeLessThan(2e-7)
  })

  it("stdlib's studentized range is R's to 11 digits of a probability and 8 of a quantile", () => {
    expect(studentizedRange.cdf(3.5, 4, 20)).toBeCloseTo(quantiles['ptukey(3.5,4,20)'], 11)
    expect(Math.abs(studentizedRange.quantile(0.95, 4, 20) - quantiles['qtukey(.95,4,20)'])).toBeLessThan(2e-7)
  })

  it("studentisedRange agrees with stdlib's where that is accurate", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 2, max: 20 }),
        fc.integer({ min: 15, max: 500 }),
        fc.double({ min: 0.5, max: 8, noNaN: true }),
        (k, df, q) => {
          expect(studentisedRange(k, df).probability(q)).toBeCloseTo(studentizedRange.cdf(q, k, df), 9)
        },
      ),
      { numRuns: 50 },
    )
  })

  it("studentisedRange of two means is √2 times Student's |t|, for any degrees of freedom", () => {
    for (const df of [1, 2, 3, 10, 100, 3000, 100_000]) {
      const range = studentisedRange(2, df)
      for (const q of [0.01, 0.5, 2, 4, 20]) {
        expect(range.probability(q)).toBeCloseTo(1 - 2 * t.cdf(-q / Math.SQRT2, df), 12)
      }
      for (const level of [0.01, 0.5, 0.95, 0.9999]) {
        const expected = Math.SQRT2 * t.quantile((1 + level) / 2, df)
        expect(range.quantile(level) / expected).toBeCloseTo(1, 8)
      }
    }
  })

  it('studentisedRange is 0 without a range, and 1 at infinity', () => {
    const range = studentisedRange(5, 8)
    expect([-1, 0, Number.POSITIVE_INFINITY].map(range.probability)).toEqual([0, 0, 1])
  })

  it('studentisedRange refuses what is no count of means, no degrees of freedom, no number and no level', () => {
    expect(() => studentisedRange(1, 5)).toThrow('`k` to be a whole number from 2, got 1')
    expect(() => studentisedRange(3, 0.5)).toThrow('`df` to be a number from 1, got 0.5')
    expect(() => studentisedRange(3, 5).probability(Number.NaN)).toThrow('`q` to be a number, got NaN')
    expect(() => studentisedRange(3, 5).quantile(1)).toThrow('`level`')
  })
})
