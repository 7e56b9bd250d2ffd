import { Matrix } from 'ml-matrix'
import type { CovariancePart } from './delta-interval.js'
import type { CheckedObservations } from './scaling-observations.js'
import type { FamilyFit } from './usl-family.js'

/**
 * Computes the covariance of α, β and γ, in this order, in independent parts. Without a variance of
 * the level all of it comes from the residuals. With one, the mean of the logarithms has that
 * variance instead of the residuals'; it enters ln γ alone, and does not depend on the shape of the
 * curve.
 */
export function covarianceParts(
  best: FamilyFit,
  { workers, spentDegrees, levelVariance }: CheckedObservations,
): CovariancePart[] {
  const { residualStandardError, degreesOfFreedom } = best.fit
  const covariance = covarianceOf(best)
  if (levelVariance === null) return [{ covariance, degreesOfFreedom }]
  const ofGamma = (variance: number): Matrix =>
    new Matrix([
      [0, 0, 0],
      [0, 0, 0],
      [0, 0, best.gamma ** 2 * variance],
    ])
  const ofMean = ofGamma(residualStandardError ** 2 / workers.length)
  return [
    { covariance: Matrix.sub(covariance, ofMean).to2DArray(), degreesOfFreedom },
    { covariance: ofGamma(levelVariance).to2DArray(), degreesOfFreedom: spentDegrees },
  ]
}

/** Returns the sum of independent parts of a covariance. */
export function totalCovariance(parts: readonly CovariancePart[]): number[][] {
  const zero = Matrix.zeros(3, 3)
  return parts.reduce((sum, { covariance }) => sum.add(matrixOf(covariance)), zero).to2DArray()
}

/** Computes the covariance of α, β and γ from that of the family's own parameters. */
function covarianceOf({ family, fit }: FamilyFit): number[][] {
  const derivatives = new Matrix([
    [...family.directions.map(({ alpha }) => alpha), 0],
    [...family.directions.map(({ beta }) => beta), 0],
    [...family.directions.map(() => 0), 1],
  ])
  return derivatives.mmul(matrixOf(fit.covariance)).mmul(derivatives.transpose()).to2DArray()
}

function matrixOf(rows: CovariancePart['covariance']): Matrix {
  return new Matrix(rows.map((row) => [...row]))
}
