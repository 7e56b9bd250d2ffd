import { checkedNumber } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Estimate, Interval, LevelOptions } from '../statistics/estimate.js'
import { deltaInterval } from './delta-interval.js'
import type { NotConverged } from './nonlinear-least-squares.js'
import {
  type CheckedObservations,
  checkedObservations,
  differentCounts,
  type ScalingObservations,
} from './scaling-observations.js'
import { type ThroughputSpread, throughputInterval } from './throughput-interval.js'
import { covarianceParts, totalCovariance } from './usl-covariance.js'
import { uslThroughput } from './usl-curve.js'
import type { FamilyFit } from './usl-family.js'
import { intervalFromZero, peakWorkers, peakWorkersInterval } from './usl-profile.js'
import { bestUsl, freeTerms, leavesBound } from './usl-search.js'

/**
 * A parameter of the fitted law. Where it was free, its interval is Student's t; those of α and β
 * may reach below 0. Where it lies on its bound 0, it has no standard error, and its interval runs
 * from 0 to the largest value that F does not reject, Infinity where it rejects none.
 */
export interface UslEstimate extends Estimate {
  readonly standardError: number | null
}

/** The highest point of the fitted curve. */
export interface UslPeak {
  /**
   * N* = √((1 − α)/β), with its profile interval: the upper end is Infinity where a curve without a
   * peak is not rejected.
   */
  readonly workers: Estimate
  /**
   * The interval of N* by the delta method: symmetric, and therefore too narrow towards many
   * workers.
   */
  readonly workersDelta: Interval
  /**
   * The throughput at N*, with its interval by the delta method on the scale of the noise. The
   * uncertainty of N* itself does not widen it: the curve is level there.
   */
  readonly throughput: Estimate
}

/** The Universal Scalability Law fitted to observations. */
export interface ConvergedUsl extends ThroughputSpread {
  readonly status: 'converged'
  readonly alpha: UslEstimate
  readonly beta: UslEstimate
  /**
   * Throughput of one worker. Where the noise is proportional, its interval is that of ln γ,
   * exponentiated.
   */
  readonly gamma: UslEstimate
  /** Covariance of α, β and γ: the sum of the parts. */
  readonly covariance: readonly (readonly number[])[]
  /** The peak; null where β is 0 or α at least 1: the curve then rises or falls all along. */
  readonly peak: UslPeak | null
  /**
   * γ/α, the throughput that an ever larger number of workers would approach if contention alone
   * hindered them; null where α is 0.
   */
  readonly limit: number | null
  /**
   * Sum of squares of the throughputs' residuals, or of their logarithms' where the noise is
   * proportional.
   */
  readonly residualSumOfSquares: number
  /**
   * Standard error of the residuals, in the unit of the throughput, or of its logarithm, and so
   * about a share of it, where the noise is proportional.
   */
  readonly residualStandardError: number
  /**
   * Degrees of freedom of the residuals: observations less the fitted parameters, of which one on
   * its bound is none, and less the degrees of freedom that were spent before.
   */
  readonly degreesOfFreedom: number
  /** The curve's throughput at each observation, in the order given. */
  readonly fitted: readonly number[]
  /** Observed less fitted; ln observed less ln fitted where the noise is proportional. */
  readonly residuals: readonly number[]
}

/** Result of fitting the Universal Scalability Law: the law, or the reason that there is none. */
export type UslFit = ConvergedUsl | NotConverged

