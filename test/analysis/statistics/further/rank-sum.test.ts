import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { rankSum, rankSumDistribution } from '../../../../src/analysis/statistics/further/rank-sum.js'
import { readKnownAnswers } from '../../known-answers.js'

const {
  rank_tests: { mouse_two_sample_permutation: mouse },
  distribution_quantiles: quantiles,
} = readKnownAnswers()

/**
 * Permeability of the human chorioamnion at term and before (Hollander & Wolfe 1973, page 69; R's
 * ?wilcox.test).
 */
const term = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46]
const before = [1.15, 0.88, 0.9, 0.74, 1.21]

/** How many pairs favour a, equal ones counted half. */
function pairs(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, x) => sum + b.reduce((part, y) => part + (x > y ? 1 : x === y ? 0.5 : 0), 0), 0)
}

/** Every division of the values into groups of the observed sizes: the test by its definition. */
function enumerated(a: readonly number[], b: readonly number[]): { pGreater: number; pTwoSided: number } {
  const values = [...a, ...b]
  const all = Array.from({ length: 2 ** values.length }, (_, chosen) => chosen)
    .map((chosen) => values.map((_, k) => ((chosen >> k) & 1) === 1))
    .filter((chosen) => chosen.filter(Boolean).length === a.length)
    .map((chosen) =>
      pairs(
        values.filter((_, k) => chosen[k]),
        values.filter((_, k) => !chosen[k]),
      ),
    )
  const w = pairs(a, b)
  const pGreater = all.filter((other) => other >= w).length / all.length
  const pLess = all.filter((other) => other <= w).length / all.length
  return { pGreater, pTwoSided: Math.min(1, 2 * Math.min(pGreater, pLess)) }
}

const list = fc.array(fc.integer({ min: -4, max: 4 }), { minLength: 1, maxLength: 5 })

