import { gradientOn, noiseScale } from './noise-scale.js'
import type { ScalingObservations } from './scaling-observations.js'
import type { UslShape } from './usl-curve.js'
import { type FamilyFit, familyOfAlpha, familyOfBeta, familyOfShape, fitWithinBounds, uslFamily } from './usl-family.js'

/** Fits the best straight line through 0, α = β = 0. */
export function bestLinear(observations: ScalingObservations): FamilyFit | null {
  return fitWithinBounds(observations, [familyOfShape()], [])
}

/** Fits the best curve of Amdahl's law, β = 0 and α ≥ 0. */
export function bestAmdahl(observations: ScalingObservations): FamilyFit | null {
  return fitWithinBounds(observations, [familyOfBeta(), familyOfShape()], startingShapes(observations))
}

/** Fits the best curve of the whole law, α, β ≥ 0. */
export function bestUsl(observations: ScalingObservations): FamilyFit | null {
  const families = [uslFamily, familyOfBeta(), familyOfAlpha(), familyOfShape()] as const
  return fitWithinBounds(observations, families, startingShapes(observations))
}

/** Returns which of the two terms a fit left free. */
export function freeTerms({ family }: FamilyFit): { readonly alpha: boolean; readonly beta: boolean } {
  return {
    alpha: family.directions.some(({ alpha }) => alpha !== 0),
    beta: family.directions.some(({ beta }) => beta !== 0),
  }
}

/**
 * Returns whether the residual sum of squares falls when a term leaves its bound 0: the bound is
 * then not where it is lowest (Karush 1939).
 */
export function leavesBound({ workers, noise }: ScalingObservations, best: FamilyFit): boolean {
  const { residuals, residualSumOfSquares } = best.fit
  const free = freeTerms(best)
  const scale = noiseScale(noise)
  const gradients = workers.map((count) => gradientOn(scale, best, count))
  return [free.alpha, free.beta].some((isFree, term) => {
    const column = gradients.map((gradient) => gradient[term]!)
    const slope = residuals.reduce((sum, residual, k) => sum + residual * column[k]!, 0)
    const squares = column.reduce((sum, value) => sum + value * value, 0)
    return !isFree && slope > 1e-6 * Math.sqrt(residualSumOfSquares * squares)
  })
}

/**
 * Returns shapes to start a search from: little and much contention, with the peak among the
 * observed numbers of workers and beyond them.
 */
function startingShapes({ workers }: ScalingObservations): UslShape[] {
  const most = workers.reduce((one, other) => Math.max(one, other))
  return [0.05, 0.5].flatMap((alpha) => [most / 2, 2 * most].map((peak) => ({ alpha, beta: (1 - alpha) / peak ** 2 })))
}
