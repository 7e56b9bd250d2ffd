import t from '@stdlib/stats-base-dists-t'
import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { checkedNumbers } from '../../check.js'
import { fTail } from './numerics/f-tail.js'

/**
 * One label per observation: its treatment, its block, its position. Observations with equal labels
 * form a group.
 */
export type Labels = readonly (string | number)[]

/** A straight line through observations from which the groups' means are taken out. */
export interface Slope {
  /** Change of the value per unit of x. */
  readonly slope: number
  readonly pTwoSided: number
  /** Degrees of freedom of the residual. */
  readonly df: number
}

/**
 * Computes the slope of values against x in the linear model value = slope·x + one effect per group
 * of each factor, with Student's t test that it is 0 (Frisch & Waugh 1933: both sides are cleared
 * of the factors first). Null where x does not vary within the groups of the factors, and where no
 * degrees of freedom are left to estimate the error.
 */
export function partialSlope(
  values: readonly number[],
  x: readonly number[],
  factors: readonly Labels[],
): Slope | null {
  const basis = spanning(indicators(factors, checkedNumbers('values', values).length))
  const y = cleared(values, basis)
  const own = cleared(checkedNumbers('x', x), basis)
  const length = Math.sqrt(squares(own))
  const df = values.length - basis.length - 1
  if (length <= minIndependence * Math.sqrt(squares(x)) || df < 1) return null
  const slope = dot(own, y) / length ** 2
  const rounding = roundingOf(values)
  const explained = beyond(rounding, slope ** 2 * length ** 2)
  const residual = beyond(rounding, squares(y.map((value, k) => value - slope * own[k]!)))
  const statistic = explained === 0 ? 0 : Math.sqrt(explained / (residual / df))
  return { slope, pTwoSided: 2 * t.cdf(-statistic, df), df }
}

/** Result of an F test. */
export interface FTest {
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
}

/**
 * Tests whether a factor has an effect in addition to others, in the linear model of one effect per
 * group of each: the extra sum of squares that it explains against the residual (Fisher 1935). Null
 * where it distinguishes no observations that the others do not, and where no degrees of freedom
 * are left to estimate the error.
 */
export function partialF(values: readonly number[], tested: Labels, others: readonly Labels[]): FTest | null {
  const n = checkedNumbers('values', values).length
  const reduced = spanning(indicators(others, n))
  const full = spanning(indicators([...others, tested], n))
  const df1 = full.length - reduced.length
  const df2 = n - full.length
  if (df1 < 1 || df2 < 1) return null
  const left = cleared(values, full)
  const rounding = roundingOf(values)
  const extra = beyond(rounding, squares(cleared(values, reduced).map((value, k) => value - left[k]!)))
  const residual = beyond(rounding, squares(left))
  const f = extra === 0 ? 0 : extra / df1 / (residual / df2)
  return { f, df1, df2, p: fTail(f, df1, df2) }
}

/**
 * Returns the residuals of the values when the mean and the effects of the groups are taken out by
 * least squares.
 */
export function withoutEffects(values: readonly number[], factors: readonly Labels[]): number[] {
  return cleared(checkedNumbers('values', values), spanning(indicators(factors, values.length)))
}

type Column = readonly number[]

/**
 * Share of a column that is independent of the others, below which the column counts as dependent
 * on them.
 */
const minIndependence = 1e-9

/** Returns a column of ones, and one column per group of each factor. */
function indicators(factors: readonly Labels[], n: number): Column[] {
  const ones = new Array<number>(n).fill(1)
  return [
    ones,
    ...factors.flatMap((labels) =>
      [...new Set(labels)].map((group) => labels.map((label) => (label === group ? 1 : 0))),
    ),
  ]
}

/**
 * Returns an orthonormal basis of the space that the columns span: their left singular vectors, as
 * many as are independent.
 */
function spanning(columns: readonly Column[]): Column[] {
  const svd = new SingularValueDecomposition(new Matrix(columns.map((column) => [...column])).transpose(), {
    autoTranspose: true,
    computeRightSingularVectors: false,
  })
  return svd.leftSingularVectors.transpose().to2DArray().slice(0, svd.rank)
}

function cleared(values: Column, basis: readonly Column[]): number[] {
  const rest = [...values]
  for (const direction of basis) {
    const along = dot(direction, rest)
    for (let k = 0; k < rest.length; k++) rest[k]! -= along * direction[k]!
  }
  return rest
}

function dot(a: Column, b: Column): number {
  let sum = 0
  for (let k = 0; k < a.length; k++) sum += a[k]! * b[k]!
  return sum
}

function squares(values: Column): number {
  return dot(values, values)
}

/** Returns the sum of squares that rounding can leave of values that a model describes exactly. */
function roundingOf(values: Column): number {
  return 1e-26 * squares(values)
}

function beyond(rounding: number, sumOfSquares: number): number {
  return sumOfSquares > rounding ? sumOfSquares : 0
}
