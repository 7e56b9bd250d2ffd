import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Interval } from '../../../../src/analysis/statistics/estimate.js'
import {
  bcaAcceleration,
  bcaInterval,
  bootstrapIntervals,
} from '../../../../src/analysis/statistics/further/bootstrap.js'
import { median } from '../../../../src/analysis/statistics/numerics/quantile.js'
import { readKnownAnswers } from '../../known-answers.js'

const { scipy_vs_R_boot_mean16: sixteen, city_ratio: city } = readKnownAnswers().bootstrap

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length
const ratio = (pairs: readonly (readonly [number, number])[]): number => {
  let [u, x] = [0, 0]
  for (const pair of pairs) {
    u += pair[0]
    x += pair[1]
  }
  return x / u
}
const cities = city.u.map((u, k) => [u, city.x[k]!] as const)

/** Both bounds within the relative tolerance that scipy's comparison with R's boot states. */
function expectClose({ lower, upper }: Interval, [from, to]: readonly [number, number], tolerance = 0.005): void {
  expect(Math.abs(lower / from - 1)).toBeLessThan(tolerance)
  expect(Math.abs(upper / to - 1)).toBeLessThan(tolerance)
}

const sample = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 5, maxLength: 20 })
const few = { resamples: 2000 }

describe('bootstrapIntervals', () => {
  it("bootstrapIntervals of a mean are those of R's boot", () => {
    expect(mean(sixteen.x)).toBe(sixteen.computed.mean)
    const { basic, percentile, bca } = bootstrapIntervals(sixteen.x, mean, { resamples: 1_000_000 })
    expectClose(basic, sixteen.basic)
    expectClose(percentile, sixteen.percentile)
    expectClose(bca, sixteen.BCa)
  })

  it("bootstrapIntervals of a ratio resample whole pairs, as R's boot does with the cities", () => {
    expect(ratio(cities)).toBe(city.t0)
    const { normal, basic, percentile, bca } = bootstrapIntervals(cities, ratio, { resamples: 500_000 })
    expectClose(normal, city.normal)
    expectClose(basic, city.basic)
    expectClose(percentile, city.percentile)
    // The acceleration is 0.011 by regression on the resamples, as R's boot finds it; the
    // jackknife's is -0.011.
    expectClose(bca, city.BCa)
    expect(bcaAcceleration(cities, ratio)).toBeCloseTo(-0.0112, 3)
  })

  it('bootstrapIntervals repeat with their seed and differ with another', () => {
    const first = bootstrapIntervals(sixteen.x, mean, { seed: 4 })
    expect(bootstrapIntervals(sixteen.x, mean, { seed: 4 })).toEqual(first)
    expect(bootstrapIntervals(sixteen.x, mean, { seed: 5 })).not.toEqual(first)
    expect(bcaInterval(sixteen.x, mean, { seed: 4 })).toEqual(first.bca)
  })

  it('bootstrapIntervals of equal values are that value', () => {
    const { normal, basic, percentile, bca } = bootstrapIntervals([0.1, 0.1, 0.1], mean)
    for (const { lower, upper } of [normal, basic, percentile, bca]) {
      expect(lower).toBeCloseTo(0.1, 12)
      expect(upper).toBeCloseTo(0.1, 12)
    }
  })

  it('the basic interval is the percentile interval mirrored at the estimate', () => {
    const { basic, percentile } = bootstrapIntervals(sixteen.x, median, { level: 0.9 })
    expect(basic.lower + percentile.upper).toBeCloseTo(2 * median(sixteen.x), 10)
    expect(basic.upper + percentile.lower).toBeCloseTo(2 * median(sixteen.x), 10)
    expect(basic.level).toBe(0.9)
  })
})