describe('rankSum', () => {
  it("rankSum gives R's test of the permeability data", () => {
    const { w, pGreater, ties } = rankSum(term, before)
    expect(w).toBe(35)
    expect(pGreater).toBeCloseTo(0.1272, 4)
    expect(ties).toBe(false)
    expect(rankSum(before, term).pGreater).toBeCloseTo(quantiles['pwilcox(35,10,5)']!, 15)
  })

  it("rankSum cuts its interval at R's quantile of the distribution, and says the level", () => {
    const shifts = term.flatMap((x) => before.map((y) => x - y)).sort((a, b) => a - b)
    const least = quantiles['qwilcox(.025,10,5)']!
    const { interval, value, n } = rankSum(term, before).estimate
    expect(interval!.lower).toBe(shifts[least - 1])
    expect(interval!.upper).toBe(shifts[50 - least])
    const tail = rankSumDistribution(10, 5).slice(0, least)
    expect(interval!.level).toBeCloseTo(1 - 2 * tail.reduce((sum, one) => sum + one, 0), 14)
    expect(value).toBeCloseTo((shifts[24]! + shifts[25]!) / 2, 14)
    expect(n).toBe(15)
  })

  it('rankSum of the mice agrees with the enumeration of all divisions', () => {
    const { w, pGreater, pTwoSided, ties } = rankSum(mouse.z, mouse.y)
    const expected = enumerated(mouse.z, mouse.y)
    expect(w).toBe(pairs(mouse.z, mouse.y))
    expect(pGreater).toBeCloseTo(expected.pGreater, 14)
    expect(pTwoSided).toBeCloseTo(expected.pTwoSided, 14)
    expect(ties).toBe(false)
  })

  it('rankSum is exact with ties: it agrees with the enumeration of all divisions', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { w, pGreater, pTwoSided, ties } = rankSum(a, b)
        const expected = enumerated(a, b)
        expect(w).toBe(pairs(a, b))
        expect(pGreater).toBeCloseTo(expected.pGreater, 13)
        expect(pTwoSided).toBeCloseTo(expected.pTwoSided, 13)
        expect(pGreater > 0 && pTwoSided > 0 && pTwoSided <= 1).toBe(true)
        expect(ties).toBe(new Set([...a, ...b]).size < a.length + b.length)
      }),
    )
  })

  it('rankSum(a, b) is rankSum(b, a) turned, and follows a shift and a scale', () => {
    const values = fc.array(fc.integer({ min: -100, max: 100 }), { minLength: 4, maxLength: 9 })
    fc.assert(
      fc.property(values, values, (a, b) => {
        const there = rankSum(a, b, { level: 0.9 })
        const back = rankSum(b, a, { level: 0.9 })
        expect(there.w + back.w).toBe(a.length * b.length)
        expect(back.pTwoSided).toBeCloseTo(there.pTwoSided, 12)
        expect(back.estimate.value + there.estimate.value).toBe(0)
        expect(back.estimate.interval!.lower + there.estimate.interval!.upper).toBe(0)
        const moved = rankSum(
          a.map((value) => 2 * value + 3),
          b.map((value) => 2 * value),
          { level: 0.9 },
        )
        expect(moved.estimate.value).toBe(2 * there.estimate.value + 3)
        const stretched = rankSum(
          a.map((value) => value ** 3),
          b.map((value) => value ** 3),
        )
        expect(stretched.pGreater).toBe(there.pGreater)
      }),
    )
  })

  it('rankSum gives no interval when the values cannot reach the level, and one from then on', () => {
    expect(rankSum([1, 2, 3], [4, 5, 6]).estimate).toEqual({ value: -3, interval: null, n: 6 })
    const { interval } = rankSum([1, 2, 3, 4], [5, 6, 7, 8]).estimate
    expect(interval).toMatchObject({ lower: -7, upper: -1 })
    expect(interval!.level).toBeCloseTo(1 - 2 / 70, 14)
    expect(rankSum([1], [2]).estimate.interval).toBeNull()
  })

  it('rankSum of equal values finds nothing', () => {
    expect(rankSum([1, 1], [1, 1, 1])).toMatchObject({ w: 3, pTwoSided: 1, pGreater: 1, ties: true })
  })

  it('rankSum refuses empty lists, what is no finite number, and a level that is no share', () => {
    expect(() => rankSum([], [1])).toThrow('`a` to hold at least 1 number, got 0')
    expect(() => rankSum([1], [])).toThrow('`b` to hold at least 1 number, got 0')
    expect(() => rankSum([1, Number.NaN], [1])).toThrow('got NaN at index 1')
    expect(() => rankSum([1], [Number.NEGATIVE_INFINITY])).toThrow('got -Infinity at index 0')
    expect(() => rankSum([1], [2], { level: 0 })).toThrow('`level`')
  })
})

describe('rankSumDistribution', () => {
  it("rankSumDistribution is R's", () => {
    const probability = rankSumDistribution(10, 5)
    const cumulative = Array.from(probability, (_, w) => probability.slice(0, w + 1).reduce((sum, one) => sum + one, 0))
    expect(probability).toHaveLength(51)
    expect(cumulative[35]).toBeCloseTo(quantiles['pwilcox(35,10,5)']!, 15)
    expect(cumulative.findIndex((p) => p >= 0.025)).toBe(quantiles['qwilcox(.025,10,5)'])
    expect(cumulative[50]).toBeCloseTo(1, 14)
  })

  it('rankSumDistribution is symmetric and does not care which sample is the smaller', () => {
    const probability = rankSumDistribution(7, 4)
    expect(Array.from(rankSumDistribution(4, 7))).toEqual(Array.from(probability))
    probability.forEach((one, w) => {
      expect(probability[28 - w]).toBeCloseTo(one, 15)
    })
    expect(Array.from(rankSumDistribution(1, 3))).toEqual([0.25, 0.25, 0.25, 0.25])
  })
})
