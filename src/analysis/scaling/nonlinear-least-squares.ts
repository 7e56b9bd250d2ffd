import { inverse, Matrix, QrDecomposition } from 'ml-matrix'
import { checkedValues, checkedWhole } from '../statistics/numerics/checked-values.js'

/** A curve to be fitted to observations. */
export interface LeastSquaresProblem {
  readonly x: readonly number[]
  /** What was observed at each x. */
  readonly y: readonly number[]
  /** The curve's value at x. NaN or an infinity says that the parameters are not allowed. */
  readonly model: (x: number, parameters: readonly number[]) => number
  /** The model's derivative by each parameter; central differences unless given. */
  readonly gradient?: (x: number, parameters: readonly number[]) => readonly number[]
  readonly start: readonly number[]
  /** Steps tried at most; 1000 unless told. */
  readonly maxIterations?: number
  /** Degrees of freedom that y has fewer than observations; 0 unless told. */
  readonly spentDegrees?: number
}

/** Why there is no fit, in words. */
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
  /** Observed less fitted, in the order given. */
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
/** The share of the reduction expected of a step that it has to bring. */
const minGain = 1e-4
const minDamping = 1e-15
/** A step damped this much no longer moves the parameters. */
const maxDamping = 1e15
/**
 * A column of the Jacobian whose part of its own is less than this share of it follows from the
 * others.
 */
const minIndependence = 1e-9

/**
 * Fits a nonlinear curve by least squares: Levenberg (1944) and Marquardt (1963), the damping
 * scaled by the largest column norms of the Jacobian so far (Moré 1978) and led by the gain of each
 * step (Nielsen 1999). Converged means that the relative offset of Bates & Watts (1981) is small:
 * the residuals' part along the tangent against the part across it. Parameters whose steps merely
 * became short are not an answer. Throws `TypeError` or `RangeError` for values that are no finite
 * numbers, and for no more observations than parameters.
 */
export function fitLeastSquares(given: LeastSquaresProblem): LeastSquaresFit {
  const { start, maxIterations } = checkedProblem(given)
  const problem: GroupedProblem = { ...given, ...groupsOf(given.x) }
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
    // So near the minimum rounding hides what a step gains; the offset still tells.
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
  return converged(point, tangent, iterations, given.spentDegrees ?? 0)
}

function notConverged(reason: string): NotConverged {
  return { status: 'not-converged', reason }
}

function checkedProblem({ x, y, start, maxIterations = 1000, spentDegrees = 0 }: LeastSquaresProblem): {
  start: readonly number[]
  maxIterations: number
} {
  checkedValues('x', x)
  checkedValues('y', y)
  checkedValues('start', start)
  if (x.length !== y.length) {
    throw new RangeError(`Expected \`x\` and \`y\` to be of equal length, got ${x.length} and ${y.length}`)
  }
  checkedWhole('spentDegrees', spentDegrees, 0)
  if (y.length - spentDegrees <= start.length) {
    throw new RangeError(
      `Expected more observations than the ${start.length} parameters of \`start\`${spentDegrees > 0 ? ` and ${spentDegrees} degrees of freedom` : ''}, got ${y.length}`,
    )
  }
  if (!(Number.isSafeInteger(maxIterations) && maxIterations >= 1)) {
    throw new RangeError(`Expected \`maxIterations\` to be a whole number from 1, got ${maxIterations}`)
  }
  return { start, maxIterations }
}

/** The observations by their x: the curve and its tangent are the same for all of one group. */
interface GroupedProblem extends LeastSquaresProblem {
  /** Each x once, in the order in which they come. */
  readonly levels: readonly number[]
  /** The place of each observation's x among the levels. */
  readonly groups: readonly number[]
  /** How many observations each level has. */
  readonly counts: readonly number[]
}

