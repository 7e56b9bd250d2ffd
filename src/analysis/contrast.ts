import type { Study, Treatment } from '../executor/types.js'
import type { Pair } from './comparison.js'
import { checkedMetric, type Metric } from './metrics.js'
import { contrastedTreatments, type ExcludedBlock, pairBlocks, positiveValue } from './pair-blocks.js'
import { checkedBetween } from './statistics/checked-values.js'
import type { Selection } from './treatments.js'
import type { Claim } from './verdict.js'

export interface CompareOptions {
  /** The two treatments, each named by the factors that tell it from the study's others: `{ workers: 2 }`. */
  readonly a: Selection
  readonly b: Selection
  /** `totalMs` unless told. */
  readonly metric?: Metric
  /** Confidence level; 0.95 unless told. */
  readonly level?: number
  /** What is claimed of a against b; that a is better, by any amount, unless told. */
  readonly claim?: Claim
  /** The largest difference that does not matter, as a share; 0.05 unless told. */
  readonly margin?: number
}

/** Two treatments and their values of a metric in every block that has both. */
export interface Contrast {
  readonly a: Treatment
  readonly b: Treatment
  readonly metric: Metric
  readonly level: number
  readonly margin: number
  readonly pairs: readonly Pair[]
  readonly excluded: readonly ExcludedBlock[]
}

/** What the options ask to compare, checked, with its values. Throws `RangeError` for options that make no sense, see `contrastedTreatments`. */
export function contrastOf(study: Study, options: CompareOptions): Contrast {
  const { metric = 'totalMs', level = 0.95, margin = 0.05 } = options
  checkedMetric(metric)
  checkedBetween('level', level, 0, 1)
  checkedBetween('margin', margin, 0, 1)
  const { a, b } = contrastedTreatments(study, options)
  const { pairs, excluded } = pairBlocks(study, { a, b }, positiveValue(metric))
  return { a, b, metric, level, margin, pairs: pairs.map((pair) => ({ ...pair, ratio: pair.a / pair.b })), excluded }
}
