import { checkedInteger, checkedNumbers } from '../../check.js'
import { type NoiseModel, noiseScale } from './noise-scale.js'

/**
 * Throughput at numbers of workers: one observation per index, in any order, each number of workers
 * as often as it was measured.
 */
export interface ScalingObservations {
  readonly workers: readonly number[]
  /** Work per unit of time, for instance rows per second. */
  readonly throughput: readonly number[]
  /**
   * `constant` where observations stray from the curve by amounts of the same size at every number
   * of workers, `proportional` where by shares of it: least squares are then those of ln
   * throughput. Every fit, test and interval obeys it.
   *
   * @default 'constant'
   */
  readonly noise?: NoiseModel
  /**
   * Degrees of freedom that were spent on the throughputs before: one for each mean that was taken
   * out of them.
   *
   * @default 0
   */
  readonly spentDegrees?: number
  /**
   * Of observations whose block means were taken out: the variance of the mean of those means, in
   * logarithms, estimated with `spentDegrees` degrees of freedom. The intervals of γ and of
   * throughputs then hold for blocks in general; without it for the blocks observed. Proportional
   * noise only.
   */
  readonly levelVariance?: number | null
}

/** Observations with nothing left to be told. */
export type CheckedObservations = Required<ScalingObservations>

/**
 * Returns the observations when all are finite numbers above 0, one throughput per number of
 * workers, the rest with their defaults; throws `TypeError` or `RangeError`.
 */
export function checkedObservations({
  workers,
  throughput,
  noise = 'constant',
  spentDegrees = 0,
  levelVariance = null,
}: ScalingObservations): CheckedObservations {
  checkedNumbers('workers', workers, { above: 0 })
  checkedNumbers('throughput', throughput, { above: 0 })
  if (workers.length !== throughput.length) {
    throw new RangeError(
      `Expected \`workers\` and \`throughput\` to hold one value per observation each, got ${workers.length} and ${throughput.length}`,
    )
  }
  noiseScale(noise)
  checkedInteger('spentDegrees', spentDegrees, { from: 0 })
  if (levelVariance !== null) {
    checkedNumbers('levelVariance', [levelVariance])
    if (levelVariance < 0 || noise !== 'proportional' || spentDegrees < 1) {
      throw new RangeError(
        `Expected \`levelVariance\` from 0 on, with proportional noise and \`spentDegrees\` from 1 on, got ${levelVariance} with ${noise} noise and ${spentDegrees}`,
      )
    }
  }
  return { workers, throughput, noise, spentDegrees, levelVariance }
}

/** How many different numbers of workers were observed. */
export function differentCounts(workers: readonly number[]): number {
  return new Set(workers).size
}
