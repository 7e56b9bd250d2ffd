import { inverse, Matrix, QrDecomposition } from 'ml-matrix'
import { checkedInteger, checkedNumbers } from '../../check.js'

/** A curve to be fitted to observations. */
export interface LeastSquaresProblem {
  readonly x: readonly number[]
  /** The observed value at each x. */
  readonly y: readonly number[]
  /** Returns the curve's value at x; NaN or an infinity marks parameters that are not allowed. */
  readonly model: (x: number, parameters: readonly number[]) => number
  /**
   * Returns the model's derivative by each parameter.
   *
   * @default central differences
   */
  readonly gradient?: (x: number, parameters: readonly number[]) => readonly number[]
  readonly start: readonly number[]
  /**
   * Largest number of steps, 1 at least.
   *
   * @default 1000
   */
  readonly maxIterations?: number
  /**
   * Degrees of freedom that were spent on `y` before: those that it has fewer than observations.
   *
   * @default 0
   */
  readonly spentDegrees?: number
}

/** A curve, and how it is searched for. */
export type CurveSearch = Omit<LeastSquaresProblem, 'x' | 'y'>

/** The result of a search without a fit, with the reason in words. */
export interface NotConverged {
  readonly status: 'not-converged'
  readonly reason: string
}

/** A least-squares fit at which the residuals are orthogonal to the curve's tangent. */
export interface ConvergedLeastSquares {
  readonly status: 'converged'
  readonly parameters: readonly number[]
  /** Standard errors of the parameters from the curve's tangent at the fit. */
  readonly standardErrors: readonly number[]
  /** s² (JᵀJ)⁻¹, J the Jacobian at the fit. */
  readonly covariance: readonly (readonly number[])[]
  readonly residualSumOfSquares: number
  /** s = √(residual sum of squares / degrees of freedom), in the units of y. */
  readonly residualStandardError: number
  /** Observations less parameters, and less those that were spent before. */
  readonly degreesOfFreedom: number
  /** Observed less fitted values, in the order of the observations. */
  readonly residuals: readonly number[]
  readonly iterations: number
}

export type LeastSquaresFit = ConvergedLeastSquares | NotConverged

/**
 * The relative offset at which the search ends: the parameters are then right to 1e-10 of their
 * standard errors, about.
 */
const aimedOffset = 1e-10
/**
 * The relative offset that counts as converged where rounding lets none smaller be reached, as in
 * R's `nls`.
 */
const convergedOffset = 1e-5
/**
 * Residuals below this share of the observations' root mean square do not make the offset any
 * larger: data without error converge too.
 */
const minRelativeResidual = 1e-5
/** Smallest share of the expected reduction that a step must achieve. */
const minGain = 1e-4
const minDamping = 1e-15
/** Damping above which a step no longer moves the parameters. */
const maxDamping = 1e15
/**
 * Share of a column of the Jacobian that is independent of the others, below which the column
 * counts as dependent on them.
 */
const minIndependence = 1e-9

/**
 * Fits a nonlinear curve by least squares: Levenberg (1944) and Marquardt (1963), the damping
 * scaled by the largest column norms of the Jacobian so far (Moré 1978) and led by the gain of each
 * step (Nielsen 1999). Converged means that the relative offset of Bates & Watts (1981,
 * Technometrics 23, 179–183) is small: the residuals' part along the tangent against the part
 * across it. Parameters whose steps merely became short are not an answer: the result is then
 * `not-converged` and says why. Parameters have the units that the model gives them.
 *
 * @throws `TypeError` or `RangeError` for values that are no finite numbers, for lists of different
 * lengths, and for no more observations than parameters.
 * @example
 * const fit = fitLeastSquares({
 *   x: [1, 2, 3, 4],
 *   y: [2.7, 7.4, 20.1, 54.6],
 *   model: (x, [a, b]) => a! * Math.exp(b! * x),
 *   start: [1, 0.8],
 * })
 * fit.status === 'converged' && fit.parameters // [1.002, 0.9996]
 */
export function fitLeastSquares({ x, y, ...search }: LeastSquaresProblem): LeastSquaresFit {
  return fitAtLevels(observedLevels(x, y), search)
}

/** Fits a curve to observations that are grouped already: see `fitLeastSquares`. */
export function fitAtLevels(observed: ObservedLevels, search: CurveSearch): LeastSquaresFit {
  const { start, maxIterations } = checkedSearch(observed, search)
  const problem: GroupedProblem = { ...search, ...observed }
  let point = pointAt(problem, start)
  let tangent = point && tangentAt(problem, point, [])
  if (!point || !tangent) return notConverged('The model or its gradient is not finite at the start values.')
  let damping = 1e-3
  let growth = 2
  let iterations = 0
  while (tangent.offset > aimedOffset && damping < maxDamping) {
    if (iterations++ === maxIterations) {
      return notConverged(
        `After ${maxIterations} iterations the relative offset is ${tangent.offset.toPrecision(2)}, not below ${convergedOffset}.`,
      )
    }
    // This close to the minimum, rounding hides the gain of a step; the offset still shows it.
    const near: boolean = tangent.offset <= convergedOffset
    const { trial, gain } = tried(problem, point, tangent, damping)
    const next: Tangent | null = trial && (near || gain > minGain) ? tangentAt(problem, trial, tangent.scale) : null
    if (trial && next && !(near && next.offset >= tangent.offset)) {
      point = trial
      tangent = next
      damping = Math.max(minDamping, damping * (near ? 0.1 : Math.max(0.1, 1 - (2 * gain - 1) ** 3)))
      growth = 2
    } else {
      damping *= growth
      growth *= 2
    }
  }
  if (tangent.offset > convergedOffset) {
    return notConverged(
      `No step lowers the residual sum of squares any more, yet its relative offset is ${tangent.offset.toPrecision(2)}.`,
    )
  }
  return converged(problem, point, tangent, iterations)
}

