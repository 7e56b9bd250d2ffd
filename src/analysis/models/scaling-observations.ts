import { checkedPositive } from '../statistics/checked-values.js'

/** Throughput at numbers of workers: one observation per index, in any order, each number of workers as often as it was measured. */
export interface ScalingObservations {
  readonly workers: readonly number[]
  /** Work per unit of time, for instance rows per second. */
  readonly throughput: readonly number[]
}

/** Returns the observations when all are finite numbers above 0, one throughput per number of workers; throws `TypeError` or `RangeError`. */
export function checkedObservations({ workers, throughput }: ScalingObservations): ScalingObservations {
  checkedPositive('workers', workers)
  checkedPositive('throughput', throughput)
  if (workers.length !== throughput.length) {
    throw new RangeError(
      `Expected \`workers\` and \`throughput\` to hold one value per observation each, got ${workers.length} and ${throughput.length}`,
    )
  }
  return { workers, throughput }
}

/** How many different numbers of workers were observed. */
export function differentCounts(workers: readonly number[]): number {
  return new Set(workers).size
}
