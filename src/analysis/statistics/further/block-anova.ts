import { fTail } from '../numerics/f-tail.js'
import { checkedMatrix, type Matrix } from '../numerics/matrix.js'
import { mean } from '../numerics/moments.js'

/** One row of a table of variance. */
export interface AnovaEffect {
  readonly df: number
  /** Mean square of the effect over that of the residual. */
  readonly f: number
  readonly p: number
}

/** The table of variance of complete blocks. */
export interface BlockAnova {
  readonly treatment: AnovaEffect
  readonly block: AnovaEffect
  /** Variance of the error, in the squared units of the values. */
  readonly residualMeanSquare: number
  readonly residualDf: number
}

/**
 * Analyses the variance of a randomised complete block design with one observation per cell (Fisher
 * 1935, The Design of Experiments): rows are blocks, columns are treatments, and their effects add
 * up. Mean squares are in the squared units of the observations; F and p have none.
 *
 * @throws `TypeError` or `RangeError` for fewer than two rows or columns, for rows of different
 * lengths, and for observations that are no finite numbers.
 * @example
 * const table = blockAnova([[10.1, 9.2], [11.0, 9.8], [10.4, 9.9]])
 * table.treatment // { df: 1, f: 18.27, p: 0.05061 }
 */
export function blockAnova(matrix: Matrix): BlockAnova {
  const blocks = checkedMatrix('matrix', matrix, 2, 2).length
  const treatments = matrix[0]!.length
  const blockMeans = matrix.map(mean)
  const treatmentMeans = Array.from(matrix[0]!, (_, k) => mean(matrix.map((row) => row[k]!)))
  const centre = mean(blockMeans)
  const residual = squares(
    matrix.flatMap((row, block) =>
      Array.from(row, (value, k) => value - blockMeans[block]! - treatmentMeans[k]! + centre),
    ),
  )
  const residualDf = (blocks - 1) * (treatments - 1)
  const residualMeanSquare = residual / residualDf
  const effect = (sumOfSquares: number, df: number): AnovaEffect => {
    const f = sumOfSquares === 0 ? 0 : sumOfSquares / df / residualMeanSquare
    return { df, f, p: fTail(f, df, residualDf) }
  }
  return {
    treatment: effect(blocks * squares(treatmentMeans.map((value) => value - centre)), treatments - 1),
    block: effect(treatments * squares(blockMeans.map((value) => value - centre)), blocks - 1),
    residualMeanSquare,
    residualDf,
  }
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value ** 2, 0)
}
