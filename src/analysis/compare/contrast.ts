import { checkedNumber, checkOptions } from '../../check.js'
import type { Claim } from '../../study/claim.js'
import { checkedMetric, type Metric } from '../../study/metric.js'
import type { Preregistration } from '../../study/preregistration.js'
import type { Study } from '../../study/study.js'
import { type Factor, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'
import { defaultLevel, defaultMargin } from '../defaults.js'
import { type BlockPair, contrastedTreatments, type ExcludedBlock, pairBlocks, positiveValue } from './pair-blocks.js'
import { blocksBegun, excludedTrials, levelAfter, preregisteredFor } from './preregistration.js'

/** Options of `compare` and `compareSpread`. */
export interface CompareOptions {
  /**
   * The two treatments, each named by the factors that distinguish it from the study's others:
   * `{ workers: 2 }`.
   */
  readonly a: Selection
  readonly b: Selection
  /**
   * The metric to compare.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /**
   * Confidence level of the interval.
   *
   * @default that of the study's preregistration, 0.95 where there is none
   */
  readonly level?: number
  /**
   * What is claimed of `a` against `b`.
   *
   * @default what the study's preregistration claims of them, or else that `a` is better, by any
   * amount
   */
  readonly claim?: Claim
  /**
   * The largest difference that does not matter, as a share.
   *
   * @default that of the study's preregistration, 0.02 where there is none
   */
  readonly margin?: number
}

/** Values of `a` and `b` in one block, in the metric's own unit. */
export interface ContrastPair {
  readonly block: number
  readonly a: number
  readonly b: number
  /** a / b */
  readonly ratio: number
}

/** Two treatments and their values of a metric in every block that has both. */
export interface Contrast {
  readonly a: Treatment
  readonly b: Treatment
  /** The factors that vary in the study; words name the two treatments by them. */
  readonly varying: readonly Factor[]
  readonly metric: Metric
  readonly level: number
  readonly margin: number
  /** The study's preregistration of this contrast; null where it is not the primary one. */
  readonly preregistration: Preregistration | null
  /**
   * Whether it is the study's primary contrast, compared at the level and with the margin of its
   * preregistration.
   */
  readonly preregistered: boolean
  readonly pairs: readonly ContrastPair[]
  readonly excluded: readonly ExcludedBlock[]
  /**
   * All pairs, including those whose trials the plan's rules exclude; null where they exclude none.
   */
  readonly pairsWithExcluded: readonly ContrastPair[] | null
}

/**
 * Checks the options of a comparison and collects the values of its two treatments. Throws
 * `RangeError` for options that make no sense, see `contrastedTreatments`.
 */
export function contrastOf(study: Study, options: CompareOptions): Contrast {
  checkOptions(options, { a: true, b: true, metric: true, level: true, claim: true, margin: true })
  const { metric = 'totalMs' } = options
  checkedMetric(metric)
  const { a, b } = contrastedTreatments(study, options)
  const preregistration = preregisteredFor(study, a, b, metric)
  const preregisteredLevel = preregistration ? levelAfter(preregistration, blocksBegun(study)) : defaultLevel
  const level = checkedNumber('level', options.level ?? preregisteredLevel, { above: 0, below: 1 })
  const margin = checkedNumber('margin', options.margin ?? study.plan.preregistration?.margin ?? defaultMargin, {
    above: 0,
    below: 1,
  })
  const leftOut = excludedTrials(study)
  const values = positiveValue(metric)
  const { pairs, excluded } = pairBlocks(study, { a, b }, values, { leftOut })
  const all = leftOut.size > 0 ? pairBlocks(study, { a, b }, values).pairs : pairs
  return {
    a,
    b,
    varying: varyingFactors(study.plan.treatments),
    metric,
    level,
    margin,
    preregistration,
    preregistered: preregistration !== null && level === preregisteredLevel && margin === preregistration.margin,
    pairs: withRatios(pairs),
    excluded,
    pairsWithExcluded: all.length > pairs.length ? withRatios(all) : null,
  }
}

function withRatios(pairs: readonly BlockPair<number>[]): ContrastPair[] {
  return pairs.map((pair) => ({ ...pair, ratio: pair.a / pair.b }))
}
