import { type BestOptions, type ComparisonsWithBest, meansWithBest } from './means-with-best.js'
import { checkedMatrix, type Matrix } from './numerics/matrix.js'
import { logarithms, mean } from './numerics/moments.js'

/**
 * Options of `comparisonsWithBest`: whether the least or the greatest mean is the best, the
 * confidence level of all intervals together, and whether logarithms are compared.
 */
export interface ComparisonsWithBestOptions extends BestOptions {
  /**
   * Whether to compare logarithms; the intervals are then of ratios to the best other treatment.
   *
   * @default false
   */
  readonly logScale?: boolean
}

/**
 * Compares treatments in randomised complete blocks with the best of them, by Hsu's constrained
 * multiple comparisons (1984, Annals of Statistics 12, 1136–1144): rows are blocks, columns are
 * treatments, with one observation per cell. `best` are the columns that are not shown to be worse
 * than the best. The error is the residual mean square after the effects of blocks and treatments,
 * with (blocks − 1)(treatments − 1) degrees of freedom (Fisher 1935). The intervals are of
 * differences from the best other treatment, in the units of the observations, or with `logScale`
 * of ratios to it.
 *
 * @throws `TypeError` or `RangeError` for fewer than two rows or columns, for rows of different
 * lengths, for observations that are no finite numbers (above 0 with `logScale`), and for a level
 * that does not lie between 1/treatments and 1.
 * @example
 * const times = [[10.1, 9.2, 9.0], [11.0, 9.8, 9.9], [10.4, 9.4, 9.1]]
 * comparisonsWithBest(times, { goal: 'min' }).best // [1, 2]
 */
export function comparisonsWithBest(
  matrix: Matrix,
  { goal, level, logScale = false }: ComparisonsWithBestOptions,
): ComparisonsWithBest {
  const observations = checkedMatrix('matrix', matrix, 2, 2)
  const rows = logScale ? observations.map((row, block) => logarithms(`matrix[${block}]`, row)) : observations
  const { effects, residualMeanSquare, residualDf } = treatmentEffects(rows)
  const error = Math.sqrt((2 * residualMeanSquare) / rows.length)
  const { best, intervals } = meansWithBest(effects, { goal, level, error, df: residualDf })
  if (!logScale) return { best, intervals }
  return {
    best,
    intervals: intervals.map((interval) => ({
      level: interval.level,
      lower: Math.exp(interval.lower),
      upper: Math.exp(interval.upper),
    })),
  }
}

/**
 * Returns the treatments' means of the observations' deviations from the means of their blocks, and
 * the residual mean square.
 */
function treatmentEffects(rows: Matrix): { effects: number[]; residualMeanSquare: number; residualDf: number } {
  const withinBlocks = rows.map((row) => {
    const centre = mean(row)
    return row.map((value) => value - centre)
  })
  const effects = rows[0]!.map((_, treatment) => mean(withinBlocks.map((row) => row[treatment]!)))
  let squares = 0
  for (const row of withinBlocks) {
    for (let treatment = 0; treatment < row.length; treatment++) squares += (row[treatment]! - effects[treatment]!) ** 2
  }
  const residualDf = (rows.length - 1) * (effects.length - 1)
  return { effects, residualMeanSquare: squares / residualDf, residualDf }
}
