import normal from '@stdlib/stats-base-dists-normal'
import fc from 'fast-check'
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64'
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus'
import { describe, expect, it } from 'vitest'
import {
  crossingProbabilities,
  sequentialBounds,
  sequentialLevels,
} from '../../../src/analysis/statistics/group-sequential.js'
import { readKnownAnswersBest } from '../known-answers-best.js'

const { group_sequential: known } = readKnownAnswersBest()
const bounds = fc.constantFrom('pocock' as const, 'obrien-fleming' as const)

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}

describe('sequentialBounds', () => {
  it.each([2, 3, 5] as const)('sequentialBounds gives the known constants of %d looks', (looks) => {
    const pocock = sequentialBounds({ looks, bound: 'pocock' })
    const obrienFleming = sequentialBounds({ looks, bound: 'obrien-fleming' })
    expect(pocock).toHaveLength(looks)
    pocock.forEach((bound, k) => {
      // The case was found by random integration: its fifth decimal may be off by one.
      expect(Math.abs(bound - known.pocock[looks])).toBeLessThan(1e-5)
      expect(Math.abs(obrienFleming[k]! / Math.sqrt(looks / (k + 1)) - known.obrien_fleming_C[looks])).toBeLessThan(
        1e-5,
      )
    })
  })

  // Jennison & Turnbull 1999, tables 2.1 and 2.3: C_P and C_B, to three decimals.
  it.each([
    [0.95, 10, 2.555, 2.087],
    [0.95, 20, 2.672, 2.126],
    [0.9, 5, 2.122, 1.751],
  ])(
    'sequentialBounds agrees with the published tables at a level of %d and %d looks',
    (level, looks, pocock, last) => {
      expect(sequentialBounds({ looks, bound: 'pocock', level })[0]).toBeCloseTo(pocock, 3)
      expect(sequentialBounds({ looks, bound: 'obrien-fleming', level }).at(-1)).toBeCloseTo(last, 3)
    },
  )

  it('sequentialBounds of a single look is the normal quantile', () => {
    for (const level of [0.1, 0.5, 0.95, 0.999]) {
      for (const bound of ['pocock', 'obrien-fleming'] as const) {
        expect(sequentialBounds({ looks: 1, bound, level })[0]).toBeCloseTo(normal.quantile((1 + level) / 2, 0, 1), 10)
      }
    }
  })

  it('sequentialBounds are crossed with the probability asked for', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 8 }),
        bounds,
        fc.double({ min: 0.5, max: 0.999, noNaN: true }),
        (looks, bound, level) => {
          expect(sum(crossingProbabilities(sequentialBounds({ looks, bound, level })))).toBeCloseTo(1 - level, 10)
        },
      ),
      { numRuns: 20 },
    )
  })

  it('sequentialBounds refuses looks beyond 1 to 20, other bounds and other levels', () => {
    for (const looks of [0, 21, 2.5, Number.NaN]) {
      expect(() => sequentialBounds({ looks, bound: 'pocock' })).toThrow(
        `Expected \`looks\` to be a whole number from 1 to 20, got ${looks}`,
      )
    }
    expect(() => sequentialBounds({ looks: 3, bound: 'haybittle' as 'pocock' })).toThrow(
      '`bound` to be one of pocock, obrien-fleming, got "haybittle"',
    )
    expect(() => sequentialBounds({ looks: 3, bound: 'pocock', level: 1 })).toThrow('`level`')
  })
})

describe('sequentialLevels', () => {
  it('sequentialLevels is the level of each look by itself', () => {
    const levels = sequentialLevels({ looks: 3, bound: 'obrien-fleming' })
    // 1 − 2 Φ(−C √(3/k)) with C = 2.00404
    expect(levels[0]).toBeCloseTo(0.99948, 5)
    expect(levels[1]).toBeCloseTo(0.98589, 5)
    expect(levels[2]).toBeCloseTo(0.95493, 5)
    expect(sequentialLevels({ looks: 1, bound: 'pocock', level: 0.9 })[0]).toBeCloseTo(0.9, 10)
    expect(new Set(sequentialLevels({ looks: 4, bound: 'pocock' })).size).toBe(1)
  })
})

