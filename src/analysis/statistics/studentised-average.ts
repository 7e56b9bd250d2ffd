import { checkedNumber } from '../../check.js'

/** Points and weights that stand for a distribution; the weights sum to 1. */
type Weighted = readonly { readonly at: number; readonly weight: number }[]

/**
 * Returns a function that averages a function of z and s over a standard normal Z and, independent
 * of it, S = √(χ²/df): probabilities of studentised statistics are such averages. Both are
 * integrated by the trapezoidal rule, which is exact to about 13 digits for smooth integrands that
 * fall off on both sides as these densities do: over z, and over log s, whose density is in
 * proportion exp(df (x − exp(2x) / 2)). `df` is 1 at least.
 */
export function studentisedAverage(df: number): (integrand: (z: number, s: number) => number) => number {
  checkedNumber('df', df, { from: 1 })
  const scales = errorScales(df)
  return (integrand) => {
    let sum = 0
    for (const scale of scales) {
      let inner = 0
      for (const score of normalScores) inner += score.weight * integrand(score.at, scale.at)
      sum += scale.weight * inner
    }
    return sum
  }
}

const normalScores = normalised(
  Array.from({ length: 91 }, (_, k) => {
    const z = (k - 45) / 5
    return { at: z, weight: Math.exp((-z * z) / 2) }
  }),
)

function errorScales(df: number): Weighted {
  const logDensity = (x: number): number => df * (x - Math.expm1(2 * x) / 2)
  const width = 0.15 / Math.sqrt(df)
  const scales: { at: number; weight: number }[] = []
  for (const direction of [-1, 1]) {
    for (let k = direction === 1 ? 0 : 1; logDensity(direction * k * width) > -40; k++) {
      const x = direction * k * width
      scales.push({ at: Math.exp(x), weight: Math.exp(logDensity(x)) })
    }
  }
  return normalised(scales)
}

function normalised(points: Weighted): Weighted {
  const sum = points.reduce((total, { weight }) => total + weight, 0)
  return points.map(({ at, weight }) => ({ at, weight: weight / sum }))
}
