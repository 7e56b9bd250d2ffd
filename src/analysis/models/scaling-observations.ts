import { checkedPositive, checkedWhole } from '../statistics/checked-values.js'

/** Throughput at numbers of workers: one observation per index, in any order, each number of workers as often as it was measured. */
export interface ScalingObservations {
  readonly workers: readonly number[]
  /** Work per unit of time, for instance rows per second. */
  readonly throughput: readonly number[]
  /** Degrees of freedom that were spent on the throughputs before: one for each mean that was taken out of them. 0 unless told. */
  readonly spentDegrees?: number
}

/** Returns the observations when all are finite numbers above 0, one throughput per number of workers, no degree of freedom spent unless told; throws `TypeError` or `RangeError`. */
export function checkedObservations({
  workers,
  throughput,
  spentDegrees = 0,
}: ScalingObservations): Required<ScalingObservations> {
  checkedPositive('workers', workers)
  checkedPositive('throughput', throughput)
  if (workers.length !== throughput.length) {
    throw new RangeError(
      `Expected \`workers\` and \`throughput\` to hold one value per observation each, got ${workers.length} and ${throughput.length}`,
    )
  }
  checkedWhole('spentDegrees', spentDegrees, 0)
  return { workers, throughput, spentDegrees }
}

/** How many different numbers of workers were observed. */
export function differentCounts(workers: readonly number[]): number {
  return new Set(workers).size
}
