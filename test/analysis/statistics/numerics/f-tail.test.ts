import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fTail } from '../../../../src/analysis/statistics/numerics/f-tail.js'
import { readKnownAnswers } from '../../known-answers.js'

const { distribution_quantiles: quantiles } = readKnownAnswers()

const { rows } = JSON.parse(
  readFileSync(new URL('../../../fixtures/known-answers-f.json', import.meta.url), 'utf8'),
) as { rows: [f: number, df1: number, df2: number, p: number][] }

const whole = fc.integer({ min: 1, max: 500 })
const ratio = fc.double({ min: 1e-6, max: 1e6, noNaN: true })

describe('fTail', () => {
  // scipy 1.17.1: scipy.stats.f.sf(f, df1, df2)
  it.each([
    [4.2, 1, 12, 0.06293943364090625],
    [3.1, 2, 24, 0.06345291600230984],
    [2.5, 3, 15, 0.0990819240353751],
    [5.5, 4, 7, 0.025255618854300242],
    [1.7, 7, 40, 0.13675202283974808],
    [0.3, 5, 9, 0.9009241433407497],
    [12, 6, 3, 0.033344],
    [30, 11, 50, 3.0845884067233936e-18],
  ])('fTail(%d, %d, %d) is %d', (f, df1, df2, p) => {
    expect(fTail(f, df1, df2) / p).toBeCloseTo(1, 10)
  })

  it("fTail is R's pf", () => {
    expect(fTail(1.18046237440255, 4, 20)).toBeCloseTo(quantiles['pf(1.18046237440255,4,20,upper)']!, 14)
  })

  it('fTail has 12 digits from 1 down to 1e-300, at 1 to 3000 degrees of freedom', () => {
    expect(rows.length).toBeGreaterThan(200)
    expect(Math.min(...rows.map(([, , , p]) => p))).toBeLessThan(1e-200)
    const wrong = rows.filter(([f, df1, df2, p]) => Math.abs(fTail(f, df1, df2) / p - 1) > 1e-12)
    expect(wrong).toEqual([])
  })

  it('fTail is a power at 2 degrees of freedom', () => {
    fc.assert(
      fc.property(ratio, whole, (f, df2) => {
        expect(Math.abs(fTail(f, 2, df2) - (1 + (2 * f) / df2) ** (-df2 / 2))).toBeLessThan(1e-12)
      }),
    )
  })

  it('fTail of f and of 1/f with the degrees of freedom exchanged add up to 1', () => {
    fc.assert(
      fc.property(ratio, whole, whole, (f, df1, df2) => {
        expect(Math.abs(fTail(f, df1, df2) + fTail(1 / f, df2, df1) - 1)).toBeLessThan(1e-11)
      }),
    )
  })

  it('fTail is 1 at 0 and 0 at infinity, and refuses degrees of freedom that are no counts', () => {
    expect([fTail(0, 3, 5), fTail(Number.POSITIVE_INFINITY, 3, 5)]).toEqual([1, 0])
    expect(() => fTail(1, 0, 5)).toThrow('`df1` to be a whole number from 1, got 0')
    expect(() => fTail(1, 2, 1.5)).toThrow('`df2`')
    expect(() => fTail(Number.NaN, 2, 2)).toThrow('`f`')
  })
})
