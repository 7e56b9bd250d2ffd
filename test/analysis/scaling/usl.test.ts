import { describe, expect, it } from 'vitest'
import type { ScalingObservations } from '../../../src/analysis/scaling/scaling-observations.js'
import type { ConvergedUsl } from '../../../src/analysis/scaling/usl.js'
import { fitUsl } from '../../../src/analysis/scaling/usl.js'
import { uslBand } from '../../../src/analysis/scaling/usl-band.js'
import {
  type UslParameters,
  type UslShape,
  uslGradient,
  uslThroughput,
} from '../../../src/analysis/scaling/usl-curve.js'
import type { Interval } from '../../../src/analysis/statistics/estimate.js'
import { digits, readKnownAnswers } from './known-answers.js'
import { makeNoise } from './noise.js'

const { usl, raytracer } = readKnownAnswers()
const { published, computed, high_precision: exact, ...specsdm91 } = usl.specsdm91
const specs = { workers: specsdm91.load, throughput: specsdm91.throughput }

function fitted(observations: ScalingObservations, options?: { readonly level: number }): ConvergedUsl {
  const fit = fitUsl(observations, options)
  if (fit.status !== 'converged') throw new Error(fit.reason)
  return fit
}

function expectInterval({ lower, upper }: Interval, known: readonly [number, number], atLeast: number): void {
  expect(digits(lower, known[0])).toBeGreaterThan(atLeast)
  expect(digits(upper, known[1])).toBeGreaterThan(atLeast)
}

/** Observations of a known law, with errors of equal size at every number of workers. */
function observed(law: UslParameters, workers: readonly number[], error: () => number): ScalingObservations {
  return { workers, throughput: workers.map((count) => uslThroughput(law, count) + error()) }
}

/** The residual sum of squares of a shape with the gamma that linear regression gives it. */
function leastSquares({ workers, throughput }: ScalingObservations, shape: UslShape): number {
  const shares = workers.map((count) => uslThroughput({ ...shape, gamma: 1 }, count))
  const gamma = sum(shares.map((share, k) => share * throughput[k]!)) / sum(shares.map((share) => share ** 2))
  return sum(shares.map((share, k) => (throughput[k]! - gamma * share) ** 2))
}

describe('uslThroughput', () => {
  it('uslThroughput of one worker is gamma, and without contention and coherency that many times it', () => {
    expect(uslThroughput({ alpha: 0.3, beta: 0.01, gamma: 70 }, 1)).toBe(70)
    expect(uslThroughput({ alpha: 0, beta: 0, gamma: 70 }, 5)).toBe(350)
    // 10 · 4 / (1 + 0.1 · 3 + 0.05 · 4 · 3)
    expect(uslThroughput({ alpha: 0.1, beta: 0.05, gamma: 10 }, 4)).toBeCloseTo(40 / 1.9, 12)
  })

  it('uslGradient is the derivative by each parameter', () => {
    const law = { alpha: 0.1, beta: 0.05, gamma: 10 }
    const gradient = uslGradient(law, 4)
    for (const [k, name] of (['alpha', 'beta', 'gamma'] as const).entries()) {
      const at = (more: number): number => uslThroughput({ ...law, [name]: law[name] + more }, 4)
      expect(digits((at(1e-6) - at(-1e-6)) / 2e-6, gradient[k]!)).toBeGreaterThan(7)
    }
  })

  it('uslThroughput refuses a number of workers that is not above 0', () => {
    expect(() => uslThroughput({ alpha: 0, beta: 0, gamma: 1 }, 0)).toThrow('`workers` to be a number above 0')
    expect(() => uslThroughput({ alpha: 0, beta: 0, gamma: 1 }, Number.NaN)).toThrow(RangeError)
  })
})

