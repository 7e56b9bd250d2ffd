/** p values of a statistic with finitely many values, from its null distribution. */
export interface ExactTails {
  /** p value for the alternative that the statistic is greater than by chance. */
  readonly pGreater: number
  /** Twice the smaller of both tails, 1 at most. */
  readonly pTwoSided: number
}

/**
 * Computes the tails from the observed value on, itself included; `probability` holds one number
 * per value of the statistic, from 0 on.
 */
export function exactTails(probability: Float64Array, observed: number): ExactTails {
  const pLess = sumOf(probability, 0, observed)
  const pGreater = sumOf(probability, observed, probability.length - 1)
  return { pGreater, pTwoSided: Math.min(1, 2 * Math.min(pLess, pGreater)) }
}

function sumOf(probability: Float64Array, from: number, to: number): number {
  let sum = 0
  for (let k = from; k <= to; k++) sum += probability[k]!
  return Math.min(1, sum)
}