describe('bcaInterval', () => {
  it('bcaInterval of a mean holds the mean, and widens with the level', () => {
    fc.assert(
      fc.property(sample, (values) => {
        const narrow = bcaInterval(values, mean, { ...few, level: 0.8 })
        const wide = bcaInterval(values, mean, { ...few, level: 0.9 })
        expect(narrow.lower).toBeLessThanOrEqual(mean(values) + 1e-9)
        expect(narrow.upper).toBeGreaterThanOrEqual(mean(values) - 1e-9)
        expect(wide.lower).toBeLessThanOrEqual(narrow.lower)
        expect(wide.upper).toBeGreaterThanOrEqual(narrow.upper)
      }),
      { numRuns: 50 },
    )
  })

  it('bcaInterval follows a shift and a scale of the values', () => {
    fc.assert(
      fc.property(sample, fc.integer({ min: -50, max: 50 }), (values, shift) => {
        const { lower, upper } = bcaInterval(values, mean, few)
        const moved = bcaInterval(
          values.map((value) => 4 * value + shift),
          mean,
          few,
        )
        expect(moved.lower).toBeCloseTo(4 * lower + shift, 6)
        expect(moved.upper).toBeCloseTo(4 * upper + shift, 6)
      }),
      { numRuns: 50 },
    )
  })

  it('bcaInterval mirrors with the values, up to the chance of the resamples', () => {
    const options = { resamples: 200_000 }
    const { lower, upper } = bcaInterval(sixteen.x, mean, options)
    const mirrored = bcaInterval(
      sixteen.x.map((value) => -value),
      mean,
      options,
    )
    expectClose({ level: 0.95, lower: -mirrored.upper, upper: -mirrored.lower }, [lower, upper])
  })

  it.each([
    [[], /`values` to hold at least 2 numbers, got 0/],
    [[1], /`values` to hold at least 2 numbers, got 1/],
    [[1, Number.NaN], /finite numbers only, got NaN at index 1/],
    [[1, Number.POSITIVE_INFINITY], /got Infinity at index 1/],
    ['12', /`values` to be a list of numbers, got "12"/],
  ])('bcaInterval refuses %j', (values, message) => {
    expect(() => bcaInterval(values as number[], mean)).toThrow(message)
    expect(() => bcaAcceleration(values as number[], mean)).toThrow(message)
  })

  it('bcaInterval refuses a statistic that is no finite number, of the sample or of a resample', () => {
    expect(() => bcaInterval([1, 2, 3], () => Number.NaN)).toThrow('`statistic` to be a finite number')
    const inverse = (values: readonly number[]): number => 1 / (Math.max(...values) - Math.min(...values))
    expect(() => bcaInterval([1, 2, 4], inverse)).toThrow('for every resample, got Infinity')
  })

  it('bcaInterval refuses resamples that leave nothing beyond its bounds', () => {
    expect(() => bcaInterval([1, 2], mean, { resamples: 999 })).toThrow(
      '`resamples` to be a whole number from 1000, got 999',
    )
    expect(() => bcaInterval([1, 2], mean, { level: 0.999, resamples: 1000 })).toThrow(
      'one beyond each bound at a level of 0.999, got 1000',
    )
    // The level leaves 25 resamples beyond each bound, the bound that is shifted for skewness less
    // than one.
    const skewed = [0, 0, 0, 0, 0, 0, 0, 0, 1, 100]
    expect(() => bcaInterval(skewed, mean, { level: 0.99 })).toThrow(
      'one beyond each bound at a level of 0.99, got 10000',
    )
    expect(bcaInterval(skewed, mean, { level: 0.9 }).level).toBe(0.9)
    expect(() => bcaInterval([1, 2], mean, { level: 1 })).toThrow('`level`')
    expect(() => bcaInterval([1, 2], mean, { seed: -1 })).toThrow('`seed`')
  })

  it('bcaInterval refuses a statistic whose resamples all lie on one side', () => {
    const distinct = (values: readonly number[]): number => new Set(values).size
    const many = Array.from({ length: 50 }, (_, k) => k)
    expect(() => bcaInterval(many, distinct)).toThrow('on both sides of the estimate 50, got all below it')
  })
})

describe('bcaAcceleration', () => {
  it("bcaAcceleration is the jackknife's", () => {
    expect(bcaAcceleration(sixteen.x, mean)).toBeCloseTo(sixteen.computed.a_hat, 15)
  })

  it('bcaAcceleration of a mean is a sixth of the skewness over √n, knows no shift and no scale, and turns its sign', () => {
    const deviations = sixteen.x.map((value) => value - mean(sixteen.x))
    const power = (k: number): number => deviations.reduce((sum, value) => sum + value ** k, 0)
    expect(bcaAcceleration(sixteen.x, mean)).toBeCloseTo(power(3) / (6 * power(2) ** 1.5), 14)
    const turned = sixteen.x.map((value) => 7 - 3 * value)
    expect(bcaAcceleration(turned, mean)).toBeCloseTo(-sixteen.computed.a_hat, 14)
  })

  it('bcaAcceleration is 0 for equal values and symmetric ones, and at most a sixth', () => {
    expect(bcaAcceleration([0.1, 0.1, 0.1], mean)).toBe(0)
    expect(bcaAcceleration([-2, -1, 1, 2], mean)).toBeCloseTo(0, 15)
    expect(bcaAcceleration([...new Array<number>(999).fill(0), 1], mean)).toBeCloseTo(1 / 6, 2)
  })
})