describe('fitUsl', () => {
  it('fitUsl gives what R usl publishes of specsdm91', () => {
    const fit = fitted(specs)
    expect(fit.alpha.value).toBeCloseTo(published.alpha as number, 7)
    expect(fit.beta.value).toBeCloseTo(published.beta as number, 7)
    expect(fit.gamma.value).toBeCloseTo(published.gamma as number, 6)
    expect(fit.alpha.standardError).toBeCloseTo(published.se_alpha as number, 7)
    expect(fit.beta.standardError).toBeCloseTo(published.se_beta as number, 7)
    expect(fit.gamma.standardError).toBeCloseTo(published.se_gamma as number, 7)
    expect(fit.residualStandardError).toBeCloseTo(published.rse as number, 1)
    expect(fit.degreesOfFreedom).toBe(published.df)
    expect(fit.peak!.workers.value).toBeCloseTo(published.peak_load as number, 5)
    expect(fit.peak!.throughput.value).toBeCloseTo(published.peak_thr as number, 0)
    expect(fit.limit).toBeCloseTo(published.limit as number, 3)
    expect(fit.limit! / fit.gamma.value).toBeCloseTo(published.opt_load as number, 5)
    expect(fit.fitted.map(Math.round)).toEqual(published.fitted)
    expect(fit.residuals.map((residual) => Math.round(residual * 100) / 100)).toEqual(published.residuals)
    const efficiency = specs.throughput.map((value, k) => value / (fit.gamma.value * specs.workers[k]!))
    for (const [k, share] of published.efficiency.entries()) expect(efficiency[k]).toBeCloseTo(share, 4)
  })

  it('fitUsl gives the computed estimates and intervals of specsdm91, as far as those are exact', () => {
    const fit = fitted(specs)
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      expect(digits(fit[name].value, computed[name])).toBeGreaterThan(6.5)
      expectInterval(fit[name].interval!, computed.ci95_t4[name], 6)
    }
    expect(digits(fit.residualSumOfSquares, computed.rss)).toBeGreaterThan(11)
    expect(digits(fit.residualStandardError, computed.rse)).toBeGreaterThan(11)
    expect(digits(fit.peak!.workers.value, computed.peak)).toBeGreaterThan(7)
    expectInterval(fit.peak!.workers.interval!, computed.ci95_peak_profile_F, 6)
    expectInterval(fit.peak!.workersDelta, computed.ci95_peak_delta_t4, 7)
  })

  it('fitUsl agrees with high-precision arithmetic in all it says of specsdm91', () => {
    const fit = fitted(specs)
    for (const [k, name] of (['alpha', 'beta', 'gamma'] as const).entries()) {
      expect(digits(fit[name].value, exact[name])).toBeGreaterThan(9)
      expect(digits(fit[name].standardError!, exact.standard_errors[k]!)).toBeGreaterThan(9)
      expectInterval(fit[name].interval!, exact[`ci95_${name}`], 9)
      expect(fit[name]).toMatchObject({ n: 7, interval: { level: 0.95 } })
    }
    expect(digits(fit.residualSumOfSquares, exact.rss)).toBeGreaterThan(12)
    expect(digits(fit.residualStandardError, exact.rse)).toBeGreaterThan(12)
    const { workers, workersDelta, throughput } = fit.peak!
    expect(digits(workers.value, exact.peak)).toBeGreaterThan(9)
    expectInterval(workers.interval!, exact.ci95_peak_profile, 9)
    expectInterval(workersDelta, exact.ci95_peak_delta, 9)
    // t(0.975, 4) = 2.776445105
    expect(digits((workersDelta.upper - workersDelta.lower) / 2 / 2.776445105, exact.se_peak_delta)).toBeGreaterThan(8)
    expect(digits(throughput.value, exact.peak_throughput)).toBeGreaterThan(10)
    expectInterval(throughput.interval!, exact.ci95_peak_throughput_delta, 9)
  })

  it('fitUsl gives the published and the computed values of the synthetic data', () => {
    const fit = fitted({ workers: usl.synthetic.load, throughput: usl.synthetic.tput })
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      expect(fit[name].value).toBeCloseTo(usl.synthetic.published[name], 4)
      expect(digits(fit[name].value, usl.synthetic.high_precision[name])).toBeGreaterThan(9)
    }
    expect(digits(fit.residualSumOfSquares, usl.synthetic.high_precision.rss)).toBeGreaterThan(6)
    expect(digits(fit.peak!.workers.value, usl.synthetic.computed.peak)).toBeGreaterThan(9)
    expect(digits(fit.peak!.workers.value, usl.synthetic.high_precision.peak)).toBeGreaterThan(9)
  })

  it('fitUsl refits the reduced law where a bound is active: clamping raytracer would leave a larger residual sum', () => {
    const fit = fitted({ workers: raytracer.processors, throughput: raytracer.throughput })
    expect(fit.beta).toMatchObject({ value: 0, standardError: null, n: 11, interval: { level: 0.95, lower: 0 } })
    expect(fit.peak).toBeNull()
    expect(fit.degreesOfFreedom).toBe(9)
    // Both residual sums were computed, not published.
    expect(Math.round(fit.residualSumOfSquares)).toBe(raytracer.computed.rss_refitted)
    expect(fit.residualSumOfSquares).toBeLessThan(raytracer.computed.rss_clamped)
    expect(fit.limit).toBeCloseTo(fit.gamma.value / fit.alpha.value, 10)
  })

  it('fitUsl bounds beta from above by the F test: at the upper end the best other law is only just not rejected', () => {
    const observations = { workers: raytracer.processors, throughput: raytracer.throughput }
    const fit = fitted(observations)
    const { upper } = fit.beta.interval!
    expect(upper).toBeGreaterThan(0)
    // The lowest residual sum with beta at the upper end, by a search over alpha.
    let least = Number.POSITIVE_INFINITY
    for (let alpha = 0; alpha < 0.1; alpha += 1e-5) {
      least = Math.min(least, leastSquares(observations, { alpha, beta: upper }))
    }
    // F(0.95; 1, 9) = 5.117355
    expect((least - fit.residualSumOfSquares) / fit.residualStandardError ** 2).toBeCloseTo(5.117355, 3)
  })

  it('fitUsl of work that scales without loss is a straight line, with neither peak nor limit', () => {
    const fit = fitted({ workers: [1, 2, 3, 4, 5], throughput: [10, 20.1, 30.3, 40.6, 51] })
    expect(fit).toMatchObject({ alpha: { value: 0 }, beta: { value: 0 }, peak: null, limit: null, degreesOfFreedom: 4 })
    expect(fit.alpha.interval!.upper).toBeLessThan(0.01)
    expect(fit.gamma.value).toBeCloseTo((10 + 2 * 20.1 + 3 * 30.3 + 4 * 40.6 + 5 * 51) / (1 + 4 + 9 + 16 + 25), 10)
  })

  it('fitUsl drops contention where the observations ask for less than none, and keeps coherency', () => {
    const errors = [-1, 1, 3, -2, 2, -1]
    const observations = observed({ alpha: -0.01, beta: 0.004, gamma: 50 }, [1, 2, 4, 8, 16, 32], () => errors.shift()!)
    const fit = fitted(observations)
    expect(fit).toMatchObject({ alpha: { value: 0, standardError: null }, limit: null, degreesOfFreedom: 4 })
    expect(fit.covariance[0]).toEqual([0, 0, 0])
    expect(fit.alpha.interval).toMatchObject({ level: 0.95, lower: 0 })
    expect(fit.alpha.interval!.upper).toBeGreaterThan(0)
    expect(fit.peak!.workers.value).toBeCloseTo(Math.sqrt(1 / fit.beta.value), 10)
    for (const beta of [0.999 * fit.beta.value, 1.001 * fit.beta.value]) {
      expect(leastSquares(observations, { alpha: 0, beta })).toBeGreaterThan(fit.residualSumOfSquares)
    }
    expect(leastSquares(observations, { alpha: 1e-4, beta: fit.beta.value })).toBeGreaterThan(fit.residualSumOfSquares)
  })

  it('fitUsl finds a law again from data without error', () => {
    const law = { alpha: 0.03, beta: 0.0007, gamma: 123_456 }
    const fit = fitted(observed(law, [1, 2, 4, 8, 16, 32, 64], () => 0))
    for (const name of ['alpha', 'beta', 'gamma'] as const) {
      expect(digits(fit[name].value, law[name])).toBeGreaterThan(9)
      expect(digits(fit[name].interval!.upper, law[name])).toBeGreaterThan(8)
    }
    expect(digits(fit.peak!.workers.interval!.lower, Math.sqrt(0.97 / 0.0007))).toBeGreaterThan(5)
    expect(digits(fit.peak!.workers.interval!.upper, Math.sqrt(0.97 / 0.0007))).toBeGreaterThan(5)
  })

  it('fitUsl depends neither on the order of the observations nor on the unit of throughput', () => {
    const order = [4, 0, 6, 2, 5, 1, 3]
    const shuffled = fitted({
      workers: order.map((k) => specs.workers[k]!),
      throughput: order.map((k) => specs.throughput[k]! * 1e6),
    })
    const plain = fitted(specs)
    expect(digits(shuffled.alpha.value, plain.alpha.value)).toBeGreaterThan(9)
    expect(digits(shuffled.beta.interval!.upper, plain.beta.interval!.upper)).toBeGreaterThan(8)
    expect(digits(shuffled.gamma.value, plain.gamma.value * 1e6)).toBeGreaterThan(9)
    expect(digits(shuffled.peak!.workers.interval!.upper, plain.peak!.workers.interval!.upper)).toBeGreaterThan(7)
    for (const [place, k] of order.entries()) {
      expect(digits(shuffled.residuals[place]!, plain.residuals[k]! * 1e6)).toBeGreaterThan(6)
    }
  })

  it('fitUsl gives wider intervals at higher levels', () => {
    const [low, high] = [0.8, 0.99].map((level) => fitted(specs, { level }))
    for (const interval of [
      (fit: ConvergedUsl) => fit.beta.interval!,
      (fit: ConvergedUsl) => fit.peak!.workers.interval!,
    ]) {
      expect(interval(high!).lower).toBeLessThan(interval(low!).lower)
      expect(interval(high!).upper).toBeGreaterThan(interval(low!).upper)
      expect(interval(high!).level).toBe(0.99)
    }
  })

  it('fitUsl of observations that stand for fewer gives the same law and wider intervals', () => {
    const twice = {
      workers: [...specs.workers, ...specs.workers],
      throughput: [...specs.throughput, ...specs.throughput],
    }
    const [once, again] = [fitted(specs), fitted({ ...twice, spentDegrees: specs.workers.length })]
    for (const term of ['alpha', 'beta', 'gamma'] as const) {
      expect(digits(again[term].value, once[term].value)).toBeGreaterThan(8)
      expect(digits(again[term].standardError!, once[term].standardError!)).toBeGreaterThan(8)
    }
    expect(again.degreesOfFreedom).toBe(once.degreesOfFreedom)
    expect(again.residualSumOfSquares / once.residualSumOfSquares).toBeCloseTo(2, 10)
  })

  it('fitUsl says in words what is missing for a fit', () => {
    expect(fitUsl({ workers: [1, 1, 2, 2], throughput: [1, 1.1, 1.9, 2] })).toEqual({
      status: 'not-converged',
      reason: 'The law needs 3 different numbers of workers, got 2.',
    })
    expect(fitUsl({ workers: [1, 2, 3], throughput: [1, 1.9, 2.5] })).toEqual({
      status: 'not-converged',
      reason: 'The law needs 4 observations, got 3.',
    })
    // The fewer workers the more throughput, and none measured alone: α and β grow without end.
    expect(fitUsl({ workers: [4, 4, 8, 16], throughput: [126, 126, 44, 30] })).toEqual({
      status: 'not-converged',
      reason: 'The residual sum of squares is lowest at no finite contention and coherency that the search came to.',
    })
  })

  it('fitUsl refuses what is no observation', () => {
    expect(() => fitUsl({ workers: [1, 2], throughput: [1] })).toThrow(/one value per observation each, got 2 and 1/)
    expect(() => fitUsl({ workers: [1, 0, 2, 3], throughput: [1, 1, 1, 1] })).toThrow(/`workers` .* got 0 at index 1/)
    expect(() => fitUsl({ workers: [1, 2, 3, 4], throughput: [1, 2, -3, 4] })).toThrow(/`throughput` .* got -3/)
    expect(() => fitUsl({ workers: [1, 2, 3, 4], throughput: [1, 2, Number.NaN, 4] })).toThrow(/got NaN at index 2/)
    expect(() => fitUsl(specs, { level: 95 })).toThrow('`level` to be a number between 0 and 1, got 95')
  })
})

