import t from '@stdlib/stats-base-dists-t'
import type { Interval } from '../statistics/estimate.js'

/** An independent part of the covariance of fitted parameters. */
export interface CovariancePart {
  readonly covariance: readonly (readonly number[])[]
  /** Degrees of freedom of the estimate of this covariance. */
  readonly degreesOfFreedom: number
}

/**
 * Computes Student's t interval of a function of fitted parameters by the delta method: its
 * variance is the sum of gᵀVg over the parts, g its derivatives by the parameters at the fit, V a
 * part's covariance. Several parts share their degrees of freedom as Satterthwaite (1946) has them.
 */
export function deltaInterval(
  value: number,
  gradient: readonly number[],
  parts: readonly CovariancePart[],
  level: number,
): Interval {
  const variances = parts.map(({ covariance }) => varianceAlong(gradient, covariance))
  const variance = variances.reduce((sum, one) => sum + one, 0)
  if (variance === 0) return { level, lower: value, upper: value }
  const degreesOfFreedom =
    1 / variances.reduce((sum, one, k) => sum + (one / variance) ** 2 / parts[k]!.degreesOfFreedom, 0)
  const half = t.quantile((1 + level) / 2, degreesOfFreedom) * Math.sqrt(variance)
  return { level, lower: value - half, upper: value + half }
}

function varianceAlong(gradient: readonly number[], covariance: readonly (readonly number[])[]): number {
  let variance = 0
  for (const [i, row] of covariance.entries()) {
    for (const [k, one] of row.entries()) variance += gradient[i]! * one * gradient[k]!
  }
  return Math.max(0, variance)
}
