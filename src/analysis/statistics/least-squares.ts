import t from '@stdlib/stats-base-dists-t'
import { checkedValues } from './numerics/checked-values.js'
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
  const basis = orthonormal(indicators(factors, checkedValues('values', values).length))
  const y = cleared(values, basis)
  const [direction] = orthonormal([...indicators(factors, values.length), checkedValues('x', x)]).slice(basis.length)
  const df = values.length - basis.length - 1
  if (!direction || df < 1) return null
  const alongX = dot(direction, y)
  const slope = alongX / dot(direction, x)
  const residual = dot(y, y) - alongX ** 2
  const error = Math.sqrt(Math.max(0, residual) / df)
  return { slope, pTwoSided: error === 0 ? (alongX === 0 ? 1 : 0) : 2 * t.cdf(-Math.abs(alongX / error), df), df }
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
  const n = checkedValues('values', values).length
  const reduced = orthonormal(indicators(others, n))
  const full = orthonormal(indicators([...others, tested], n))
  const df1 = full.length - reduced.length
  const df2 = n - full.length
  if (df1 < 1 || df2 < 1) return null
  const extra = full.slice(reduced.length).reduce((sum, direction) => sum + dot(direction, values) ** 2, 0)
  const left = cleared(values, full)
  const residual = dot(left, left)
  const f = residual === 0 ? (extra === 0 ? 0 : Number.POSITIVE_INFINITY) : extra / df1 / (residual / df2)
  return { f, df1, df2, p: fTail(f, df1, df2) }
}

/**
 * What is left of the values when the mean and the effects of the groups are taken out by least
 * squares.
 */
export function withoutEffects(values: readonly number[], factors: readonly Labels[]): number[] {
  return cleared(checkedValues('values', values), orthonormal(indicators(factors, values.length)))
}

type Column = readonly number[]

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
 * Gram and Schmidt's orthonormal basis of the columns, cleared twice for accuracy; columns that
 * depend on earlier ones are left out.
 */
function orthonormal(columns: readonly Column[]): Column[] {
  const basis: Column[] = []
  for (const column of columns) {
    const rest = cleared(cleared(column, basis), basis)
    const length = Math.sqrt(dot(rest, rest))
    if (length > 1e-9 * Math.sqrt(dot(column, column))) basis.push(rest.map((value) => value / length))
  }
  return basis
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
