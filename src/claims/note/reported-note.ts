import type { Metric } from '../../study/metric.js'

/** One setting that the note measured, once. Null where it does not say. */
export interface ReportedRun {
  readonly workers: number
  readonly batchSize: number
  readonly totalMs: number | null
  readonly insertMs: number
  readonly recordsPerSecond: number | null
}

/** The statements of the working note in addition to its claims. */
export interface ReportedNote {
  /** Approximate number of records that each of its runs loaded. */
  readonly records: number
  readonly runs: readonly ReportedRun[]
  /**
   * The predicted values for 2 workers at 10K, lowest and highest, by metric, in the metric's own
   * unit.
   */
  readonly predicted: { readonly [metric in Metric]?: readonly [number, number] }
}
