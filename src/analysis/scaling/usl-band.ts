import { checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import type { Interval, LevelOptions } from '../statistics/estimate.js'
import { throughputInterval } from './throughput-interval.js'
import type { ConvergedUsl } from './usl.js'

/**
 * Returns the pointwise confidence band of a fitted law by the delta method on the scale of the
 * noise (Bates & Watts 1988, Nonlinear Regression Analysis, chapter 2): for each number of workers
 * in `at` the interval of the mean throughput, not of a single observation, in the unit of the
 * throughput. A parameter on its bound counts as known.
 *
 * @throws `TypeError` or `RangeError` for numbers of workers that are not above 0, and for a level
 * that does not lie between 0 and 1.
 * @example
 * const workers = [1, 1, 2, 2, 4, 4, 8, 8]
 * const observed = { workers, throughput: [98, 102, 180, 184, 290, 296, 330, 322] }
 * const fit = fitUsl(observed)
 * fit.status === 'converged' && uslBand(fit, [4]) // [{ level: 0.95, lower: 285.5, upper: 299.2 }]
 */
export function uslBand(
  fit: ConvergedUsl,
  at: readonly number[],
  { level = defaultLevel }: LevelOptions = {},
): Interval[] {
  checkedNumber('level', level, { above: 0, below: 1 })
  const parameters = { alpha: fit.alpha.value, beta: fit.beta.value, gamma: fit.gamma.value }
  return checkedNumbers('at', at, { above: 0, least: 0 }).map((workers) =>
    throughputInterval(parameters, workers, fit, level),
  )
}
