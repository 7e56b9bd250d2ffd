import t from '@stdlib/stats-base-dists-t'
import type { Interval } from '../statistics/estimate.js'

/** How sure fitted parameters are. */
export interface FittedSpread {
  readonly covariance: readonly (readonly number[])[]
  readonly degreesOfFreedom: number
}

/**
 * Student's t interval of a function of fitted parameters by the delta method: its standard error is √(gᵀVg), g its derivatives by the parameters
 * at the fit, V their covariance.
 */
export function deltaInterval(
  value: number,
  gradient: readonly number[],
  { covariance, degreesOfFreedom }: FittedSpread,
  level: number,
): Interval {
  let variance = 0
  for (const [i, row] of covariance.entries()) {
    for (const [k, one] of row.entries()) variance += gradient[i]! * one * gradient[k]!
  }
  const half = t.quantile((1 + level) / 2, degreesOfFreedom) * Math.sqrt(Math.max(0, variance))
  return { level, lower: value - half, upper: value + half }
}