function notConverged(reason: string): NotConverged {
  return { status: 'not-converged', reason }
}

function checkedSearch(
  { y }: ObservedLevels,
  { start, maxIterations = 1000, spentDegrees = 0 }: CurveSearch,
): { start: readonly number[]; maxIterations: number } {
  checkedNumbers('start', start)
  checkedInteger('spentDegrees', spentDegrees, { from: 0 })
  if (y.length - spentDegrees <= start.length) {
    throw new RangeError(
      `Expected more observations than the ${start.length} parameters of \`start\`${spentDegrees > 0 ? ` and ${spentDegrees} degrees of freedom` : ''}, got ${y.length}`,
    )
  }
  checkedInteger('maxIterations', maxIterations, { from: 1 })
  return { start, maxIterations }
}

/**
 * Observations grouped by their x: the curve and its tangent are equal within a group, so that the
 * search needs their mean there and how far they are from it, and not each of them.
 */
export interface ObservedLevels {
  readonly y: readonly number[]
  /** The different values of x, in the order in which they occur. */
  readonly levels: readonly number[]
  /** The index of each observation's x among the levels. */
  readonly groups: readonly number[]
  /** Number of observations at each level, and their mean. */
  readonly counts: readonly number[]
  readonly means: readonly number[]
  /** Sum of the squares of the observations' distances from the mean of their level. */
  readonly within: number
  /** Mean of the squares of the observations. */
  readonly meanSquare: number
}

type GroupedProblem = CurveSearch & ObservedLevels

/**
 * Groups observations by their x. Throws `TypeError` or `RangeError` for values that are no finite
 * numbers, and for lists of different lengths.
 */
export function observedLevels(x: readonly number[], y: readonly number[]): ObservedLevels {
  checkedNumbers('x', x)
  checkedNumbers('y', y)
  if (x.length !== y.length) {
    throw new RangeError(`Expected \`x\` and \`y\` to be of equal length, got ${x.length} and ${y.length}`)
  }
  const places = new Map<number, number>()
  const counts: number[] = []
  const sums: number[] = []
  const groups = x.map((value, k) => {
    const group = places.get(value) ?? places.size
    places.set(value, group)
    counts[group] = (counts[group] ?? 0) + 1
    sums[group] = (sums[group] ?? 0) + y[k]!
    return group
  })
  const means = sums.map((sum, group) => sum / counts[group]!)
  const within = squares(y.map((observed, k) => observed - means[groups[k]!]!))
  return { y, levels: [...places.keys()], groups, counts, means, within, meanSquare: squares(y) / y.length }
}

interface Point {
  readonly parameters: readonly number[]
  /** Mean of the residuals at each level. */
  readonly residuals: readonly number[]
  readonly sumOfSquares: number
}

function pointAt(
  { levels, counts, means, within, model }: GroupedProblem,
  parameters: readonly number[],
): Point | null {
  const residuals = levels.map((x, k) => means[k]! - model(x, parameters))
  const sumOfSquares = within + residuals.reduce((sum, residual, k) => sum + counts[k]! * residual * residual, 0)
  return Number.isFinite(sumOfSquares) ? { parameters, residuals, sumOfSquares } : null
}

/**
 * The curve's tangent at a point, as the QR decomposition of the Jacobian with its columns divided
 * by `scale`.
 */
interface Tangent {
  readonly scale: readonly number[]
  readonly triangle: Matrix
  /** The residuals along the columns of Q. */
  readonly along: readonly number[]
  /** Relative offset of Bates & Watts. */
  readonly offset: number
}

/**
 * Computes the tangent at a point. The rows of a level are equal but for their residuals. One row
 * that is √count times theirs, with the mean of the residuals, has the same triangle; the
 * deviations of the residuals within a level are orthogonal to any tangent.
 */
