import normal from '@stdlib/stats-base-dists-normal'
import { Matrix, solve } from 'ml-matrix'
import { checkedInteger, checkedNumber, checkedNumbers } from '../../../check.js'
import { defaultLevel } from '../../defaults.js'
import type { Interval, LevelOptions } from '../estimate.js'
import { mean, standardDeviation } from '../numerics/moments.js'
import { sortedQuantile } from '../numerics/quantile.js'
import { makeRandom } from '../numerics/random.js'

/**
 * A function that estimates a quantity from a sample: a mean, a ratio of sums. It is called once
 * per resample with one list that is filled with new values each time; it must neither keep nor
 * change the list.
 */
export type Statistic<T> = (sample: readonly T[]) => number

/** Options of resampling. */
export interface BootstrapOptions extends LevelOptions {
  /**
   * Number of resamples, 1000 at least.
   *
   * @default 10_000
   */
  readonly resamples?: number
  /**
   * Seed of the random numbers, a whole number from 0.
   *
   * @default 1
   */
  readonly seed?: number
}

/** Four intervals of one statistic from the same resamples, in the units of the statistic. */
export interface BootstrapIntervals {
  /**
   * The estimate, less its bias, plus and minus normal quantiles of the resamples' standard
   * deviation.
   */
  readonly normal: Interval
  /** The percentile interval mirrored at the estimate. */
  readonly basic: Interval
  /** Quantiles of the resampled statistics. */
  readonly percentile: Interval
  /**
   * Quantiles that are shifted for bias and for a spread that changes with the statistic:
   * bias-corrected and accelerated.
   */
  readonly bca: Interval
}

const minResamples = 1000

/**
 * Returns the bias-corrected and accelerated bootstrap interval (Efron 1987, Journal of the
 * American Statistical Association 82, 171–185) of a statistic, in its units: quantiles of the
 * statistic's values in resamples of the sample, shifted for bias and for a spread that changes
 * with the statistic. The level is nominal.
 *
 * @throws `TypeError` or `RangeError` for fewer than two values, for numbers among them that are
 * not finite, for a statistic that is no finite number, for options outside their ranges, and where
 * the level asks for a quantile with less than one resample beyond it.
 * @example
 * const values = [8.2, 9.1, 7.7, 12.9, 8.8, 9.5, 8.4, 9.9]
 * bcaInterval(values, median) // { level: 0.95, lower: 8.2, upper: 9.9 }
 */
export function bcaInterval<T>(
  values: readonly T[],
  statistic: Statistic<T>,
  options: BootstrapOptions = {},
): Interval {
  return bootstrapIntervals(values, statistic, options).bca
}

/**
 * Returns the normal, basic, percentile and BCa intervals of a statistic, in its units (Davison &
 * Hinkley 1997, Bootstrap Methods and their Application, chapter 5), from resamples of the values
 * with replacement; values that are pairs or rows are resampled whole. The level is nominal: none
 * of the four is exact. The acceleration of BCa rests on the influences that a regression of the
 * resampled statistics on the numbers of times that each value was drawn finds, as in R's boot; on
 * the jackknife's for large samples.
 *
 * @throws `TypeError` or `RangeError` for fewer than two values, for numbers among them that are
 * not finite, for a statistic that is no finite number, for options outside their ranges, and where
 * the level asks for a quantile with less than one resample beyond it.
 * @example
 * const pairs = [[9.1, 10.2], [8.7, 9.9], [9.4, 10.1], [9.0, 10.4], [9.3, 9.8]]
 * const ratios = (rows: readonly number[][]) => rows.map(([a, b]) => a! / b!)
 * const intervals = bootstrapIntervals(pairs, (rows) => median(ratios(rows)))
 * intervals.percentile // { level: 0.95, lower: 0.8654, upper: 0.949 }
 */
export function bootstrapIntervals<T>(
  values: readonly T[],
  statistic: Statistic<T>,
  { level = defaultLevel, resamples = 10_000, seed = 1 }: BootstrapOptions = {},
): BootstrapIntervals {
  checkedNumber('level', level, { above: 0, below: 1 })
  checkedInteger('resamples', resamples, { from: minResamples })
  const tail = (1 - level) / 2
  const checkReached = (share: number): void => {
    if (share * resamples >= 1 - 1e-9) return
    throw new RangeError(
      `Expected \`resamples\` to leave one beyond each bound at a level of ${level}, got ${resamples}: too few, or too high a level`,
    )
  }
  checkReached(tail)
  const estimate = finite(statistic(checkedSample(values)))
  const { resampled, influences } = resample(values, statistic, { estimate, resamples, seed })
  const acceleration = influences ? skewnessOf(influences) : bcaAcceleration(values, statistic)
  const sorted = Float64Array.from(resampled).sort()
  const at = (share: number): number => sortedQuantile(sorted, share)

  const centre = 2 * estimate - mean(resampled)
  const half = normal.quantile(1 - tail, 0, 1) * standardDeviation(resampled)
  const [lower, upper] = [at(tail), at(1 - tail)]

  const bias = biasCorrection(sorted, estimate)
  const adjusted = (share: number): number => {
    const z = bias + normal.quantile(share, 0, 1)
    // From here on the map from shares to shares ends, at the end of the distribution.
    if (acceleration * z >= 1) return z > 0 ? 1 : 0
    return normal.cdf(bias + z / (1 - acceleration * z), 0, 1)
  }
  const [from, to] = [adjusted(tail), adjusted(1 - tail)]
  checkReached(Math.min(from, 1 - to))
  return {
    normal: { level, lower: centre - half, upper: centre + half },
    basic: { level, lower: 2 * estimate - upper, upper: 2 * estimate - lower },
    percentile: { level, lower, upper },
    bca: { level, lower: at(from), upper: at(to) },
  }
}

