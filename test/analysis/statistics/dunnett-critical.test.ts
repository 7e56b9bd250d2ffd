import normal from '@stdlib/stats-base-dists-normal'
import t from '@stdlib/stats-base-dists-t'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { dunnettCritical } from '../../../src/analysis/statistics/dunnett-critical.js'
import { readKnownAnswersBest } from '../known-answers-best.js'

const { mcb_insectsprays_min: sprays } = readKnownAnswersBest()
const levels = fc.double({ min: 0.01, max: 0.999, noNaN: true })
const dfs = fc.integer({ min: 1, max: 200 })

function simpson(integrand: (x: number) => number, from: number, to: number): number {
  const steps = 400
  const width = (to - from) / steps
  let sum = 0
  for (let k = 0; k <= steps; k++) sum += (k === 0 || k === steps ? 1 : k % 2 ? 4 : 2) * integrand(from + k * width)
  return (sum * width) / 3
}

describe('dunnettCritical', () => {
  it('dunnettCritical is d of the insect sprays, as far as random integration found it', () => {
    expect(Math.abs(dunnettCritical(5, 66, 0.95) - sprays.d)).toBeLessThan(1e-4)
  })

  it.each([
    [5, 66, 0.95],
    [3, 9, 0.9],
    [12, 20, 0.99],
    [2, 4, 0.5],
  ])(
    "dunnettCritical(%d, %d, %d) is exceeded as often as it should be, by Simpson's rule",
    (comparisons, df, level) => {
      const d = dunnettCritical(comparisons, df, level)
      const density = (s: number): number => s ** (df - 1) * Math.exp((df * (1 - s * s)) / 2)
      const below = (s: number): number =>
        simpson((z) => normal.pdf(z, 0, 1) * normal.cdf(Math.SQRT2 * d * s + z, 0, 1) ** comparisons, -8.5, 8.5)
      const probability = simpson((s) => density(s) * below(s), 0, 4) / simpson(density, 0, 4)
      expect(probability).toBeCloseTo(level, 9)
    },
  )

  // Dunnett 1955, Journal of the American Statistical Association 50, table 1a: one-sided, 1, 2, …
  // comparisons.
  it.each([
    [5, [2.02, 2.44, 2.68, 2.85, 2.98, 3.08, 3.16, 3.24, 3.3]],
    [10, [1.81, 2.15, 2.34, 2.47, 2.56, 2.64, 2.7, 2.76, 2.81]],
    [20, [1.72, 2.03, 2.19, 2.3, 2.39, 2.46, 2.51, 2.56, 2.6]],
  ])("dunnettCritical agrees with Dunnett's table of 95 % at %d degrees of freedom", (df, row) => {
    expect(row.map((_, index) => Math.round(100 * dunnettCritical(index + 1, df, 0.95)) / 100)).toEqual(row)
  })

  it('dunnettCritical of one comparison is the t quantile', () => {
    fc.assert(
      fc.property(dfs, levels, (df, level) => {
        const expected = t.quantile(level, df)
        expect(Math.abs(dunnettCritical(1, df, level) - expected)).toBeLessThan(1e-10 * (1 + Math.abs(expected)))
      }),
      { numRuns: 50 },
    )
  })

  it('dunnettCritical is 0 at the level that guessing the greatest of all means reaches', () => {
    expect(dunnettCritical(2, 1e9, 1 / 3)).toBeCloseTo(0, 8)
    expect(dunnettCritical(4, 7, 1 / 5)).toBeCloseTo(0, 8)
  })

  it('dunnettCritical grows with comparisons and level, up to that of Bonferroni', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20 }), dfs, levels, (comparisons, df, level) => {
        const critical = dunnettCritical(comparisons, df, level)
        expect(dunnettCritical(comparisons + 1, df, level)).toBeGreaterThan(critical)
        expect(dunnettCritical(comparisons, df, (1 + level) / 2)).toBeGreaterThan(critical)
        expect(critical).toBeLessThan(t.quantile(1 - (1 - level) / comparisons, df) + 1e-9 * (1 + Math.abs(critical)))
      }),
      { numRuns: 20 },
    )
  })

  it('dunnettCritical is at hand when it is asked for again', () => {
    const first = dunnettCritical(9, 81, 0.95)
    const start = performance.now()
    const repeated = Array.from({ length: 10_000 }, () => dunnettCritical(9, 81, 0.95))
    expect(performance.now() - start).toBeLessThan(5_000)
    expect(new Set(repeated)).toEqual(new Set([first]))
  })

  it('dunnettCritical refuses what is no count, no degrees of freedom and no level', () => {
    expect(() => dunnettCritical(0, 10, 0.95)).toThrow('`comparisons` to be a whole number from 1, got 0')
    expect(() => dunnettCritical(1.5, 10, 0.95)).toThrow('`comparisons`')
    expect(() => dunnettCritical(2, 0, 0.95)).toThrow('`df` to be a number from 1, got 0')
    expect(() => dunnettCritical(2, Number.NaN, 0.95)).toThrow('`df`')
    expect(() => dunnettCritical(2, 10, 1)).toThrow('`level` to be a number between 0 and 1, got 1')
  })
})
