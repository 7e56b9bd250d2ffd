import { type Interval, mapInterval } from '../statistics/estimate.js'
import { type CovariancePart, deltaInterval } from './delta-interval.js'
import { gradientOn, type NoiseModel, noiseScale } from './noise-scale.js'
import { type UslParameters, uslThroughput } from './usl-curve.js'

/** Uncertainty of a fitted law, and its scale. */
export interface ThroughputSpread {
  /** The noise model of the fit. */
  readonly noise: NoiseModel
  /**
   * Independent parts of the covariance of α, β and γ, in this order; 0 for a parameter on its
   * bound.
   */
  readonly covarianceParts: readonly CovariancePart[]
}

/**
 * Computes the interval of the law's throughput at a number of workers, by the delta method on the
 * scale of the noise.
 */
export function throughputInterval(
  parameters: UslParameters,
  workers: number,
  { noise, covarianceParts }: ThroughputSpread,
  level: number,
): Interval {
  const scale = noiseScale(noise)
  const value = scale.of(uslThroughput(parameters, workers))
  return mapInterval(
    deltaInterval(value, gradientOn(scale, parameters, workers), covarianceParts, level),
    scale.throughput,
  )
}