describe('uslBand', () => {
  it('uslBand at the peak is the interval of its throughput, and at one worker that of gamma', () => {
    const fit = fitted(specs)
    const [atOne, atPeak] = uslBand(fit, [1, fit.peak!.workers.value])
    expect(atOne!.lower).toBeCloseTo(fit.gamma.interval!.lower, 10)
    expect(atOne!.upper).toBeCloseTo(fit.gamma.interval!.upper, 10)
    expect(atPeak).toEqual(fit.peak!.throughput.interval)
    expect(uslBand(fit, [], { level: 0.9 })).toEqual([])
  })

  it('uslBand follows the covariance of the parameters: it is no band of each alone', () => {
    const fit = fitted(specs)
    const at = 36
    const gradient = uslGradient({ alpha: fit.alpha.value, beta: fit.beta.value, gamma: fit.gamma.value }, at)
    const variance = sum(gradient.flatMap((a, i) => gradient.map((b, k) => a * b * fit.covariance[i]![k]!)))
    const [{ lower, upper, level }] = uslBand(fit, [at], { level: 0.9 }) as [Interval]
    // t(0.95, 4) = 2.131846786
    expect(digits((upper - lower) / 2, 2.131846786 * Math.sqrt(variance))).toBeGreaterThan(8)
    expect(level).toBe(0.9)
  })

  it('uslBand refuses numbers of workers that are not above 0', () => {
    expect(() => uslBand(fitted(specs), [4, 0])).toThrow('`at` to hold numbers above 0 only, got 0 at index 1')
    expect(() => uslBand(fitted(specs), [4], { level: 1 })).toThrow(/`level`/)
  })
})

