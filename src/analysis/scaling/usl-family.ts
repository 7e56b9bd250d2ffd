import { Matrix, QrDecomposition } from 'ml-matrix'
import { oncePer } from '../../once-per.js'
import { gradientOn, noiseScale } from './noise-scale.js'
import { type ConvergedLeastSquares, fitAtLevels, observedLevels } from './nonlinear-least-squares.js'
import type { ScalingObservations } from './scaling-observations.js'
import { type UslParameters, type UslShape, uslSlowdown } from './usl-curve.js'

/**
 * Curves of the law whose (α, β) is a point, a line or the whole plane: `origin` and any multiples
 * of the `directions`. γ is always free.
 */
export interface UslFamily {
  readonly origin: UslShape
  readonly directions: readonly UslShape[]
}

/**
 * The least-squares fit of a family. The parameters of `fit` are the multiples of the directions,
 * in their order, and γ.
 */
export interface FamilyFit extends UslParameters {
  readonly family: UslFamily
  readonly fit: ConvergedLeastSquares
}

/**
 * Largest number of steps of a search: longer ones diverge, where the law has no lowest residual
 * sum.
 */
const maxIterations = 500

const none: UslShape = { alpha: 0, beta: 0 }
const alongAlpha: UslShape = { alpha: 1, beta: 0 }
const alongBeta: UslShape = { alpha: 0, beta: 1 }

/** The family of all curves of the law. */
export const uslFamily: UslFamily = { origin: none, directions: [alongAlpha, alongBeta] }
/** Returns the family of curves with a given contention, 0 if omitted, and any coherency. */
export const familyOfAlpha = (alpha = 0): UslFamily => ({ origin: { alpha, beta: 0 }, directions: [alongBeta] })
/**
 * Returns the family of curves with a given coherency, 0 if omitted, and any contention; without
 * coherency this is Amdahl's law (1967).
 */
export const familyOfBeta = (beta = 0): UslFamily => ({ origin: { alpha: 0, beta }, directions: [alongAlpha] })
/**
 * Returns the family of one shape of the curve; without contention and coherency a straight line
 * through 0.
 */
export const familyOfShape = (origin: UslShape = none): UslFamily => ({ origin, directions: [] })

/** Returns whether a shape is allowed: neither term of the law may speed work up. */
export function isAdmissible({ alpha, beta }: UslShape): boolean {
  return alpha >= 0 && beta >= 0
}

/**
 * Finds the best fit whose shape is allowed: that of the first family where it is; otherwise the
 * one with the lowest residual sum of squares among all that are, of the first family and of the
 * others, which lie on the bounds. Null where none is. The search starts at the shapes `near` and
 * at the fit of the linearised law.
 */
export function fitWithinBounds(
  observations: ScalingObservations,
  [free, ...bounds]: readonly [UslFamily, ...UslFamily[]],
  near: readonly UslShape[],
  isAllowed: (shape: UslShape) => boolean = isAdmissible,
): FamilyFit | null {
  const inside = fitFamily(observations, free, near)
  const best = lowest(inside)
  if (best && isAllowed(best)) return best
  return lowest([...inside, ...bounds.flatMap((family) => fitFamily(observations, family, near))].filter(isAllowed))
}

function lowest(fits: readonly FamilyFit[]): FamilyFit | null {
  return fits.reduce<FamilyFit | null>(
    (best, one) => (best && best.fit.residualSumOfSquares <= one.fit.residualSumOfSquares ? best : one),
    null,
  )
}

/** Returns every fit that the search finds. */
function fitFamily(
  observations: ScalingObservations,
  family: UslFamily,
  near: readonly UslShape[],
): readonly FamilyFit[] {
  const linearised = linearisedMultiples(observations, family)
  const starts = near.map((shape) => multiplesNear(family, shape))
  return (linearised ? [linearised, ...starts] : starts).flatMap((multiples) => {
    const fit = fitFrom(observations, family, multiples)
    return fit ? [fit] : []
  })
}

