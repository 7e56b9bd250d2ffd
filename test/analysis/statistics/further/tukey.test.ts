import t from '@stdlib/stats-base-dists-t'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { tukey } from '../../../../src/analysis/statistics/further/tukey.js'
import { readKnownAnswersBest } from '../../known-answers-best.js'

const { tukey_sas: sas } = readKnownAnswersBest()

describe('tukey', () => {
  it('tukey gives the published intervals and p values', () => {
    const [first, second, third] = tukey(sas.groups).pairs
    expect([first, second, third].map((pair) => [pair!.a, pair!.b])).toEqual([
      [0, 1],
      [0, 2],
      [1, 2],
    ])
    const bounds = ({ estimate }: typeof first & object): number[] => [
      estimate.interval!.lower,
      estimate.value,
      estimate.interval!.upper,
    ]
    // SAS's q has 5 digits: its bounds are off by 0.00004.
    sas['1-3'].forEach((value, k) => {
      expect(bounds(second!)[k]).toBeCloseTo(value, 4)
    })
    sas['2-3'].forEach((value, k) => {
      expect(bounds(third!)[k]).toBeCloseTo(value, 4)
    })
    sas['2-1'].forEach((value, k) => {
      expect(bounds(first!)[2 - k]).toBeCloseTo(-value, 4)
    })
    expect(first!.p).toBeCloseTo(sas.p_matlab['1-2'], 9)
    expect(second!.p).toBeCloseTo(sas.p_matlab['1-3'], 9)
    expect(third!.p).toBeCloseTo(sas.p_matlab['2-3'], 9)
    expect(first!.estimate.n).toBe(10)
  })

  it('tukey of two groups of any sizes is the pooled t test', () => {
    const group = fc.array(fc.integer({ min: -50, max: 50 }), { minLength: 1, maxLength: 9 })
    fc.assert(
      fc.property(group, group, fc.double({ min: 0.01, max: 0.999, noNaN: true }), (a, b, level) => {
        fc.pre(a.length + b.length > 2)
        const { estimate, p } = tukey([a, b], { level }).pairs[0]!
        const df = a.length + b.length - 2
        const centre = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
        const squares = [a, b].flatMap((values) => values.map((value) => (value - centre(values)) ** 2))
        const meanSquare = squares.reduce((sum, square) => sum + square, 0) / df
        const error = Math.sqrt(meanSquare * (1 / a.length + 1 / b.length))
        const half = t.quantile((1 + level) / 2, df) * error
        expect(estimate.value).toBeCloseTo(centre(a) - centre(b), 10)
        expect(Math.abs(estimate.interval!.upper - estimate.value - half)).toBeLessThan(1e-10 * (1 + half))
        if (error > 0) expect(p).toBeCloseTo(2 * t.cdf(-Math.abs(estimate.value) / error, df), 12)
      }),
      { numRuns: 50 },
    )
  })

  it('tukey follows the groups when they change places, and scales with the values', () => {
    const mirrored = tukey([...sas.groups].reverse()).pairs
    const scaled = tukey(sas.groups.map((group) => group.map((value) => 10 * value + 3))).pairs
    tukey(sas.groups).pairs.forEach(({ a, b, estimate, p }, k) => {
      const turned = mirrored.find((pair) => pair.a === 2 - b && pair.b === 2 - a)!
      expect(turned.estimate.value).toBeCloseTo(-estimate.value, 10)
      expect(turned.estimate.interval!.lower).toBeCloseTo(-estimate.interval!.upper, 10)
      expect(turned.p).toBeCloseTo(p, 12)
      expect(scaled[k]!.estimate.interval!.lower).toBeCloseTo(10 * estimate.interval!.lower, 9)
      expect(scaled[k]!.p).toBeCloseTo(p, 10)
    })
  })

  it('tukey of groups that do not vary is sure', () => {
    const { pairs } = tukey([
      [1, 1],
      [1, 1],
      [2, 2],
    ])
    expect(pairs).toEqual([
      { a: 0, b: 1, estimate: { value: 0, interval: { level: 0.95, lower: 0, upper: 0 }, n: 4 }, p: 1 },
      { a: 0, b: 2, estimate: { value: -1, interval: { level: 0.95, lower: -1, upper: -1 }, n: 4 }, p: 0 },
      { a: 1, b: 2, estimate: { value: -1, interval: { level: 0.95, lower: -1, upper: -1 }, n: 4 }, p: 0 },
    ])
  })

  it('tukey refuses a single group, too few values and what is no number', () => {
    expect(() => tukey([[1, 2]])).toThrow('`groups` to hold at least 2 groups, got 1')
    expect(() => tukey([[1], [3]])).toThrow('`groups` to hold at least 3 values in 2 groups, got 2')
    expect(() => tukey([[1, 2], []])).toThrow('`groups[1]` to hold at least 1 number, got 0')
    expect(() =>
      tukey([
        [1, 2],
        [Number.NaN, 1],
      ]),
    ).toThrow('`groups[1]` to hold finite numbers only, got NaN at index 0')
    expect(() => tukey(sas.groups, { level: 95 })).toThrow('`level` to be a number between 0 and 1, got 95')
    expect(() => tukey('a' as unknown as number[][])).toThrow('`groups` to be a list of groups, got string')
  })
})
