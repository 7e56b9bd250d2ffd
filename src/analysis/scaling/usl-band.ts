import { defaultLevel } from '../defaults.js'
import type { Interval, LevelOptions } from '../statistics/estimate.js'
import { checkedBetween, checkedPositive } from '../statistics/numerics/checked-values.js'
import { throughputInterval } from './throughput-interval.js'
import type { ConvergedUsl } from './usl.js'

/**
 * The pointwise confidence band of a fitted law by the delta method on the scale of the noise: for
 * each number of workers in `at` the interval of the mean throughput, not of a single observation.
 * A parameter on its bound counts as known. Throws `TypeError` or `RangeError` for numbers of
 * workers that are not above 0.
 */
export function uslBand(
  fit: ConvergedUsl,
  at: readonly number[],
  { level = defaultLevel }: LevelOptions = {},
): Interval[] {
  checkedBetween('level', level, 0, 1)
  const parameters = { alpha: fit.alpha.value, beta: fit.beta.value, gamma: fit.gamma.value }
  return checkedPositive('at', at, 0).map((workers) => throughputInterval(parameters, workers, fit, level))
}
