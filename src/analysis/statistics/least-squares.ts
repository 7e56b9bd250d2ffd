import t from '@stdlib/stats-base-dists-t'
import { Matrix, SingularValueDecomposition } from 'ml-matrix'
import { checkedNumbers } from '../../check.js'
import { fTail } from './numerics/f-tail.js'

/**
 * One label per observation: its treatment, its block, its position. Observations with equal labels
 * form a group.
 */
export type Labels = readonly (string | number)[]

/** A straight line through observations, once the groups' means are taken out. */
export interface Slope {
  /** Change of the value per unit of x. */
  readonly slope: number
  readonly pTwoSided: number
  /** Degrees of freedom of the residual. */
  readonly df: number
}

/**
 * The slope of values against x in the linear model value = slope·x + one effect per group of each
 * factor, with Student's t test that it is 0 (Frisch & Waugh 1933: both sides are cleared of the
 * factors first). Null where x does not vary beside the factors, and where nothing is left to
 * estimate the error from.
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
  if (length <= leastIndependence * Math.sqrt(squares(x)) || df < 1) return null
  const slope = dot(own, y) / length ** 2
  const rounding = roundingOf(values)
  const explained = beyond(rounding, slope ** 2 * length ** 2)
  const residual = beyond(rounding, squares(y.map((value, k) => value - slope * own[k]!)))
  const statistic = explained === 0 ? 0 : Math.sqrt(explained / (residual / df))
  return { slope, pTwoSided: 2 * t.cdf(-statistic, df), df }
}

/** An F test. */
export interface FTest {
  readonly f: number
  readonly df1: number
  readonly df2: number
  readonly p: number
}

/**
 * Tests whether a factor has an effect beside others, in the linear model of one effect per group
 * of each: the extra sum of squares that it explains against the residual (Fisher 1935). Null where
 * it tells nothing apart that the others do not, and where nothing is left to estimate the error
 * from.
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
 * What is left of the values when the mean and the effects of the groups are taken out by least
 * squares.
 */
export function withoutEffects(values: readonly number[], factors: readonly Labels[]): number[] {
  return cleared(checkedNumbers('values', values), spanning(indicators(factors, values.length)))
}

type Column = readonly number[]

/** A column whose part of its own is less than this share of it follows from the others. */
const leastIndependence = 1e-9

/** A column of ones, and one column per group of each factor. */
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
 * An orthonormal basis of all that the columns span: their left singular vectors, as many as are
 * independent.
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

/** The sum of squares that rounding can leave of values that a model describes exactly. */
function roundingOf(values: Column): number {
  return 1e-26 * squares(values)
}

function beyond(rounding: number, sumOfSquares: number): number {
  return sumOfSquares > rounding ? sumOfSquares : 0
}
