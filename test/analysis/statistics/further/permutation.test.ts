import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { permutationTest } from '../../../../src/analysis/statistics/further/permutation.js'
import { readKnownAnswers } from '../../known-answers.js'

const mouse = readKnownAnswers().rank_tests.mouse_two_sample_permutation

/**
 * P(sum of the first group is at least, and at most, the observed one), counted by sums: exact for
 * whole numbers, however many.
 */
function bySums(a: readonly number[], b: readonly number[]): { greater: number; less: number } {
  const ways = Array.from({ length: a.length + 1 }, () => new Map<number, number>())
  ways[0]!.set(0, 1)
  for (const value of [...a, ...b]) {
    for (let count = a.length; count > 0; count--) {
      for (const [sum, one] of ways[count - 1]!) {
        ways[count]!.set(sum + value, (ways[count]!.get(sum + value) ?? 0) + one)
      }
    }
  }
  const observed = a.reduce((sum, value) => sum + value, 0)
  let [greater, less, all] = [0, 0, 0]
  for (const [sum, one] of ways[a.length]!) {
    all += one
    if (sum >= observed) greater += one
    if (sum <= observed) less += one
  }
  return { greater: greater / all, less: less / all }
}

const list = fc.array(fc.integer({ min: -6, max: 6 }), { minLength: 1, maxLength: 7 })

describe('permutationTest', () => {
  it('permutationTest gives the known answer of the mice', () => {
    const { difference, pGreater, pTwoSided, exact } = permutationTest(mouse.z, mouse.y)
    expect(difference).toBeCloseTo(mouse.diff, 13)
    expect(pGreater).toBeCloseTo(mouse.p_greater, 15)
    expect(pTwoSided).toBeCloseTo(mouse.p_two_scipy, 15)
    expect(exact).toBe(true)
  })

  it('permutationTest agrees with the counts of sums, ties included', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const { greater, less } = bySums(a, b)
        const { pGreater, pTwoSided, exact } = permutationTest(a, b)
        expect(exact).toBe(true)
        expect(pGreater).toBeCloseTo(greater, 14)
        expect(pTwoSided).toBeCloseTo(Math.min(1, 2 * Math.min(greater, less)), 14)
      }),
    )
  })

  it('permutationTest counts divisions that are equal but for rounding', () => {
    const a = [0.1, 0.2, 0.3]
    const b = [0.3, 0.3, 0]
    expect(permutationTest(a, b).pGreater).toBe(permutationTest([1, 2, 3], [3, 3, 0]).pGreater)
  })

  it('permutationTest(a, b) is permutationTest(b, a) turned, and knows no shift and no scale', () => {
    fc.assert(
      fc.property(list, list, (a, b) => {
        const there = permutationTest(a, b)
        const back = permutationTest(b, a)
        expect(back.difference).toBeCloseTo(-there.difference, 12)
        expect(back.pTwoSided).toBeCloseTo(there.pTwoSided, 14)
        expect(there.pGreater + back.pGreater).toBeGreaterThanOrEqual(1)
        expect(there.pTwoSided > 0 && there.pTwoSided <= 1).toBe(true)
        const moved = permutationTest(
          a.map((value) => 0.3 * value + 1000),
          b.map((value) => 0.3 * value + 1000),
        )
        expect(moved.pGreater).toBe(there.pGreater)
        expect(moved.pTwoSided).toBe(there.pTwoSided)
      }),
    )
  })

  it('permutationTest is exact up to 200 000 divisions, and random beyond', () => {
    const a = Array.from({ length: 10 }, (_, k) => 3 * k + 4)
    const b = Array.from({ length: 10 }, (_, k) => (7 * k) % 29)
    expect(permutationTest(a, b.slice(0, 10)).exact).toBe(true)
    const more = [...b, 11, 2]
    const { pGreater, pTwoSided, exact } = permutationTest(a, more)
    const { greater, less } = bySums(a, more)
    const error = (p: number): number => 4 * Math.sqrt((p * (1 - p)) / 100_000)
    expect(exact).toBe(false)
    expect(Math.abs(pGreater - greater)).toBeLessThan(error(greater))
    expect(Math.abs(pTwoSided - 2 * Math.min(greater, less))).toBeLessThan(2 * error(greater))
    expect(permutationTest(a, more)).toMatchObject({ pGreater, pTwoSided })
    expect(permutationTest(a, more, { seed: 2 }).pGreater).not.toBe(pGreater)
  })

  it('permutationTest by chance counts the observed division, so that its p value is never 0', () => {
    const a = new Array<number>(20).fill(1)
    const b = new Array<number>(25).fill(0)
    expect(permutationTest(a, b, { resamples: 999 })).toEqual({
      difference: 1,
      pGreater: 1 / 1000,
      pTwoSided: 2 / 1000,
      exact: false,
    })
  })

  it('permutationTest of equal values finds nothing', () => {
    expect(permutationTest([2, 2], [2])).toEqual({ difference: 0, pGreater: 1, pTwoSided: 1, exact: true })
    expect(permutationTest([1], [2])).toEqual({ difference: -1, pGreater: 1, pTwoSided: 1, exact: true })
  })

  it('permutationTest refuses empty lists, what is no finite number, and counts that are not whole', () => {
    expect(() => permutationTest([], [1])).toThrow('`a` to hold at least 1 number, got 0')
    expect(() => permutationTest([1], [])).toThrow('`b` to hold at least 1 number, got 0')
    expect(() => permutationTest([1], [Number.NaN])).toThrow('got NaN at index 0')
    expect(() => permutationTest([1], [2], { resamples: 0.5 })).toThrow(
      '`resamples` to be a whole number from 1, got 0.5',
    )
  })
})
