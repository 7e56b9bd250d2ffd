import type { Estimate, Interval } from '../statistics/estimate.js'
import type { FittedSpread } from './delta-interval.js'
import type { NotConverged } from './nonlinear-least-squares.js'

/**
 * A parameter of the fitted law. Where it was free, its interval is Student's t and may reach below 0. Where it lies on its bound 0, it has no
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
  /** The throughput at N*, with its interval by the delta method. That N* itself is uncertain does not widen it: the curve is level there. */
  readonly throughput: Estimate
}

/** The Universal Scalability Law fitted to observations. */
export interface ConvergedUsl extends FittedSpread {
  readonly status: 'converged'
  readonly alpha: UslEstimate
  readonly beta: UslEstimate
  /** Throughput of one worker. */
  readonly gamma: UslEstimate
  /** Of α, β and γ, in this order; 0 for a parameter on its bound. */
  readonly covariance: readonly (readonly number[])[]
  /** Null where β is 0 or α at least 1: the curve then rises or falls all along. */
  readonly peak: UslPeak | null
  /** γ/α, the throughput that ever more workers would come close to if contention alone hindered them; null where α is 0. */
  readonly limit: number | null
  readonly residualSumOfSquares: number
  readonly residualStandardError: number
  /** Observations less the parameters that were fitted, one on its bound was not, and less the degrees of freedom that were spent before. */
  readonly degreesOfFreedom: number
  /** The curve at each observation, in the order given. */
  readonly fitted: readonly number[]
  /** Observed less fitted. */
  readonly residuals: readonly number[]
}

export type UslFit = ConvergedUsl | NotConverged
