import { checkedPositive, checkedWhole } from '../statistics/checked-values.js'
import { type Noise, noiseScale } from './noise-scale.js'

/** Throughput at numbers of workers: one observation per index, in any order, each number of workers as often as it was measured. */
export interface ScalingObservations {
  readonly workers: readonly number[]
  /** Work per unit of time, for instance rows per second. */
  readonly throughput: readonly number[]
  /**
   * `constant` where observations stray from the curve by amounts of the same size at every number of workers, `proportional` where by shares of it:
   * least squares are then those of ln throughput. Every fit, test and interval obeys it. `constant` unless told.
   */
  readonly noise?: Noise
  /** Degrees of freedom that were spent on the throughputs before: one for each mean that was taken out of them. 0 unless told. */
  readonly spentDegrees?: number
}

/** Returns the observations when all are finite numbers above 0, one throughput per number of workers, the rest as `ScalingObservations` has it unless told; throws `TypeError` or `RangeError`. */
export function checkedObservations({
  workers,
  throughput,
  noise = 'constant',
  spentDegrees = 0,
}: ScalingObservations): Required<ScalingObservations> {
  checkedPositive('workers', workers)
  checkedPositive('throughput', throughput)
  if (workers.length !== throughput.length) {
    throw new RangeError(
      `Expected \`workers\` and \`throughput\` to hold one value per observation each, got ${workers.length} and ${throughput.length}`,
    )
  }
  noiseScale(noise)
  checkedWhole('spentDegrees', spentDegrees, 0)
  return { workers, throughput, noise, spentDegrees }
}

/** How many different numbers of workers were observed. */
export function differentCounts(workers: readonly number[]): number {
  return new Set(workers).size
}
