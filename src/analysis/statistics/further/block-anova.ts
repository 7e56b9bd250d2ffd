import { checkedMatrix, type Matrix } from '../numerics/checked-values.js'
import { fTail } from '../numerics/f-tail.js'
import { mean } from '../numerics/moments.js'

/** One line of a table of variance. */
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
 * Analysis of variance of a randomised complete block design with one observation per cell (Fisher
 * 1935): rows are blocks, columns treatments, whose effects add up. Throws `RangeError` for fewer
 * than two rows or columns.
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
