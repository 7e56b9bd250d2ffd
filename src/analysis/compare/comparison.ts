import type { Metric } from '../../study/metric.js'
import type { Treatment } from '../../study/treatment.js'
import type { RatioEstimate } from '../statistics/paired-ratio.js'
import type { SignedRank } from '../statistics/signed-rank.js'
import type { QuotedNumber } from '../text/phrase.js'
import type { ComparisonControls } from './controls.js'
import type { ExcludedBlock } from './pair-blocks.js'
import type { Band, Verdict } from './verdict.js'

/** One block's values of a and b, in the metric's own unit. */
export interface Pair {
  readonly block: number
  readonly a: number
  readonly b: number
  /** a / b */
  readonly ratio: number
}

/** Two treatments compared within blocks. Plain data: safe to print and to write as JSON. */
export interface Comparison {
  readonly study: string
  readonly a: Treatment
  readonly b: Treatment
  /** "2 workers vs 4 at 10K" */
  readonly contrast: string
  readonly metric: Metric
  readonly level: number
  readonly margin: number
  /** Whether this is the contrast that the study's plan registers as its primary one, at the level and with the margin registered there. */
  readonly registered: boolean
  readonly claim: Band
  /** Blocks in which both trials were completed, out of those listed in `pairs`. */
  readonly blocks: number
  readonly pairs: readonly Pair[]
  readonly excluded: readonly ExcludedBlock[]
  /** a / b: geometric mean over blocks with Student's t interval of the log ratios; null without a block. */
  readonly estimate: RatioEstimate | null
  /** Wilcoxon's exact test of the log ratios; its estimate is a ratio too. Null without a block. */
  readonly signedRank: SignedRank | null
  /** Standard deviation of the log ratio within a block; null below two blocks. */
  readonly sd: number | null
  readonly verdict: Verdict
  /** The same with the trials put back that the plan's exclusion rules leave out; null where they leave out none. */
  readonly withExcluded: {
    readonly blocks: number
    readonly estimate: RatioEstimate | null
    readonly verdict: Verdict
  } | null
  /** Which treatment the interval shows to be better, if any, by however little; null below the sample floor too. */
  readonly better: 'a' | 'b' | null
  /** The fewest blocks that a verdict is given for. */
  readonly leastBlocks: number
  /**
   * Blocks, in all, with which the observed `sd` lets the interval tell the claim's least difference (or the margin, where it names
   * none) from no difference with a power of 90 %; null where that is not known, for `blocksToDecideReason`.
   */
  readonly blocksToDecide: number | null
  readonly blocksToDecideReason: string | null
  /** What the study's control trials say about the same metric. */
  readonly controls: ComparisonControls
  /** The answer in words, every number computed. */
  readonly sentence: string
  /** The numbers in `sentence`. */
  readonly numbers: readonly QuotedNumber[]
}
