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
   * `constant` where observations deviate from the curve by amounts of equal size at every number
   * of workers, `proportional` where by shares of it: least squares are then those of ln
   * throughput. Every fit, test and interval follows it.
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
   * Variance of the mean of the block means, in logarithms, for observations whose block means were
   * taken out, estimated with `spentDegrees` degrees of freedom. The intervals of γ and of
   * throughputs then hold for blocks in general; without it for the blocks observed. Proportional
   * noise only.
   */
  readonly levelVariance?: number | null
}

/** Checked observations in which every option has a value. */
export type CheckedObservations = Required<ScalingObservations>

/**
 * Checks that all observations are finite numbers above 0, one throughput per number of workers,
 * and returns them with the defaults of the options; throws `TypeError` or `RangeError`.
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

/** Counts the different numbers of workers. */
export function differentCounts(workers: readonly number[]): number {
  return new Set(workers).size
}