/**
 * Computes how fast the spread of a statistic changes with its value: Efron's acceleration (1987),
 * a sixth of the skewness of the jackknife's influences (statistics that each leave one value out,
 * subtracted from their mean). No unit; 0 where they are all equal.
 */
export function bcaAcceleration<T>(values: readonly T[], statistic: Statistic<T>): number {
  checkedSample(values)
  const without = Array.from(values, (_, k) => finite(statistic(values.filter((_, other) => other !== k))))
  const centre = mean(without)
  const scale = largest(without)
  return skewnessOf(
    without.map((value) => centre - value),
    scale,
  )
}

/**
 * Returns a sixth of the skewness of influences that add up to 0; 0 where they differ from 0 by
 * rounding alone, given the size of the values that they were computed from.
 */
function skewnessOf(influences: readonly number[], scale = 0): number {
  let squares = 0
  let cubes = 0
  for (const influence of influences) {
    squares += influence ** 2
    cubes += influence ** 3
  }
  return Math.sqrt(squares) <= 1e-14 * scale || squares === 0 ? 0 : cubes / (6 * squares ** 1.5)
}

/**
 * Number of resamples for each value from which a regression on them is better than the jackknife.
 */
const resamplesPerValue = 20

/**
 * Computes the statistics of all resamples; and the influences of the values by regression, up to a
 * factor, null for samples too large for it.
 */
function resample<T>(
  values: readonly T[],
  statistic: Statistic<T>,
  { estimate, resamples, seed }: { readonly estimate: number; readonly resamples: number; readonly seed: number },
): { resampled: number[]; influences: number[] | null } {
  const random = makeRandom(seed)
  const n = values.length
  const regression = resamples >= resamplesPerValue * n ? new InfluenceRegression(n) : null
  const drawn = new Int32Array(n)
  const sample = Array.from(values)
  const resampled = new Array<number>(resamples)
  for (let k = 0; k < resamples; k++) {
    drawn.fill(0)
    for (let index = 0; index < n; index++) {
      const taken = random.integerBelow(n)
      drawn[taken]!++
      sample[index] = values[taken]!
    }
    const value = finite(statistic(sample))
    resampled[k] = value
    regression?.add(drawn, value - estimate)
  }
  return { resampled, influences: regression?.influences() ?? null }
}

/**
 * Least squares of a statistic's deviations on how often each value was drawn; the first value's
 * column follows from the others'.
 */
class InfluenceRegression {
  private readonly products: Matrix
  private readonly along: number[]

  constructor(private readonly n: number) {
    this.products = Matrix.zeros(n - 1, n - 1)
    this.along = new Array<number>(n - 1).fill(0)
  }

  /** Adds a resample; each value is drawn once in the mean. */
  add(drawn: Int32Array, deviation: number): void {
    const { n, products, along } = this
    for (let row = 1; row < n; row++) {
      const excess = drawn[row]! - 1
      if (excess === 0) continue
      along[row - 1]! += excess * deviation
      for (let column = 1; column <= row; column++) {
        products.set(row - 1, column - 1, products.get(row - 1, column - 1) + excess * (drawn[column]! - 1))
      }
    }
  }

  influences(): number[] {
    const { n, products, along } = this
    for (let row = 0; row < n - 1; row++) {
      for (let column = row + 1; column < n - 1; column++) products.set(row, column, products.get(column, row))
    }
    const slopes = [0, ...solve(products, Matrix.columnVector(along), true).to1DArray()]
    const centre = mean(slopes)
    return slopes.map((slope) => slope - centre)
  }
}

/**
 * Returns the normal quantile of the share of resampled statistics below the estimate, those equal
 * to it counted half: equal up to the rounding error of the same values in another order.
 */
function biasCorrection(sorted: Float64Array, estimate: number): number {
  const tolerance = 1e-12 * largest(sorted)
  let below = 0
  let equal = 0
  for (const value of sorted) {
    if (value < estimate - tolerance) below++
    else if (value <= estimate + tolerance) equal++
  }
  const share = (below + equal / 2) / sorted.length
  if (share > 0 && share < 1) return normal.quantile(share, 0, 1)
  throw new RangeError(
    `Expected resampled statistics on both sides of the estimate ${estimate}, got all ${share === 0 ? 'above' : 'below'} it`,
  )
}

/**
 * Checks that there are two values at least and that numbers among them are finite, and returns the
 * values.
 */
function checkedSample<T>(values: readonly T[]): readonly T[] {
  const rows = Array.isArray(values) && values.length >= 2 && values.every((value) => typeof value === 'object')
  if (!rows) checkedNumbers('values', values as readonly unknown[] as readonly number[], { least: 2 })
  return values
}

function largest(values: Iterable<number>): number {
  let size = 0
  for (const value of values) size = Math.max(size, Math.abs(value))
  return size
}

function finite(value: number): number {
  if (Number.isFinite(value)) return value
  throw new RangeError(`Expected \`statistic\` to be a finite number for every resample, got ${value}`)
}
