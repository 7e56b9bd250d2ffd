import type { Estimate, Interval } from '../statistics/estimate.js'
import type { NotConverged } from './nonlinear-least-squares.js'
import type { ThroughputSpread } from './throughput-interval.js'

/**
 * A parameter of the fitted law. Where it was free, its interval is Student's t; those of α and β may reach below 0. Where it lies on its bound 0, it has no
 * standard error, and its interval runs from 0 to the largest value that F does not reject, Infinity where it rejects none.
 */
export interface UslEstimate extends Estimate {
  readonly standardError: number | null
}

/** Where the fitted curve is highest. */
export interface UslPeak {
  /** N* = √((1 − α)/β), with its profile interval: the upper end is Infinity where a curve without a peak is not rejected. */
  readonly workers: Estimate
  /** The interval of N* by the delta method: symmetric, and so too narrow towards many workers. */
  readonly workersDelta: Interval
  /** The throughput at N*, with its interval by the delta method on the scale of the noise. That N* itself is uncertain does not widen it: the curve is level there. */
  readonly throughput: Estimate
}

/** The Universal Scalability Law fitted to observations. */
export interface ConvergedUsl extends ThroughputSpread {
  readonly status: 'converged'
  readonly alpha: UslEstimate
  readonly beta: UslEstimate
  /** Throughput of one worker. Where the noise is proportional, its interval is that of ln γ, exponentiated. */
  readonly gamma: UslEstimate
  /** The sum of the parts. */
  readonly covariance: readonly (readonly number[])[]
  /** Null where β is 0 or α at least 1: the curve then rises or falls all along. */
  readonly peak: UslPeak | null
  /** γ/α, the throughput that ever more workers would come close to if contention alone hindered them; null where α is 0. */
  readonly limit: number | null
  /** Of the throughputs, or of their logarithms where the noise is proportional. */
  readonly residualSumOfSquares: number
  /** In the unit of the throughput, or of its logarithm, and so about a share of it, where the noise is proportional. */
  readonly residualStandardError: number
  /** Of the residuals: observations less the parameters that were fitted, one on its bound was not, and less the degrees of freedom that were spent before. */
  readonly degreesOfFreedom: number
  /** The curve's throughput at each observation, in the order given. */
  readonly fitted: readonly number[]
  /** Observed less fitted; ln observed less ln fitted where the noise is proportional. */
  readonly residuals: readonly number[]
}

export type UslFit = ConvergedUsl | NotConverged
