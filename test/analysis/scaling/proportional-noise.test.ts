import t from '@stdlib/stats-base-dists-t'
import { inverse, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { lackOfFit } from '../../../src/analysis/scaling/lack-of-fit.js'
import { noiseScale } from '../../../src/analysis/scaling/noise-scale.js'
import { compareScalingModels } from '../../../src/analysis/scaling/scaling-models.js'
import type { ScalingObservations } from '../../../src/analysis/scaling/scaling-observations.js'
import type { ConvergedUsl } from '../../../src/analysis/scaling/usl.js'
import { fitUsl } from '../../../src/analysis/scaling/usl.js'
import { uslBand } from '../../../src/analysis/scaling/usl-band.js'
import { type UslParameters, uslThroughput } from '../../../src/analysis/scaling/usl-curve.js'
import type { Interval } from '../../../src/analysis/statistics/estimate.js'
import { digits } from './known-answers.js'
import { makeNoise } from './noise.js'

const law: UslParameters = { alpha: 0.2, beta: 0.1, gamma: 6000 }
const workers = [1, 2, 3, 4, 6, 8].flatMap((count) => [count, count, count])

/** Observations of a law that stray from it by shares of one size. */
function observed(truth: UslParameters, share: number, seed = 1): ScalingObservations {
  const noise = makeNoise(seed)
  return {
    workers,
    throughput: workers.map((count) => uslThroughput(truth, count) * Math.exp(noise(share))),
    noise: 'proportional',
  }
}

function fitted(observations: ScalingObservations): ConvergedUsl {
  const fit = fitUsl(observations)
  if (fit.status !== 'converged') throw new Error(fit.reason)
  return fit
}

/**
 * ln X = ln γ + ln N − ln S by Gauss and Newton, from the truth on, with ln γ as the third
 * parameter.
 */
function fittedLogarithms({ throughput }: ScalingObservations, { alpha, beta, gamma }: UslParameters) {
  let free = Matrix.columnVector([alpha, beta, Math.log(gamma)])
  const at = (parameters: Matrix) => {
    const [a, b, logGamma] = parameters.to1DArray() as [number, number, number]
    const slowdowns = workers.map((count) => 1 + a * (count - 1) + b * count * (count - 1))
    const residuals = workers.map((count, k) => Math.log((throughput[k]! * slowdowns[k]!) / count) - logGamma)
    const jacobian = new Matrix(
      workers.map((count, k) => [-(count - 1) / slowdowns[k]!, (-count * (count - 1)) / slowdowns[k]!, 1]),
    )
    return { residuals, jacobian, inverted: inverse(jacobian.transpose().mmul(jacobian)) }
  }
  for (let step = 0; step < 50; step++) {
    const { residuals, jacobian, inverted } = at(free)
    free = free.add(inverted.mmul(jacobian.transpose()).mmul(Matrix.columnVector(residuals)))
  }
  const { residuals, inverted } = at(free)
  const sumOfSquares = residuals.reduce((sum, residual) => sum + residual ** 2, 0)
  const s = Math.sqrt(sumOfSquares / (workers.length - 3))
  const errors = inverted.diagonal().map((one) => s * Math.sqrt(one))
  return { values: free.to1DArray(), errors, sumOfSquares, s, covariance: inverted.mul(s * s) }
}

const t15 = t.quantile(0.975, 15)

describe('fitUsl with proportional noise', () => {
  const observations = observed(law, 0.05)
  const fit = fitted(observations)
  const known = fittedLogarithms(observations, law)

  it('fitUsl is the least-squares fit of the logarithms', () => {
    const [alpha, beta, logGamma] = known.values as [number, number, number]
    expect(digits(fit.alpha.value, alpha)).toBeGreaterThan(8)
    expect(digits(fit.beta.value, beta)).toBeGreaterThan(8)
    expect(digits(fit.gamma.value, Math.exp(logGamma))).toBeGreaterThan(8)
    expect(digits(fit.residualSumOfSquares, known.sumOfSquares)).toBeGreaterThan(10)
    expect(digits(fit.residualStandardError, known.s)).toBeGreaterThan(10)
    expect(fit.degreesOfFreedom).toBe(15)
    for (const [k, residual] of fit.residuals.entries()) {
      expect(residual).toBeCloseTo(Math.log(observations.throughput[k]! / fit.fitted[k]!), 12)
    }
  })

  it('fitUsl gives the standard errors of α and β, and the interval of γ from that of ln γ', () => {
    const [byAlpha, byBeta, byLogGamma] = known.errors as [number, number, number]
    expect(digits(fit.alpha.standardError!, byAlpha)).toBeGreaterThan(7)
    expect(digits(fit.beta.standardError!, byBeta)).toBeGreaterThan(7)
    expect(digits(fit.gamma.standardError! / fit.gamma.value, byLogGamma)).toBeGreaterThan(7)
    expect(digits(fit.beta.interval!.upper, fit.beta.value + t15 * byBeta)).toBeGreaterThan(7)
    expect(digits(fit.gamma.interval!.lower, fit.gamma.value * Math.exp(-t15 * byLogGamma))).toBeGreaterThan(7)
    expect(digits(fit.gamma.interval!.upper, fit.gamma.value * Math.exp(t15 * byLogGamma))).toBeGreaterThan(7)
  })

  it('fitUsl bounds the peak by the residual sum of the logarithms', () => {
    const { upper } = fit.peak!.workers.interval!
    const sumAt = (alpha: number): number => {
      const shape = { alpha, beta: (1 - alpha) / upper ** 2, gamma: 1 }
      const logs = workers.map((count, k) => Math.log(observations.throughput[k]! / uslThroughput(shape, count)))
      const centre = logs.reduce((sum, one) => sum + one, 0) / logs.length
      return logs.reduce((sum, one) => sum + (one - centre) ** 2, 0)
    }
    const least = Math.min(...Array.from({ length: 10_001 }, (_, k) => sumAt(k / 10_000)))
    expect((least - known.sumOfSquares) / known.s ** 2).toBeCloseTo(t15 ** 2, 3)
  })

  it('uslBand and the throughput of the peak are positive intervals, as far above the curve as below it by ratio', () => {
    const { workers: peak, throughput } = fit.peak!
    const [atOne, atPeak] = uslBand(fit, [1, peak.value])
    expect(atOne).toEqual(fit.gamma.interval)
    expect(atPeak).toEqual(throughput.interval)
    expect(digits(throughput.interval!.lower * throughput.interval!.upper, throughput.value ** 2)).toBeGreaterThan(10)
    const wild = fitted(observed(law, 1.5, 3))
    for (const { lower } of uslBand(wild, [1, 2, 4, 8, 16])) expect(lower).toBeGreaterThan(0)
  })

  it('uslBand of fits without a spread of the logarithms is the curve', () => {
    const exact = fitted(observed(law, 0))
    for (const [k, name] of (['alpha', 'beta', 'gamma'] as const).entries()) {
      expect(digits(exact[name].value, law[name])).toBeGreaterThan(9)
      expect(exact.covariance[k]![k]).toBeLessThan(1e-15 * law.gamma ** 2)
    }
    expect(digits(exact.peak!.workers.value, Math.sqrt(8))).toBeGreaterThan(9)
    const [{ lower, upper }] = uslBand(exact, [3]) as [Interval]
    expect(digits(lower, uslThroughput(law, 3))).toBeGreaterThan(9)
    expect(digits(upper, uslThroughput(law, 3))).toBeGreaterThan(9)
  })

  it('fitUsl is the same law in any unit of throughput', () => {
    const other = fitted({ ...observations, throughput: observations.throughput.map((value) => value / 1e4) })
    expect(digits(other.alpha.value, fit.alpha.value)).toBeGreaterThan(8)
    expect(digits(other.gamma.value * 1e4, fit.gamma.value)).toBeGreaterThan(8)
    expect(digits(other.residualStandardError, fit.residualStandardError)).toBeGreaterThan(9)
  })

  it('fitUsl drops a term where the logarithms ask for less than none, and bounds it', () => {
    const rising = fitted(observed({ ...law, beta: 0 }, 0.05, 4))
    expect(rising.beta).toMatchObject({ value: 0, standardError: null, interval: { lower: 0 } })
    expect(rising.beta.interval!.upper).toBeGreaterThan(0)
    expect(rising.peak).toBeNull()
  })

  it('fitUsl takes amounts, not shares, for the noise by default', () => {
    const { noise: _, ...plain } = observations
    expect(fitUsl(plain)).toEqual(fitUsl({ ...plain, noise: 'constant' }))
    expect(fitted(plain).gamma.value).not.toBe(fit.gamma.value)
  })

  it('lackOfFit and compareScalingModels compare logarithms', () => {
    const few = { workers: [1, 2, 3, 4, 1, 2, 3, 4], throughput: [10, 18, 33, 38, 12, 20, 33, 42] }
    const logarithms = { ...few, throughput: few.throughput.map(Math.log) }
    const curve = [10, 20, 32, 40, 10, 20, 32, 40]
    const test = lackOfFit({ ...few, noise: 'proportional' }, { fitted: curve, degreesOfFreedom: 6 })!
    expect(test.f).toBeCloseTo(lackOfFit(logarithms, { fitted: curve.map(Math.log), degreesOfFreedom: 6 })!.f, 10)
    const usl = compareScalingModels(observations).find(({ model }) => model === 'usl')!
    expect(digits(usl.residualSumOfSquares, known.sumOfSquares)).toBeGreaterThan(10)
    // n = 18, k = 4
    expect(usl.aicc).toBeCloseTo(18 * Math.log(known.sumOfSquares / 18) + 8 + 40 / 13, 8)
    const straight = compareScalingModels(observed({ alpha: 0, beta: 0, gamma: 3 }, 0))
    expect(straight[0]).toMatchObject({ model: 'linear', parameters: { alpha: 0, beta: 0 } })
  })

  it('lackOfFit of a law that holds is said as often as its level says', () => {
    const rejected = Array.from({ length: 200 }, (_, seed) => {
      const one = observed(law, 0.1, seed + 1)
      return lackOfFit(one, fitted(one))!.p < 0.1
    }).filter(Boolean)
    // 10 % within three Monte Carlo standard errors of 200 fits.
    expect(rejected.length).toBeGreaterThan(20 - 13)
    expect(rejected.length).toBeLessThan(20 + 13)
  })

  it('fitUsl, lackOfFit and noiseScale refuse another noise and throughputs without a logarithm', () => {
    const other = { ...observations, noise: 'log' } as unknown as ScalingObservations
    const message = 'Expected `noise` to be one of constant, proportional, got "log"'
    expect(() => fitUsl(other)).toThrow(message)
    expect(() => compareScalingModels(other)).toThrow(message)
    expect(() => lackOfFit(other, fit)).toThrow(message)
    expect(() => noiseScale('toString' as 'constant')).toThrow(RangeError)
    const withOne = (wrong: number) => ({ ...observations, throughput: [wrong, ...observations.throughput.slice(1)] })
    expect(() => fitUsl(withOne(Number.NaN))).toThrow(/`throughput` .* got NaN at index 0/)
    expect(() => fitUsl(withOne(0))).toThrow(/`throughput` .* got 0/)
  })
})

describe('fitUsl of blocks whose means were taken out', () => {
  const { throughput } = observed(law, 0.05, 9)
  const spentDegrees = 2
  const alone = fitted({ workers, throughput, noise: 'proportional', spentDegrees })
  const blocks = fitted({ workers, throughput, noise: 'proportional', spentDegrees, levelVariance: 0.01 })

  it('fitUsl leaves α, β and the peak as they are, and puts the level of the blocks into γ', () => {
    expect(blocks.alpha).toEqual(alone.alpha)
    expect(blocks.beta).toEqual(alone.beta)
    expect(blocks.gamma.value).toBe(alone.gamma.value)
    expect(blocks.peak!.workers).toEqual(alone.peak!.workers)
    expect(blocks.peak!.workersDelta).toEqual(alone.peak!.workersDelta)
    const ofMean = alone.residualStandardError ** 2 / workers.length
    const variance = (alone.gamma.standardError! / alone.gamma.value) ** 2 - ofMean + 0.01
    expect(digits((blocks.gamma.standardError! / blocks.gamma.value) ** 2, variance)).toBeGreaterThan(10)
    expect(digits(blocks.covariance[2]![2]!, blocks.gamma.standardError! ** 2)).toBeGreaterThan(12)
  })

  it('fitUsl shares the degrees of freedom of level and shape as Satterthwaite has them', () => {
    const [shape, level] = blocks.covarianceParts.map(({ covariance }) => covariance[2]![2]! / blocks.gamma.value ** 2)
    expect(level).toBeCloseTo(0.01, 12)
    const degrees = (shape! + level!) ** 2 / (shape! ** 2 / alone.degreesOfFreedom + level! ** 2 / spentDegrees)
    expect(degrees).toBeGreaterThan(spentDegrees)
    expect(degrees).toBeLessThan(alone.degreesOfFreedom)
    const half = t.quantile(0.975, degrees) * Math.sqrt(shape! + level!)
    const { lower, upper } = blocks.gamma.interval!
    expect(digits(lower, blocks.gamma.value * Math.exp(-half))).toBeGreaterThan(9)
    expect(digits(upper, blocks.gamma.value * Math.exp(half))).toBeGreaterThan(9)
  })

  it('uslBand and the throughput of the peak hold the level of the blocks too', () => {
    const wideness = (of: ConvergedUsl): number[] =>
      [...uslBand(of, [1, 3, 8]), of.peak!.throughput.interval!].map(({ lower, upper }) => Math.log(upper / lower) / 2)
    for (const half of wideness(blocks)) expect(half).toBeGreaterThan(t.quantile(0.975, 4) * 0.1)
    for (const half of wideness(alone)) expect(half).toBeLessThan(0.1)
  })

  it('fitUsl refuses a level whose variance is no number from 0 on, or that it cannot use', () => {
    const given = { workers, throughput, noise: 'proportional', spentDegrees } as const
    expect(() => fitUsl({ ...given, levelVariance: Number.NaN })).toThrow(/`levelVariance` .* got NaN/)
    expect(() => fitUsl({ ...given, levelVariance: -1 })).toThrow(/`levelVariance` from 0 on, .* got -1/)
    expect(() => fitUsl({ ...given, levelVariance: 1, spentDegrees: 0 })).toThrow(/with proportional noise and 0$/)
    expect(() => fitUsl({ ...given, levelVariance: 1, noise: 'constant' })).toThrow(/with constant noise and 2$/)
  })
})