function tangentAt(problem: GroupedProblem, point: Point, minScale: readonly number[]): Tangent | null {
  const { y, levels, counts, within, meanSquare } = problem
  const weights = counts.map(Math.sqrt)
  const jacobian = new Matrix(levels.map((x) => [...gradientAt(problem, x, point.parameters)]))
  const count = point.parameters.length
  if (jacobian.columns !== count) {
    throw new RangeError(`Expected \`gradient\` to give ${count} derivatives, got ${jacobian.columns}`)
  }
  jacobian.mulColumnVector(weights)
  const norms = point.parameters.map((_, k) => jacobian.getColumnVector(k).norm())
  if (!norms.every(Number.isFinite)) return null
  const scale = norms.map((norm, k) => Math.max(norm, minScale[k] ?? 0) || 1)
  // With the residuals as the last column, the triangle ends in their components along the columns
  // of Q, and the component orthogonal to them.
  const columns = jacobian.divRowVector(scale).addColumn(
    count,
    point.residuals.map((value, k) => weights[k]! * value),
  )
  while (columns.rows < columns.columns) columns.addRow(columns.rows, new Array<number>(count + 1).fill(0))
  const whole = new QrDecomposition(columns).upperTriangularMatrix
  const triangle = whole.subMatrix(0, count - 1, 0, count - 1)
  // Where a column depends on others, rounding alone gives it a direction.
  const along = scale.map((_, k) => (isIndependent(triangle, k) ? whole.get(k, count) : 0))
  const inPlane = squares(along) / count
  const across = (whole.get(count, count) ** 2 + within) / (y.length - count)
  const floor = minRelativeResidual ** 2 * meanSquare
  return { scale, triangle, along, offset: inPlane === 0 ? 0 : Math.sqrt(inPlane / (across + floor)) }
}

function gradientAt(
  { model, gradient, start }: CurveSearch,
  x: number,
  parameters: readonly number[],
): readonly number[] {
  if (gradient) return gradient(x, parameters)
  return parameters.map((value, k) => {
    // Width at which the rounding of the model and the curvature that the difference leaves out are
    // about equal.
    const half = Math.cbrt(Number.EPSILON) * (Math.abs(value) || Math.abs(start[k]!) || 1)
    const [above, below] = [value + half, value - half]
    const modelWith = (other: number): number =>
      model(
        x,
        parameters.map((same, i) => (i === k ? other : same)),
      )
    return (modelWith(above) - modelWith(below)) / (above - below)
  })
}

/**
 * Returns the point that a damped step leads to, null where the model is not finite, and its gain
 * as a share of the gain that the tangent predicts.
 */
function tried(
  problem: GroupedProblem,
  { parameters, residuals }: Point,
  { scale, triangle, along }: Tangent,
  damping: number,
): { trial: Point | null; gain: number } {
  const count = parameters.length
  const damped = Matrix.zeros(2 * count, count).setSubMatrix(triangle, 0, 0)
  for (let k = 0; k < count; k++) damped.set(count + k, k, Math.sqrt(damping))
  const right = Matrix.columnVector([...along, ...along.map(() => 0)])
  const step = new QrDecomposition(damped).solve(right)
  const trial = pointAt(
    problem,
    parameters.map((value, k) => value + step.get(k, 0) / scale[k]!),
  )
  const expected = squares(triangle.mmul(step).to1DArray()) + 2 * damping * squares(step.to1DArray())
  // Summed over the levels, the difference of the two sums of squares loses less to rounding.
  const gained = trial?.residuals.reduce(
    (sum, after, k) => sum + problem.counts[k]! * (residuals[k]! - after) * (residuals[k]! + after),
    0,
  )
  return { trial, gain: gained === undefined ? Number.NEGATIVE_INFINITY : gained / expected }
}

function converged(
  { y, levels, groups, model, spentDegrees = 0 }: GroupedProblem,
  { parameters, sumOfSquares }: Point,
  { scale, triangle }: Tangent,
  iterations: number,
): LeastSquaresFit {
  const follows = parameters.findIndex((_, k) => !isIndependent(triangle, k))
  if (follows >= 0) {
    return notConverged(`The observations do not tell parameter ${follows + 1} apart from those before it.`)
  }
  const curve = levels.map((x) => model(x, parameters))
  const degreesOfFreedom = y.length - parameters.length - spentDegrees
  const variance = sumOfSquares / degreesOfFreedom
  const inverted = inverse(triangle)
  const covariance = inverted
    .mmulByTranspose()
    .to2DArray()
    .map((row, i) => row.map((value, k) => (variance * value) / (scale[i]! * scale[k]!)))
  return {
    status: 'converged',
    parameters,
    standardErrors: covariance.map((row, k) => Math.sqrt(row[k]!)),
    covariance,
    residualSumOfSquares: sumOfSquares,
    residualStandardError: Math.sqrt(variance),
    degreesOfFreedom,
    residuals: y.map((observed, k) => observed - curve[groups[k]!]!),
    iterations,
  }
}

/**
 * Returns whether a column of the Jacobian has a component that is independent of the columns
 * before it.
 */
function isIndependent(triangle: Matrix, column: number): boolean {
  return Math.abs(triangle.get(column, column)) > minIndependence * triangle.getColumnVector(column).norm()
}

function squares(values: readonly number[]): number {
  let sum = 0
  for (let k = 0; k < values.length; k++) sum += values[k]! * values[k]!
  return sum
}
