import type { Metric } from '../../study/metric.js'
import type { Claims } from '../claims.js'

/** One setting that the note measured, once. Null where it does not say. */
export interface ReportedRun {
  readonly workers: number
  readonly batchSize: number
  readonly totalMs: number | null
  readonly insertMs: number
  readonly recordsPerSecond: number | null
}

/** What the working note says beside its claims. */
export interface Note {
  /** How many records each of its runs loaded, about. */
  readonly records: number
  readonly runs: readonly ReportedRun[]
  /**
   * The values that it predicts for 2 workers at 10K, lowest and highest, by the metric, in its own
   * unit.
   */
  readonly predicted: { readonly [metric in Metric]?: readonly [number, number] }
}

/**
 * The working note that came with a file of claims, `data/claims.json`. Throws `RangeError` for
 * claims without one.
 */
export function noteOf({ note }: Pick<Claims, 'note'>): Note {
  const { records, runs, predicted } = (note ?? {}) as Partial<Note>
  if (typeof records === 'number' && Array.isArray(runs) && predicted) return { records, runs, predicted }
  throw new RangeError(
    'Expected claims with a `note` of `records`, `runs` and `predicted`, as data/claims.json has, got claims without',
  )
}
