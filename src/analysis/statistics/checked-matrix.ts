import { checkedValues } from './checked-values.js'

/** One observation per cell: a row per block, a column per treatment. */
export type Matrix = readonly (readonly number[])[]

/** Returns the matrix when it has enough rows and columns and its rows are equally long lists of finite numbers; throws `TypeError` or `RangeError` otherwise. */
export function checkedMatrix(name: string, matrix: Matrix, leastRows: number, leastColumns: number): Matrix {
  if (!Array.isArray(matrix)) throw new TypeError(`Expected \`${name}\` to be a list of rows, got ${typeof matrix}`)
  if (matrix.length < leastRows) {
    throw new RangeError(`Expected \`${name}\` to hold at least ${leastRows} rows, got ${matrix.length}`)
  }
  matrix.forEach((row, index) => {
    checkedValues(`${name}[${index}]`, row, leastColumns)
    if (row.length !== matrix[0].length) {
      throw new RangeError(
        `Expected \`${name}\` to hold rows of equal length, got ${matrix[0].length} and ${row.length} numbers`,
      )
    }
  })
  return matrix
}
