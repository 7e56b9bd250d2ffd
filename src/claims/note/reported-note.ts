import type { Metric } from '../../study/metric.js'

/** One setting that the note measured, once. Null where it does not say. */
export interface ReportedRun {
  readonly workers: number
  readonly batchSize: number
  readonly totalMs: number | null
  readonly insertMs: number
  readonly recordsPerSecond: number | null
}

/** What the working note says beside its claims. */
export interface ReportedNote {
  /** How many records each of its runs loaded, about. */
  readonly records: number
  readonly runs: readonly ReportedRun[]
  /**
   * The values that it predicts for 2 workers at 10K, lowest and highest, by the metric, in its own
   * unit.
   */
  readonly predicted: { readonly [metric in Metric]?: readonly [number, number] }
}
