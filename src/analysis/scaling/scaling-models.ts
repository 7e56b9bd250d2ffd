import { noiseScale } from './noise-scale.js'
import { checkedObservations, differentCounts, type ScalingObservations } from './scaling-observations.js'
import type { UslParameters } from './usl-curve.js'
import type { FamilyFit } from './usl-family.js'
import { bestAmdahl, bestLinear, bestUsl } from './usl-search.js'

/** Fit of one model of scaling to the observations. */
export interface ScalingModel {
  /** `linear` γN; `amdahl` with contention; `usl` with contention and coherency. */
  readonly model: 'linear' | 'amdahl' | 'usl'
  /** Parameters of the fit; 0 for a term that the model does not have, or that is on its bound. */
  readonly parameters: UslParameters
  /**
   * Sum of squares of the throughputs' residuals, or of their logarithms' where the noise is
   * proportional.
   */
  readonly residualSumOfSquares: number
  /**
   * Akaike's criterion with the correction for few observations; null where there are too few for
   * it.
   */
  readonly aicc: number | null
  /** AICc less that of the best model; null without an AICc. */
  readonly deltaAicc: number | null
  /**
   * Akaike's weight: exp(−Δ/2) as a share of the sum over the models that have an AICc; null
   * without one.
   */
  readonly weight: number | null
}

const models = [
  { model: 'linear', terms: 1, search: bestLinear },
  { model: 'amdahl', terms: 2, search: bestAmdahl },
  { model: 'usl', terms: 3, search: bestUsl },
] as const

/**
 * Compares the models of scaling that throughputs at numbers of workers can distinguish, the best
 * one first: those with no more terms than there are different numbers of workers, and fewer than
 * observations. AICc = n ln(RSS/n) + 2k + 2k(k + 1)/(n − k − 1) (Hurvich & Tsai 1989, Biometrika
 * 76, 297–307), n the observations less the degrees of freedom spent before, k the terms and the
 * variance of the errors; a term on its bound counts too. Models with n ≤ k + 1 have no AICc and
 * stand last.
 *
 * @throws `TypeError` or `RangeError` for values that are no finite numbers above 0, and for lists
 * of different lengths.
 * @example
 * const workers = [1, 1, 2, 2, 4, 4, 8, 8]
 * const observed = { workers, throughput: [98, 102, 180, 184, 290, 296, 330, 322] }
 * const [best] = compareScalingModels(observed)
 * best!.model // "usl"
 * best!.weight // 0.9999
 */
export function compareScalingModels(observations: ScalingObservations): ScalingModel[] {
  const checked = checkedObservations(observations)
  const { workers, throughput, noise } = checked
  const n = workers.length - checked.spentDegrees
  // Sums below the rounding error of exact data would rank the models by chance.
  const scale = noiseScale(noise)
  const rounding = (value: number): number =>
    Number.EPSILON * Math.max(Math.abs(scale.of(value)), value * scale.derivative(value))
  const least = throughput.reduce((sum, value) => sum + rounding(value) ** 2, 0)
  const fitted = models
    .filter(({ terms }) => terms <= differentCounts(workers) && terms < n)
    .flatMap(({ model, terms, search }) => {
      const best: FamilyFit | null = search(checked)
      if (!best) return []
      const { residualSumOfSquares } = best.fit
      return [{ model, best, residualSumOfSquares, aicc: aicc(Math.max(residualSumOfSquares, least), n, terms + 1) }]
    })
    .sort((one, other) => (one.aicc ?? Number.POSITIVE_INFINITY) - (other.aicc ?? Number.POSITIVE_INFINITY))
  const lowest = fitted[0]?.aicc ?? null
  const delta = (value: number | null): number | null => (value === null || lowest === null ? null : value - lowest)
  const likelihood = (value: number | null): number => Math.exp(-(delta(value) ?? Number.POSITIVE_INFINITY) / 2)
  const total = fitted.reduce((sum, one) => sum + likelihood(one.aicc), 0)
  return fitted.map(({ model, best: { alpha, beta, gamma }, residualSumOfSquares, aicc }) => ({
    model,
    parameters: { alpha, beta, gamma },
    residualSumOfSquares,
    aicc,
    deltaAicc: delta(aicc),
    weight: aicc === null ? null : likelihood(aicc) / total,
  }))
}

function aicc(residualSumOfSquares: number, n: number, k: number): number | null {
  if (n <= k + 1) return null
  return n * Math.log(residualSumOfSquares / n) + 2 * k + (2 * k * (k + 1)) / (n - k - 1)
}