function fitFrom(observations: ScalingObservations, family: UslFamily, multiples: readonly number[]): FamilyFit | null {
  const gamma = bestGamma(observations, curveAt(family, multiples))
  if (gamma === null) return null
  const scale = noiseScale(observations.noise)
  const fit = fitAtLevels(onScale(observations), {
    start: [...multiples, gamma],
    maxIterations: maxIterations,
    spentDegrees: observations.spentDegrees,
    model: (count, free) => {
      const curve = curveAt(family, free)
      const slowdown = uslSlowdown(curve, count)
      // Beyond a pole the law's throughput is negative.
      return slowdown > 0 ? scale.of((curve.gamma * count) / slowdown) : Number.NaN
    },
    gradient: (count, free) => {
      const [byAlpha, byBeta, byGamma] = gradientOn(scale, curveAt(family, free), count)
      const derivatives = family.directions.map(({ alpha, beta }) => alpha * byAlpha! + beta * byBeta!)
      derivatives.push(byGamma!)
      return derivatives
    },
  })
  return fit.status === 'converged' ? { ...curveAt(family, fit.parameters), family, fit } : null
}

/** Returns the observations on the scale of their noise, by their numbers of workers. */
const onScale = oncePer(({ workers, throughput, noise }: ScalingObservations) =>
  observedLevels(workers, throughput.map(noiseScale(noise).of)),
)

/** Returns the curve at multiples of the directions, followed by γ; γ is 1 where it is absent. */
function curveAt({ origin, directions }: UslFamily, free: readonly number[]): UslParameters {
  let { alpha, beta } = origin
  for (let k = 0; k < directions.length; k++) {
    alpha += free[k]! * directions[k]!.alpha
    beta += free[k]! * directions[k]!.beta
  }
  return { alpha, beta, gamma: free[directions.length] ?? 1 }
}

/** Returns the multiples of the directions, which are orthogonal, that come closest to a shape. */
function multiplesNear({ origin, directions }: UslFamily, { alpha, beta }: UslShape): readonly number[] {
  return directions.map(
    (direction) =>
      ((alpha - origin.alpha) * direction.alpha + (beta - origin.beta) * direction.beta) /
      (direction.alpha ** 2 + direction.beta ** 2),
  )
}

/** Sums over the observations at one number of workers, for the starts of a search. */
interface WorkersSums {
  readonly workers: number
  readonly observations: number
  readonly throughput: number
  /**
   * Of the squares of the linearised law's weights, and of their products with what it explains.
   */
  readonly squaredWeights: number
  readonly weighted: number
}

/**
 * The linearised law: N/X is linear in 1/γ and the multiples over γ. Its errors are those of X
 * times N/X², which the weights undo and bring to the scale of the noise.
 */
const workersSums = oncePer(({ workers, throughput, noise }: ScalingObservations): readonly WorkersSums[] => {
  const { derivative } = noiseScale(noise)
  const sums = new Map<number, WorkersSums>()
  for (const [k, count] of workers.entries()) {
    const value = throughput[k]!
    const explained = value * derivative(value)
    const weight = (value * explained) / count
    const known = sums.get(count)
    sums.set(count, {
      workers: count,
      observations: (known?.observations ?? 0) + 1,
      throughput: (known?.throughput ?? 0) + value,
      squaredWeights: (known?.squaredWeights ?? 0) + weight ** 2,
      weighted: (known?.weighted ?? 0) + weight * explained,
    })
  }
  return [...sums.values()]
})

/**
 * Fits the linearised law. Its rows are multiples of each other at one number of workers, so that
 * one row for each has the same solution. Null where the line found is no throughput.
 */
function linearisedMultiples(observations: ScalingObservations, family: UslFamily): number[] | null {
  const sums = workersSums(observations)
  const rows = sums.map(({ workers, squaredWeights }) => {
    const terms = family.directions.map(({ alpha, beta }) => (alpha + beta * workers) * (workers - 1))
    return [uslSlowdown(family.origin, workers), ...terms].map((term) => Math.sqrt(squaredWeights) * term)
  })
  const right = sums.map(({ squaredWeights, weighted }) => weighted / Math.sqrt(squaredWeights))
  if (rows.length < rows[0]!.length) return null
  const decomposition = new QrDecomposition(rows)
  if (!decomposition.isFullRank()) return null
  const [inverseGamma, ...multiples] = decomposition.solve(Matrix.columnVector(right)).to1DArray()
  return inverseGamma! > 0 ? multiples.map((multiple) => multiple / inverseGamma!) : null
}

/**
 * Returns the γ with which a shape comes closest to the throughputs themselves, null where the law
 * has a pole among the observed numbers of workers.
 */
function bestGamma(observations: ScalingObservations, shape: UslShape): number | null {
  let products = 0
  let squares = 0
  for (const { workers, observations: count, throughput } of workersSums(observations)) {
    const slowdown = uslSlowdown(shape, workers)
    if (!(slowdown > 0)) return null
    products += (throughput * workers) / slowdown
    squares += count * (workers / slowdown) ** 2
  }
  return products / squares
}
