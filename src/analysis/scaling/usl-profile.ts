import t from '@stdlib/stats-base-dists-t'
import type { Interval } from '../statistics/estimate.js'
import { rootBetween } from '../statistics/numerics/root-between.js'
import type { ScalingObservations } from './scaling-observations.js'
import type { UslShape } from './usl-curve.js'
import {
  type FamilyFit,
  familyOfAlpha,
  familyOfBeta,
  familyOfShape,
  fitWithinBounds,
  isAdmissible,
  type UslFamily,
} from './usl-family.js'

/** The shape for which throughput is that of one worker, at any number of workers. */
const flat: UslShape = { alpha: 1, beta: 0 }
/**
 * Largest number of steps of a search outward, each by a factor of 2; beyond it there is no end.
 */
const maxSteps = 40

/** Returns the number of workers N* = √((1 − α)/β) with the highest throughput. */
export function peakWorkers({ alpha, beta }: UslShape): number {
  return Math.sqrt((1 - alpha) / beta)
}

/**
 * Computes the profile interval of the number of workers with the highest throughput: all N* at
 * which the best curve with its peak there, 0 ≤ α ≤ 1, is not rejected against the best of all by F
 * with 1 and n − p degrees of freedom (Bates & Watts 1988, chapter 6). Its upper end is Infinity
 * where a curve that never falls is not rejected, its lower end 0 where one that falls from the
 * first worker on is not.
 */
export function peakWorkersInterval(observations: ScalingObservations, best: FamilyFit, level: number): Interval {
  const critical = criticalExcess(best, level)
  const excess = (workers: number): number =>
    excessOver(best, fitWithinBounds(observations, familiesWithPeakAt(workers), [best], hasPeak)) - critical
  const estimate = { value: peakWorkers(best), excess: -critical }
  const end = (limit: number, factor: number): number =>
    excess(limit) <= 0 ? limit : (crossingOutward(excess, estimate, estimate.value * factor, factor) ?? limit)
  return { level, lower: end(0, 1 / 2), upper: end(Number.POSITIVE_INFINITY, 2) }
}

/**
 * Computes the interval of α or β where its best value is its bound, 0: up to the largest value
 * that is not rejected by F with 1 and n − p degrees of freedom, p the parameters that were fitted.
 * Infinity where none is rejected.
 */
export function intervalFromZero(
  observations: ScalingObservations,
  best: FamilyFit,
  parameter: keyof UslShape,
  level: number,
): Interval {
  const critical = criticalExcess(best, level)
  const excess = (value: number): number =>
    excessOver(best, fitWithinBounds(observations, familiesAt(parameter, value), [best])) - critical
  const most = observations.workers.reduce((one, other) => Math.max(one, other))
  const first = parameter === 'alpha' ? 1 / most : 1 / most ** 2
  const upper = crossingOutward(excess, { value: 0, excess: -critical }, first, 2)
  return { level, lower: 0, upper: upper ?? Number.POSITIVE_INFINITY }
}

/** Returns the curves with their highest throughput at N*, and those of them on the bounds of α. */
function familiesWithPeakAt(workers: number): [UslFamily, ...UslFamily[]] {
  // Where the peak goes to 0, α goes to 1, and β may be anything.
  if (workers === 0) return [familyOfAlpha(1), familyOfShape(flat)]
  const beta = workers ** -2
  const origin = { alpha: 0, beta }
  return [{ origin, directions: [{ alpha: 1, beta: -beta }] }, familyOfShape(origin), familyOfShape(flat)]
}

function familiesAt(parameter: keyof UslShape, value: number): [UslFamily, ...UslFamily[]] {
  return parameter === 'alpha'
    ? [familyOfAlpha(value), familyOfShape({ alpha: value, beta: 0 })]
    : [familyOfBeta(value), familyOfShape({ alpha: 0, beta: value })]
}

function hasPeak(shape: UslShape): boolean {
  return isAdmissible(shape) && shape.alpha <= 1
}

/** Returns the square root of the excess of a fit's residual sum of squares over the best one's. */
function excessOver(best: FamilyFit, other: FamilyFit | null): number {
  if (!other) return Number.POSITIVE_INFINITY
  return Math.sqrt(Math.max(0, other.fit.residualSumOfSquares - best.fit.residualSumOfSquares))
}

/**
 * Returns the largest excess that F does not reject: F's quantile with 1 and n − p degrees of
 * freedom is the square of t's.
 */
function criticalExcess({ fit }: FamilyFit, level: number): number {
  return t.quantile((1 + level) / 2, fit.degreesOfFreedom) * fit.residualStandardError
}

/**
 * A trial value and the excess of its best fit over the critical one: above 0 the value is
 * rejected.
 */
interface Trial {
  readonly value: number
  readonly excess: number
}

/**
 * Finds two trials between which the excess rises through 0 on the way from the estimate outward,
 * over `first` and on by the factor; null where it does not.
 */
function crossingOutward(
  excess: (value: number) => number,
  estimate: Trial,
  first: number,
  factor: number,
): number | null {
  let inside = estimate
  for (let value = first, tried = 0; tried < maxSteps; value *= factor, tried++) {
    const trial = { value, excess: excess(value) }
    if (trial.excess > 0) return crossingBetween(excess, inside, trial)
    inside = trial
  }
  return null
}

/** Returns the value between two trials at which the excess is 0. */
function crossingBetween(excess: (value: number) => number, inside: Trial, outside: Trial): number {
  const valueAt = (share: number): number => inside.value + share * (outside.value - inside.value)
  const excessAt = (share: number): number =>
    share === 0 ? inside.excess : share === 1 ? outside.excess : excess(valueAt(share))
  return valueAt(rootBetween(excessAt, 0, 1))
}