function groupsOf(x: readonly number[]): Pick<GroupedProblem, 'levels' | 'groups' | 'counts'> {
  const places = new Map<number, number>()
  for (const value of x) if (!places.has(value)) places.set(value, places.size)
  const counts = new Array<number>(places.size).fill(0)
  const groups = x.map((value) => places.get(value)!)
  for (const group of groups) counts[group]!++
  return { levels: [...places.keys()], groups, counts }
}

interface Point {
  readonly parameters: readonly number[]
  readonly residuals: readonly number[]
  readonly sumOfSquares: number
}

function pointAt({ y, levels, groups, model }: GroupedProblem, parameters: readonly number[]): Point | null {
  const curve = levels.map((x) => model(x, parameters))
  const residuals = y.map((observed, k) => observed - curve[groups[k]!]!)
  const sumOfSquares = squares(residuals)
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
  /** Bates & Watts's relative offset. */
  readonly offset: number
}

/**
 * The rows of a level are equal but for their residuals. One row that is √count times theirs, with
 * the mean of the residuals, has the same triangle; what the residuals differ by within a level is
 * across any tangent.
 */
function tangentAt(problem: GroupedProblem, point: Point, minScale: readonly number[]): Tangent | null {
  const { y, levels, groups, counts } = problem
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
  const means = counts.map(() => 0)
  for (const [k, residual] of point.residuals.entries()) means[groups[k]!]! += residual / counts[groups[k]!]!
  const within = squares(point.residuals.map((residual, k) => residual - means[groups[k]!]!))
  // With the residuals as the last column, the triangle ends in their parts along the columns of Q,
  // and in what is across them.
  const columns = jacobian.divRowVector(scale).addColumn(
    count,
    means.map((value, k) => weights[k]! * value),
  )
  while (columns.rows < columns.columns) columns.addRow(columns.rows, new Array<number>(count + 1).fill(0))
  const whole = new QrDecomposition(columns).upperTriangularMatrix
  const triangle = whole.subMatrix(0, count - 1, 0, count - 1)
  // Where a column follows from others, rounding alone gives it a direction.
  const along = scale.map((_, k) => (isIndependent(triangle, k) ? whole.get(k, count) : 0))
  const inPlane = squares(along) / count
  const across = (whole.get(count, count) ** 2 + within) / (point.residuals.length - count)
  const floor = (minRelativeResidual ** 2 * squares(y)) / y.length
  return { scale, triangle, along, offset: inPlane === 0 ? 0 : Math.sqrt(inPlane / (across + floor)) }
}

function gradientAt(
  { model, gradient, start }: LeastSquaresProblem,
  x: number,
  parameters: readonly number[],
): readonly number[] {
  if (gradient) return gradient(x, parameters)
  return parameters.map((value, k) => {
    // The width at which the rounding of the model and the curvature that the difference leaves out
    // are about equal.
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
 * The point that a damped step leads to, null where the model is not finite, and what it gains
 * against what the tangent promised.
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
  // Summed over the observations, the difference of the two sums of squares loses less to rounding.
  const gained = trial?.residuals.reduce((sum, after, k) => sum + (residuals[k]! - after) * (residuals[k]! + after), 0)
  return { trial, gain: gained === undefined ? Number.NEGATIVE_INFINITY : gained / expected }
}

function converged(
  { parameters, residuals, sumOfSquares }: Point,
  { scale, triangle }: Tangent,
  iterations: number,
  spentDegrees: number,
): LeastSquaresFit {
  const follows = parameters.findIndex((_, k) => !isIndependent(triangle, k))
  if (follows >= 0) {
    return notConverged(`The observations do not tell parameter ${follows + 1} apart from those before it.`)
  }
  const degreesOfFreedom = residuals.length - parameters.length - spentDegrees
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
    residuals,
    iterations,
  }
}

/** Whether a column of the Jacobian has a part that does not follow from the columns before it. */
function isIndependent(triangle: Matrix, column: number): boolean {
  return Math.abs(triangle.get(column, column)) > minIndependence * triangle.getColumnVector(column).norm()
}

function squares(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value * value, 0)
}
