import type { Estimate } from 'copylab/statistics'
import { mean } from '#copylab/analysis/statistics/numerics/moments.js'
import { quantile } from '#copylab/analysis/statistics/numerics/quantile.js'
import { makeRandom } from '#copylab/analysis/statistics/numerics/random.js'

/** Fewest values in a row that have a slope with an interval. */
export const fewestValues = 8

const level = 0.95
/** Made series for a critical value, and their seed: its own error is about 2 %. */
const [simulated, simulationSeed] = [5_000, 1]

/**
 * Estimates how much values in a row rise per step, with an interval that holds although
 * neighbouring values are alike: least squares, and a variance from the partial sums of the
 * residuals, which is the Bartlett kernel without truncation (Kiefer, Vogelsang & Bunzel 2000,
 * Econometrica 68, 695–714; for trends Bunzel & Vogelsang 2005, JBES 23, 381–394). The critical
 * value is that of a row of independent normal values of the same length, by simulation; it is
 * right for dependent ones too, as far as the row is long against their memory. Against a random
 * walk the interval is too short: it then excludes the true slope in a third of all rows.
 */
export function slopeOf(values: readonly number[]): Estimate {
  const n = values.length
  if (n < fewestValues) return { value: fitted(values).slope, interval: null, n }
  const { slope, error } = fitted(values)
  const half = criticalValue(n) * error
  return { value: slope, interval: { level, lower: slope - half, upper: slope + half }, n }
}

/** The least-squares slope per step and its standard error. */
function fitted(values: readonly number[]): { readonly slope: number; readonly error: number } {
  const n = values.length
  const centre = mean(values)
  const steps = values.map((_, k) => k - (n - 1) / 2)
  const squares = steps.reduce((sum, step) => sum + step ** 2, 0)
  const slope = steps.reduce((sum, step, k) => sum + step * (values[k]! - centre), 0) / squares
  let [partial, variance] = [0, 0]
  for (const [k, step] of steps.entries()) {
    partial += step * (values[k]! - centre - slope * step)
    variance += (2 / n) * partial ** 2
  }
  return { slope, error: Math.sqrt(variance) / squares }
}

const criticalValues = new Map<number, number>()

/** The share `level` of rows of n independent normal values has a smaller slope by its error. */
function criticalValue(n: number): number {
  const known = criticalValues.get(n)
  if (known !== undefined) return known
  const random = makeRandom(simulationSeed)
  const statistics = Array.from({ length: simulated }, () => {
    const { slope, error } = fitted(Array.from({ length: n }, random.normal))
    return Math.abs(slope / error)
  })
  const value = quantile(statistics, level)
  criticalValues.set(n, value)
  return value
}
