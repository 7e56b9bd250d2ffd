import { checkedInteger, checkedNumbers } from '../../check.js'
import type { FTest } from '../statistics/least-squares.js'
import { fTail } from '../statistics/numerics/f-tail.js'
import { mean } from '../statistics/numerics/moments.js'
import { noiseScale } from './noise-scale.js'
import { checkedObservations, differentCounts, type ScalingObservations } from './scaling-observations.js'

/**
 * The part of a fit that the test needs: the curve's throughput at each observation, in the same
 * order, and the fit's degrees of freedom.
 */
export interface FittedCurve {
  readonly fitted: readonly number[]
  readonly degreesOfFreedom: number
}

/**
 * Tests a fitted curve against the spread of repeated observations (Draper & Smith 1966, Applied
 * Regression Analysis, section 1.5): F is what the curve misses of the means at each number of
 * workers against the pure error within them. Both are those of the logarithms where the noise is
 * proportional. A small p says that the curve has the wrong form. Null where no number of workers
 * was measured twice, and where there are no more different ones than parameters.
 *
 * @throws `TypeError` or `RangeError` for values that are no finite numbers above 0, for lists of
 * different lengths, and for degrees of freedom that are no whole number below the observations.
 * @example
 * const workers = [1, 1, 2, 2, 4, 4, 8, 8]
 * const observed = { workers, throughput: [98, 102, 180, 184, 290, 296, 330, 322] }
 * const fit = fitUsl(observed)
 * fit.status === 'converged' && lackOfFit(observed, fit)?.p // 0.4638
 */
export function lackOfFit(observations: ScalingObservations, { fitted, degreesOfFreedom }: FittedCurve): FTest | null {
  const { workers, throughput, noise, spentDegrees } = checkedObservations(observations)
  if (checkedNumbers('fitted', fitted).length !== workers.length) {
    throw new RangeError(
      `Expected \`fitted\` to hold one value per observation, got ${fitted.length} for ${workers.length}`,
    )
  }
  checkedInteger('degreesOfFreedom', degreesOfFreedom, { from: 0, below: workers.length })
  const df2 = workers.length - differentCounts(workers) - spentDegrees
  const df1 = degreesOfFreedom - df2
  if (df1 < 1 || df2 < 1) return null
  const scale = noiseScale(noise)
  const observed = throughput.map(scale.of)
  const means = meansAt(workers, observed)
  let missed = 0
  let pureError = 0
  for (const [k, count] of workers.entries()) {
    missed += (means.get(count)! - scale.of(fitted[k]!)) ** 2
    pureError += (observed[k]! - means.get(count)!) ** 2
  }
  const f = pureError === 0 ? (missed === 0 ? 0 : Number.POSITIVE_INFINITY) : missed / df1 / (pureError / df2)
  return { f, df1, df2, p: fTail(f, df1, df2) }
}

/** Returns the mean of the observations at each number of workers. */
function meansAt(workers: readonly number[], observed: readonly number[]): ReadonlyMap<number, number> {
  const groups = new Map<number, number[]>()
  for (const [k, count] of workers.entries()) {
    const known = groups.get(count)
    if (known) known.push(observed[k]!)
    else groups.set(count, [observed[k]!])
  }
  return new Map([...groups].map(([count, values]) => [count, mean(values)]))
}
