import t from '@stdlib/stats-base-dists-t'
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
  const effects = effectsOf(factors, checkedNumbers('values', values).length)
  const y = effects.cleared(values)
  const own = effects.cleared(checkedNumbers('x', x))
  const length = Math.sqrt(squares(own))
  const df = values.length - effects.dimension - 1
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
  const reduced = effectsOf(others, n)
  const full = effectsOf([...others, tested], n)
  const df1 = full.dimension - reduced.dimension
  const df2 = n - full.dimension
  if (df1 < 1 || df2 < 1) return null
  const left = full.cleared(values)
  const rounding = roundingOf(values)
  const extra = beyond(rounding, squares(reduced.cleared(values).map((value, k) => value - left[k]!)))
  const residual = beyond(rounding, squares(left))
  const f = extra === 0 ? 0 : extra / df1 / (residual / df2)
  return { f, df1, df2, p: fTail(f, df1, df2) }
}

/**
 * Returns the residuals of the values when the mean and the effects of the groups are taken out by
 * least squares.
 */
export function withoutEffects(values: readonly number[], factors: readonly Labels[]): number[] {
  return effectsOf(factors, checkedNumbers('values', values).length).cleared(values)
}

type Column = readonly number[]

/**
 * Share of a column that is independent of the others, below which the column counts as dependent
 * on them.
 */
const minIndependence = 1e-9

/** The space of all sums of a mean and one effect per group of each factor. */
interface Effects {
  readonly dimension: number
  /** Returns what least squares leaves of a column: its part at right angles to the space. */
  cleared(values: Column): number[]
}

/**
 * The factor with the most groups is taken out by its groups' means, and only what these leave of
 * the others needs a basis (Frisch & Waugh 1933): a long study has as many groups as blocks.
 */
function effectsOf(factors: readonly Labels[], n: number): Effects {
  const sizes = factors.map((labels) => new Set(labels).size)
  const most = sizes.indexOf(Math.max(...sizes))
  const largest = groupsOf(factors[most] ?? new Array<number>(n).fill(0))
  const basis: Column[] = []
  for (const column of factors.filter((_, k) => k !== most).flatMap(indicators)) {
    // Of a column that is almost along the basis, one pass leaves a part that is not at right
    // angles to it; two do not (Giraud, Langou & Rozložník 2005).
    const rest = cleared(cleared(withoutMeans(column, largest), basis), basis)
    const length = Math.sqrt(squares(rest))
    if (length > minIndependence * Math.sqrt(squares(column))) basis.push(rest.map((value) => value / length))
  }
  return {
    dimension: largest.length + basis.length,
    cleared: (values) => cleared(withoutMeans(values, largest), basis),
  }
}

/** Returns the places of each group's observations. */
function groupsOf(labels: Labels): number[][] {
  const groups = new Map<string | number, number[]>()
  for (const [k, label] of labels.entries()) {
    const known = groups.get(label)
    if (known) known.push(k)
    else groups.set(label, [k])
  }
  return [...groups.values()]
}

/** Returns one column per group of a factor. */
function indicators(labels: Labels): Column[] {
  return [...new Set(labels)].map((group) => labels.map((label) => (label === group ? 1 : 0)))
}

function withoutMeans(values: Column, groups: readonly (readonly number[])[]): number[] {
  const rest = [...values]
  for (const group of groups) {
    const mean = group.reduce((sum, k) => sum + values[k]!, 0) / group.length
    for (const k of group) rest[k]! -= mean
  }
  return rest
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