describe('crossingProbabilities', () => {
  it('crossingProbabilities of a single look is the tails of the normal distribution', () => {
    expect(crossingProbabilities([2])[0]).toBeCloseTo(2 * normal.cdf(-2, 0, 1), 14)
    expect(crossingProbabilities([2], 1.5)[0]).toBeCloseTo(normal.cdf(-0.5, 0, 1) + normal.cdf(-3.5, 0, 1), 14)
  })

  it('crossingProbabilities agrees with a simulation', () => {
    const generator = xoroshiro128plus(20250101)
    const step = (): number => normal.quantile(uniformFloat64(generator) || 0.5, 0, 1)
    const paths = 100_000
    const limits = [2.6, 1.9, 2.2, 2]
    const drift = 1.1
    const counts = limits.map(() => 0)
    for (let path = 0; path < paths; path++) {
      let score = 0
      for (let k = 0; k < limits.length; k++) {
        score += step() + drift / Math.sqrt(limits.length)
        if (Math.abs(score) / Math.sqrt(k + 1) < limits[k]!) continue
        counts[k]!++
        break
      }
    }
    crossingProbabilities(limits, drift).forEach((p, k) => {
      expect(Math.abs(counts[k]! / paths - p)).toBeLessThan(4 * Math.sqrt((p * (1 - p)) / paths))
    })
  })

  it('crossingProbabilities of a look that stops always leave nothing over, and of one that never does change nothing', () => {
    expect(crossingProbabilities([2, 0, 1])[1]).toBeCloseTo(1 - crossingProbabilities([2])[0]!, 12)
    expect(crossingProbabilities([2, 0, 1])[2]).toBe(0)
    const late = crossingProbabilities([40, 40, 2], 2.5)
    expect(late[0]).toBeCloseTo(0, 14)
    expect(late[2]).toBeCloseTo(crossingProbabilities([2], 2.5)[0]!, 11)
    const many = crossingProbabilities([...new Array<number>(19).fill(40), 2], 1)
    expect(many[19]).toBeCloseTo(crossingProbabilities([2], 1)[0]!, 11)
  })

  it('crossingProbabilities of a drift do not depend on its sign, and reach everything as it grows', () => {
    const limits = sequentialBounds({ looks: 4, bound: 'pocock' })
    const up = crossingProbabilities(limits, 1.7)
    crossingProbabilities(limits, -1.7).forEach((p, k) => {
      expect(p).toBeCloseTo(up[k]!, 13)
    })
    expect(sum(up)).toBeLessThan(sum(crossingProbabilities(limits, 2.7)))
    expect(sum(crossingProbabilities(limits, 100))).toBeCloseTo(1, 12)
  })

  it('crossingProbabilities gives the power of the published designs', () => {
    // Jennison & Turnbull 1999, tables 2.2 and 2.4: the largest sample is 1.207 and 1.026 times the
    // fixed one, for a power of 0.9 with 5 looks.
    const fixed = normal.quantile(0.975, 0, 1) + normal.quantile(0.9, 0, 1)
    const power = (bound: 'pocock' | 'obrien-fleming', inflation: number): number =>
      sum(crossingProbabilities(sequentialBounds({ looks: 5, bound }), fixed * Math.sqrt(inflation)))
    expect(power('pocock', 1.207)).toBeCloseTo(0.9, 3)
    expect(power('obrien-fleming', 1.026)).toBeCloseTo(0.9, 3)
  })

  it('crossingProbabilities refuses bounds below 0 and a drift that is no number', () => {
    expect(() => crossingProbabilities([])).toThrow('`bounds` to hold at least 1 number, got 0')
    expect(() => crossingProbabilities([2, -1])).toThrow('`bounds` to hold numbers from 0 only, got -1 at index 1')
    expect(() => crossingProbabilities([2], Number.NaN)).toThrow('`drift` to be a finite number, got NaN')
  })
})