describe('fitUsl on simulated data', () => {
  const workers = [1, 2, 4, 8, 12, 16, 24, 32].flatMap((count) => [count, count])

  it('fitUsl covers the truth at the nominal rate, and never answers with where it started', () => {
    const law = { alpha: 0.05, beta: 0.002, gamma: 100 }
    const truth = { ...law, peak: Math.sqrt((1 - law.alpha) / law.beta) }
    const noise = makeNoise(20260101)
    const spread = 0.05 * (sum(workers.map((count) => uslThroughput(law, count))) / workers.length)
    const covered = { alpha: 0, beta: 0, gamma: 0, peak: 0 }
    const answers = new Set<number>()
    const fits = 400
    for (let fit = 0; fit < fits; fit++) {
      const { alpha, beta, gamma, peak } = fitted(observed(law, workers, () => noise(spread)))
      if (contains(alpha.interval!, truth.alpha)) covered.alpha++
      if (contains(beta.interval!, truth.beta)) covered.beta++
      if (contains(gamma.interval!, truth.gamma)) covered.gamma++
      if (contains(peak!.workers.interval!, truth.peak)) covered.peak++
      answers.add(gamma.value)
    }
    expect(answers.size).toBe(fits)
    // 95 % within three Monte Carlo standard errors of 400 fits.
    for (const count of Object.values(covered)) {
      expect(count / fits).toBeGreaterThan(0.917)
      expect(count / fits).toBeLessThan(0.983)
    }
  })

  it('fitUsl tells of no peak, or of one that may be at infinity, where throughput only rises', () => {
    const noise = makeNoise(7)
    const law = { alpha: 0.05, beta: 0, gamma: 100 }
    const open = Array.from({ length: 100 }, () => fitted(observed(law, workers, () => noise(5)))).filter(
      ({ peak }) => peak === null || peak.workers.interval!.upper === Number.POSITIVE_INFINITY,
    )
    expect(open.length).toBeGreaterThan(88)
  })

  it('fitUsl gives a plateau no sharp peak', () => {
    const noise = makeNoise(11)
    for (let times = 0; times < 20; times++) {
      const counts = [8, 12, 16, 24, 32].flatMap((count) => [count, count, count])
      const fit = fitted({ workers: counts, throughput: counts.map(() => 900 + noise(20)) })
      if (fit.peak === null) continue
      const { lower, upper } = fit.peak.workers.interval!
      expect(lower).toBeLessThan(8)
      expect(upper).toBeGreaterThan(32)
    }
  })
})

function contains({ lower, upper }: Interval, value: number): boolean {
  return lower <= value && value <= upper
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
