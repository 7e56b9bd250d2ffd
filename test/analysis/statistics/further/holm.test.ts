import padjust from '@stdlib/stats-padjust'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { holm } from '../../../../src/analysis/statistics/further/holm.js'
import { readKnownAnswers } from '../../known-answers.js'

const { p, holm: byHolm, BH } = readKnownAnswers().multiple_comparisons.holm

function expectAll(adjusted: readonly number[], expected: readonly number[]): void {
  expect(adjusted).toHaveLength(expected.length)
  adjusted.forEach((value, k) => {
    expect(value).toBeCloseTo(expected[k]!, 15)
  })
}

describe('holm', () => {
  it("holm gives R's p.adjust, and its library that of Benjamini and Hochberg", () => {
    expectAll(holm(p), byHolm)
    expectAll(padjust([...p], 'bh'), BH)
  })

  it('holm keeps the order of p values, and lies between them and Bonferroni', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 12 }), (values) => {
        const adjusted = holm(values)
        const sorted = holm([...values].sort((a, b) => a - b))
        expect([...adjusted].sort((a, b) => a - b)).toEqual(sorted)
        adjusted.forEach((value, k) => {
          expect(value).toBeGreaterThanOrEqual(values[k]!)
          expect(value).toBeLessThanOrEqual(Math.min(1, values.length * values[k]!))
          values.forEach((other, j) => {
            if (other < values[k]!) expect(adjusted[j]!).toBeLessThanOrEqual(value)
          })
        })
      }),
    )
  })

  it('holm leaves a single p value, an empty list and its argument as they are', () => {
    const values = [0.04, 0.01]
    expect(holm([0.03])).toEqual([0.03])
    expect(holm([])).toEqual([])
    expect(holm(values)).toEqual([0.04, 0.02])
    expect(values).toEqual([0.04, 0.01])
  })

  it('holm refuses what is no probability', () => {
    expect(() => holm([0.5, 1.1])).toThrow('Expected `pValues` to hold numbers from 0 to 1 only, got 1.1 at index 1')
    expect(() => holm([-0.1])).toThrow('got -0.1 at index 0')
    expect(() => holm([0.5, Number.NaN])).toThrow('`pValues` to hold finite numbers only, got NaN at index 1')
    expect(() => holm(0.5 as unknown as number[])).toThrow(TypeError)
  })
})
