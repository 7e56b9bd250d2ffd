import type { Treatment } from '../../study/treatment.js'
import { criticalValue } from '../statistics/choice-regret.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import type { Matrix } from '../statistics/numerics/matrix.js'
import { mean, standardDeviation } from '../statistics/numerics/moments.js'

/** Logarithms in complete blocks, a column for each candidate, and which of them was chosen. */
export interface ChosenAmong {
  readonly rows: Matrix
  readonly candidates: readonly Treatment[]
  readonly chosen: number
  readonly level: number
}

/**
 * Computes the ratio of another candidate to the chosen one, with Student's t interval of the log
 * ratios within blocks at Bonferroni's level for both sides of all pairs of candidates, so that it
 * holds for any two that are compared after the choice.
 */
export function otherRatio({ rows, candidates, chosen, level }: ChosenAmong, other: number): Estimate {
  const differences = rows.map((row) => row[other]! - row[chosen]!)
  const value = mean(differences)
  const critical = criticalValue(candidates.length * (candidates.length - 1), rows.length, level)
  const half = (critical * standardDeviation(differences)) / Math.sqrt(rows.length)
  return mapEstimate({ value, interval: { level, lower: value - half, upper: value + half }, n: rows.length }, Math.exp)
}
