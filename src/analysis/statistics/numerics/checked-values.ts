import { checkInteger } from '../../../check.js'

/**
 * Checks that values are a non-empty list of finite numbers, and returns them; throws `TypeError`
 * or `RangeError` naming the wrong value.
 */
export function checkedValues(name: string, values: readonly number[], least = 1): readonly number[] {
  if (!Array.isArray(values) && !ArrayBuffer.isView(values)) {
    throw new TypeError(`Expected \`${name}\` to be a list of numbers, got ${describe(values)}`)
  }
  if (values.length < least) {
    throw new RangeError(
      `Expected \`${name}\` to hold at least ${least} ${least === 1 ? 'number' : 'numbers'}, got ${values.length}`,
    )
  }
  for (let index = 0; index < values.length; index++) {
    const value: unknown = values[index]
    if (typeof value !== 'number') {
      throw new TypeError(`Expected \`${name}\` to hold numbers only, got ${describe(value)} at index ${index}`)
    }
    if (!Number.isFinite(value)) {
      throw new RangeError(`Expected \`${name}\` to hold finite numbers only, got ${value} at index ${index}`)
    }
  }
  return values
}

/**
 * Checks that values are a non-empty list of finite numbers above zero, and returns them; throws
 * `TypeError` or `RangeError` otherwise.
 */
export function checkedPositive(name: string, values: readonly number[], least = 1): readonly number[] {
  const index = checkedValues(name, values, least).findIndex((value) => value <= 0)
  if (index >= 0)
    throw new RangeError(`Expected \`${name}\` to hold numbers above 0 only, got ${values[index]} at index ${index}`)
  return values
}

/**
 * Checks that a number lies strictly between `above` and `below`, and returns it; throws
 * `RangeError` otherwise.
 */
export function checkedBetween(name: string, value: number, above: number, below: number): number {
  if (typeof value === 'number' && value > above && value < below) return value
  throw new RangeError(`Expected \`${name}\` to be a number between ${above} and ${below}, got ${describe(value)}`)
}

/**
 * Checks that a number is whole and at least `least`, and returns it; throws `RangeError`
 * otherwise.
 */
export function checkedWhole(name: string, value: number, least: number): number {
  checkInteger(name, value, { from: least })
  return value
}

/** One observation per cell: a row per block, a column per treatment. */
export type Matrix = readonly (readonly number[])[]

/**
 * Checks that a table of finite numbers, a list per row, has at least `minRows` rows and
 * `minColumns` columns and that its rows are equally long, and returns it; throws `TypeError` or
 * `RangeError` otherwise.
 */
export function checkedMatrix(name: string, matrix: Matrix, minRows: number, minColumns: number): Matrix {
  if (!Array.isArray(matrix)) throw new TypeError(`Expected \`${name}\` to be a list of rows, got ${describe(matrix)}`)
  if (matrix.length < minRows) {
    throw new RangeError(`Expected \`${name}\` to hold at least ${minRows} rows, got ${matrix.length}`)
  }
  matrix.forEach((row, index) => {
    checkedValues(`${name}[${index}]`, row, minColumns)
    if (row.length !== matrix[0].length) {
      throw new RangeError(
        `Expected \`${name}\` to have rows of equal length, got ${matrix[0].length} and ${row.length} numbers`,
      )
    }
  })
  return matrix
}

function describe(value: unknown): string {
  return typeof value === 'number' || value === undefined ? String(value) : (JSON.stringify(value) ?? typeof value)
}
