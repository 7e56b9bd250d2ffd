import chisquare from '@stdlib/stats-base-dists-chisquare'
import normal from '@stdlib/stats-base-dists-normal'
import { describe, expect, it } from 'vitest'
import { mean, standardDeviation } from '../../../../src/analysis/statistics/numerics/moments.js'
import { makeRandom } from '../../../../src/analysis/statistics/numerics/random.js'

const draw = (n: number, one: () => number): number[] => Array.from({ length: n }, one)

/** p value of the hypothesis that all counts have the same expectation. */
function evenness(counts: readonly number[]): number {
  const expected = mean(counts)
  const chiSquared = counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
  return 1 - chisquare.cdf(chiSquared, counts.length - 1)
}

describe('makeRandom', () => {
  it('makeRandom of one seed repeats its numbers, and of another has others', () => {
    const numbers = (seed: number): number[] => {
      const random = makeRandom(seed)
      return draw(5, () => random.uniform() + random.normal() + random.integerBelow(10))
    }
    expect(numbers(7)).toEqual(numbers(7))
    expect(new Set([0, 1, 2, 2 ** 32, 2 ** 32 + 1, Number.MAX_SAFE_INTEGER].map((seed) => numbers(seed)[0])).size).toBe(
      6,
    )
  })

  it('uniform fills 0 to 1 evenly', () => {
    const random = makeRandom(1)
    const counts = new Array<number>(100).fill(0)
    const values = draw(200_000, random.uniform)
    expect(values.every((value) => value >= 0 && value < 1)).toBe(true)
    for (const value of values) counts[Math.floor(value * 100)]!++
    expect(evenness(counts)).toBeGreaterThan(0.001)
  })

  it('the first numbers of neighbouring seeds are even and unrelated', () => {
    const firsts = draw(20_000, () => 0).map((_, seed) => makeRandom(seed).uniform())
    const counts = new Array<number>(100).fill(0)
    for (let seed = 1; seed < firsts.length; seed++) {
      counts[10 * Math.floor(10 * firsts[seed - 1]!) + Math.floor(10 * firsts[seed]!)]!++
    }
    expect(evenness(counts)).toBeGreaterThan(0.001)
  })

  it.each([1, 2, 3, 10, 52])('integerBelow(%d) gives every whole number below equally often', (n) => {
    const random = makeRandom(3)
    const counts = new Array<number>(n).fill(0)
    for (const value of draw(100_000, () => random.integerBelow(n))) counts[value]!++
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(100_000)
    if (n > 1) expect(evenness(counts)).toBeGreaterThan(0.001)
  })

  it('integerBelow(2^32) reaches both halves of its range', () => {
    const random = makeRandom(5)
    const values = draw(1000, () => random.integerBelow(2 ** 32))
    expect(values.every((value) => Number.isInteger(value) && value >= 0 && value < 2 ** 32)).toBe(true)
    expect(Math.max(...values)).toBeGreaterThan(0.99 * 2 ** 32)
    expect(Math.min(...values)).toBeLessThan(0.01 * 2 ** 32)
  })

  it('normal has the normal distribution', () => {
    const random = makeRandom(11)
    const values = draw(200_000, random.normal)
    expect(Math.abs(mean(values))).toBeLessThan(4 / Math.sqrt(200_000))
    expect(standardDeviation(values)).toBeCloseTo(1, 2)
    const counts = new Array<number>(100).fill(0)
    for (const value of values) counts[Math.floor(100 * normal.cdf(value, 0, 1))]!++
    expect(evenness(counts)).toBeGreaterThan(0.001)
  })

  it.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('makeRandom refuses the seed %d', (seed) => {
    expect(() => makeRandom(seed)).toThrow(`Expected \`seed\` to be a whole number from 0, got ${seed}`)
  })
})
