import signrank from '@stdlib/stats-base-dists-signrank'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { minDifferences, signedRank } from '../../../src/analysis/statistics/signed-rank.js'
import { differences, readKnownAnswers } from '../known-answers.js'

const {
  rank_tests: { depression_paired: depression },
  distribution_quantiles: quantiles,
} = readKnownAnswers()

/** Every assignment of signs to the differences: the test by its definition. */
function enumerated(values: readonly number[]): { pGreater: number; pTwoSided: number } {
  const nonZero = values.filter((value) => value !== 0)
  const ranks = nonZero.map((value) => {
    const smaller = nonZero.filter((other) => Math.abs(other) < Math.abs(value)).length
    const equal = nonZero.filter((other) => Math.abs(other) === Math.abs(value)).length
    return smaller + (equal + 1) / 2
  })
  const v = ranks.reduce((sum, rank, k) => sum + (nonZero[k]! > 0 ? rank : 0), 0)
  const sums = Array.from({ length: 2 ** ranks.length }, (_, signs) =>
    ranks.reduce((sum, rank, k) => sum + ((signs >> k) & 1 ? rank : 0), 0),
  )
  const pGreater = sums.filter((sum) => sum >= v).length / sums.length
  const pLess = sums.filter((sum) => sum <= v).length / sums.length
  return { pGreater, pTwoSided: Math.min(1, 2 * Math.min(pLess, pGreater)) }
}

describe('signedRank', () => {
  it('signedRank gives the published test, estimate and achieved level of the depression data', () => {
    const result = signedRank(differences(depression.x, depression.y))
    expect(result.v).toBe(depression.V)
    expect(result.pTwoSided).toBeCloseTo(depression.p_two, 15)
    expect(result.pGreater).toBeCloseTo(depression.p_greater, 15)
    expect(result.estimate.value).toBeCloseTo(depression.HL, 14)
    expect(result.estimate.interval!.lower).toBeCloseTo(depression.ci95[0], 14)
    expect(result.estimate.interval!.upper).toBeCloseTo(depression.ci95[1], 14)
    expect(result.estimate.interval!.level).toBeCloseTo(depression.achieved_conf, 15)
    expect(result).toMatchObject({ zeros: 0, ties: false })
  })

  it("signedRank counts tails and cuts intervals with R's signed-rank distribution", () => {
    const effect = differences(depression.x, depression.y)
    const { pGreater } = signedRank(effect.map((value) => -value))
    expect(pGreater).toBeCloseTo(quantiles['psignrank(40,9)']!, 15)
    expect(signrank.cdf(40, 9)).toBeCloseTo(quantiles['psignrank(40,9)']!, 9)
    const least = quantiles['qsignrank(.025,9)']!
    expect(signrank.quantile(0.025, 9)).toBe(least)
    const averages = effect.flatMap((value, k) => effect.slice(k).map((other) => (value + other) / 2))
    expect(signedRank(effect).estimate.interval!.lower).toBe(averages.sort((a, b) => a - b)[least - 1])
  })

  it('signedRank agrees with the signed-rank distribution of stdlib without zeros and ties', () => {
    const sizes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]
    for (const positive of [0, 5, 77, 1234, 4095]) {
      const values = sizes.map((size, k) => ((positive >> k) & 1 ? size : -size))
      const { v, pGreater } = signedRank(values)
      expect(pGreater).toBeCloseTo(v === 0 ? 1 : 1 - signrank.cdf(v - 1, sizes.length), 12)
    }
  })

  it('signedRank is exact with zeros and ties: it agrees with the enumeration of all signs', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 9 }), (values) => {
        const { pGreater, pTwoSided, zeros } = signedRank(values)
        const expected = enumerated(values)
        expect(pGreater).toBeCloseTo(expected.pGreater, 12)
        expect(pTwoSided).toBeCloseTo(expected.pTwoSided, 12)
        expect(zeros).toBe(values.filter((value) => value === 0).length)
      }),
    )
  })

  it('signedRank gives no interval when the differences cannot reach the level, and one from then on', () => {
    const five = [1, 2, 3, 4, 5]
    expect(signedRank(five).estimate.interval).toBeNull()
    expect(signedRank([...five, 6]).estimate.interval).toEqual({ level: 1 - 2 / 64, lower: 1, upper: 6 })
    expect(signedRank(five, { level: 0.9 }).estimate.interval).toMatchObject({ level: 1 - 2 / 32 })
  })

  it('signedRank says which differences were zero or tied', () => {
    expect(signedRank([0, 1, -1, 2])).toMatchObject({ zeros: 1, ties: true, v: 1.5 + 3 })
    expect(signedRank([0, 0, 0])).toMatchObject({ zeros: 3, ties: false, v: 0, pTwoSided: 1 })
  })

  it.each([
    [[], RangeError],
    [[1, Number.NaN], RangeError],
    [[1, Number.POSITIVE_INFINITY], RangeError],
    [[1, null], TypeError],
    ['1, 2', TypeError],
  ])('signedRank refuses %j', (values, error) => {
    expect(() => signedRank(values as number[])).toThrow(error)
  })

  it('minDifferences is 6 for 95 %', () => {
    expect([0.5, 0.9, 0.95, 0.99].map(minDifferences)).toEqual([2, 5, 6, 8])
  })
})
