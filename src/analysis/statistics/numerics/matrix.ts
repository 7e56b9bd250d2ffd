import { checkedNumbers, inMessage } from '../../../check.js'

/** One observation per cell: a row per block, a column per treatment. */
export type Matrix = readonly (readonly number[])[]

/**
 * Checks that a table of finite numbers, a list per row, has at least `minRows` rows and
 * `minColumns` columns and that its rows are equally long, and returns it; throws `TypeError` or
 * `RangeError` otherwise.
 */
export function checkedMatrix(name: string, matrix: Matrix, minRows: number, minColumns: number): Matrix {
  if (!Array.isArray(matrix)) throw new TypeError(`Expected \`${name}\` to be a list of rows, got ${inMessage(matrix)}`)
  if (matrix.length < minRows) {
    throw new RangeError(`Expected \`${name}\` to hold at least ${minRows} rows, got ${matrix.length}`)
  }
  matrix.forEach((row, index) => {
    checkedNumbers(`${name}[${index}]`, row, { least: minColumns })
    if (row.length !== matrix[0].length) {
      throw new RangeError(
        `Expected \`${name}\` to have rows of equal length, got ${matrix[0].length} and ${row.length} numbers`,
      )
    }
  })
  return matrix
}