/**
 * Fits the Universal Scalability Law γN / (1 + α(N − 1) + βN(N − 1)) (Gunther 1993, 2007) to
 * throughputs at numbers of workers N by least squares, α, β ≥ 0; where the noise is proportional,
 * by those of the logarithms. γ has the unit of the throughput, α and β have none. Where the lowest
 * residual sum of squares lies beyond a bound, the law is fitted again without the term (β = 0:
 * Amdahl's law; α = 0; both: a straight line), and the best of these is taken. The search starts
 * from the linearised law and from a grid of shapes. The result is `not-converged`, with a reason,
 * for fewer than 3 different numbers of workers or 4 observations, and where the search finds no
 * minimum.
 *
 * @throws `TypeError` or `RangeError` for values that are no finite numbers above 0, for lists of
 * different lengths, and for a level that does not lie between 0 and 1.
 * @example
 * const workers = [1, 1, 2, 2, 4, 4, 8, 8]
 * const observed = { workers, throughput: [98, 102, 180, 184, 290, 296, 330, 322] }
 * const fit = fitUsl(observed)
 * const peak = fit.status === 'converged' && fit.peak
 * peak && peak.workers.interval // { level: 0.95, lower: 6.303, upper: 7.261 }
 */
export function fitUsl(observations: ScalingObservations, { level = defaultLevel }: LevelOptions = {}): UslFit {
  checkedNumber('level', level, { above: 0, below: 1 })
  const checked = checkedObservations(observations)
  const { workers, spentDegrees } = checked
  const counts = differentCounts(workers)
  if (counts < 3) return notConverged(`The law needs 3 different numbers of workers, got ${counts}.`)
  const free = workers.length - spentDegrees
  if (free < 4) return notConverged(`The law needs 4 observations, got ${free}.`)
  const best = bestUsl(checked)
  if (!best) return notConverged('The search for the least squares converged from none of its starting points.')
  if (leavesBound(checked, best)) {
    return notConverged(
      'The residual sum of squares is lowest at no finite contention and coherency that the search came to.',
    )
  }
  return described(checked, best, level)
}

function notConverged(reason: string): NotConverged {
  return { status: 'not-converged', reason }
}

function described(observations: CheckedObservations, best: FamilyFit, level: number): ConvergedUsl {
  const { alpha, beta, gamma, fit } = best
  const { noise } = observations
  const n = observations.workers.length
  const spread: ThroughputSpread = { noise, covarianceParts: covarianceParts(best, observations) }
  const covariance = totalCovariance(spread.covarianceParts)
  const free = freeTerms(best)
  const inside = (value: number, k: 0 | 1 | 2): UslEstimate => ({
    value,
    interval: deltaInterval(
      value,
      [0, 1, 2].map((other) => (other === k ? 1 : 0)),
      spread.covarianceParts,
      level,
    ),
    n,
    standardError: Math.sqrt(covariance[k]![k]!),
  })
  const onBound = (term: 'alpha' | 'beta'): UslEstimate => ({
    value: 0,
    interval: intervalFromZero(observations, best, term, level),
    n,
    standardError: null,
  })
  return {
    status: 'converged',
    ...spread,
    alpha: free.alpha ? inside(alpha, 0) : onBound('alpha'),
    beta: free.beta ? inside(beta, 1) : onBound('beta'),
    gamma: { ...inside(gamma, 2), interval: throughputInterval(best, 1, spread, level) },
    covariance,
    peak: beta > 0 && alpha < 1 ? peakOf(observations, best, spread, level) : null,
    limit: alpha > 0 ? gamma / alpha : null,
    residualSumOfSquares: fit.residualSumOfSquares,
    residualStandardError: fit.residualStandardError,
    degreesOfFreedom: fit.degreesOfFreedom,
    fitted: observations.workers.map((count) => uslThroughput(best, count)),
    residuals: fit.residuals,
  }
}

function peakOf(observations: ScalingObservations, best: FamilyFit, spread: ThroughputSpread, level: number): UslPeak {
  const n = observations.workers.length
  const workers = peakWorkers(best)
  const derivatives = [-1 / (2 * workers * best.beta), -workers / (2 * best.beta), 0]
  const throughput: Estimate = {
    value: uslThroughput(best, workers),
    interval: throughputInterval(best, workers, spread, level),
    n,
  }
  return {
    workers: { value: workers, interval: peakWorkersInterval(observations, best, level), n },
    workersDelta: deltaInterval(workers, derivatives, spread.covarianceParts, level),
    throughput,
  }
}
