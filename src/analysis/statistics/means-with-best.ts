import { checkedChoice, checkedNumber, checkedNumbers } from '../../check.js'
import { defaultLevel } from '../defaults.js'
import { dunnettCritical } from './dunnett-critical.js'
import type { Interval, LevelOptions } from './estimate.js'

/** Comparisons of treatments with the best of them. */
export interface ComparisonsWithBest {
  /**
   * Indices of the treatments that are not shown to be worse than the best, in ascending order.
   * Never empty.
   */
  readonly best: number[]
  /**
   * One interval per treatment, of its mean against the best of the other means; all hold together
   * at the level asked for.
   */
  readonly intervals: Interval[]
}

/** Which end of the scale is the best, and the confidence level of all intervals together. */
export interface BestOptions extends LevelOptions {
  readonly goal: 'min' | 'max'
}

/** Uncertainty of the means. */
export interface MeansError {
  /** Standard error of the difference of two means, in the units of the means. */
  readonly error: number
  /** Degrees of freedom of that standard error. */
  readonly df: number
}

/**
 * Computes Hsu's constrained multiple comparisons with the best (Hsu 1984, Annals of Statistics 12,
 * 1136–1144) of equally well-known means. For 'max' with D_i = mean_i − the greatest other mean and
 * w = d·error, d Dunnett's one-sided critical value of k − 1 comparisons, the interval of treatment
 * i is [min(0, D_i − w), max(0, D_i + w)], in the units of the means; for 'min' it is mirrored. An
 * interval that ends at 0 on the bad side shows a treatment to be worse than the best; one that
 * starts there shows it to be the best. Without any error equal means are all the best.
 *
 * The level must lie above 1/k, which guessing reaches.
 */
export function meansWithBest(
  means: readonly number[],
  { goal, level = defaultLevel, error, df }: BestOptions & MeansError,
): ComparisonsWithBest {
  checkedNumbers('means', means, { least: 2 })
  checkedChoice('goal', goal, ['min', 'max'])
  checkedNumber('level', level, { above: 1 / means.length, below: 1 })
  checkedNumber('error', error, { from: 0 })
  const width = dunnettCritical(means.length - 1, df, level) * error
  const signed = goal === 'max' ? means : means.map((value) => -value)
  const leads = signed.map((value, i) => value - Math.max(...signed.filter((_, j) => j !== i)))
  return {
    best: leads.flatMap((lead, i) => (lead >= 0 || lead + width > 0 ? [i] : [])),
    intervals: leads.map((lead) => {
      const worst = Math.min(0, lead - width)
      const most = Math.max(0, lead + width)
      return goal === 'max' ? { level, lower: worst, upper: most } : { level, lower: 0 - most, upper: 0 - worst }
    }),
  }
}
