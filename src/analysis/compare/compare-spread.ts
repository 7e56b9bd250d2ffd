import { claimBounds } from '../../study/claim.js'
import type { Study } from '../../study/study.js'
import { basisOf, replicateCount, replicateMeans } from '../replicates/replicates.js'
import { type SpreadRatio, spreadRatio } from '../statistics/spread-ratio.js'
import { programClocks } from '../text/program-clock.js'
import { contrastPhrase } from '../text/sentence.js'
import { verdictParts } from '../verdict/parts.js'
import { judge, minJudgedBlocks } from '../verdict/verdict.js'
import type { Comparison } from './compare.js'
import { type CompareOptions, type ContrastPair, contrastOf } from './contrast.js'

/**
 * Comparison of how much two treatments vary over blocks. Plain data: safe to print and to write as
 * JSON.
 */
export interface SpreadComparison
  extends Omit<
    Comparison,
    | 'estimate'
    | 'signedRank'
    | 'sd'
    | 'sessionRatios'
    | 'components'
    | 'better'
    | 'blocksToDecide'
    | 'sessionsToDecide'
    | 'blocksToDecideReason'
    | 'controls'
    | 'preregistered'
    | 'withExcluded'
    | 'result'
  > {
  readonly result: 'spread-comparison'
  /**
   * Standard deviations of the metric's logarithm over blocks, in a study in sessions of its means
   * over sessions, and their ratio a / b; null where a value is alone or never varies.
   */
  readonly estimate: SpreadRatio | null
}

/** Words and direction of a spread: a smaller one is less, never faster. */
export const spreadFacts = { goal: 'min', kind: 'amount', less: 'less', more: 'more' } as const

/**
 * Compares how much two treatments vary over blocks ("more predictable") by the ratio of the
 * standard deviations of the metric's logarithm, paired by block since blocks share the machine's
 * drift: see `spreadRatio` for the statistic and `verdictRules` for the verdict. In a study in
 * sessions it is the spread of the sessions' means that is compared, paired by session: how far the
 * two differ from one start of server and client to the next, and not from block to block within
 * one. The claim and the margin are about the spreads; without a claim, that the spread of `a` is
 * less, by any amount. Throws `RangeError` as `compare` does.
 */
export function compareSpread(study: Study, options: CompareOptions): SpreadComparison {
  const contrasted = contrastOf(study, options)
  const { a, b, varying, metric, level, margin, pairs, excluded } = contrasted
  const claim = claimBounds(options.claim ?? { lessBy: [0, null] }, spreadFacts, `the spread of ${metric}`)
  const basis = basisOf(study, pairs)
  const estimate = spreadOf(study, pairs, level)
  const interval = replicateCount(basis) >= minJudgedBlocks ? (estimate?.interval ?? null) : null
  return {
    result: 'spread-comparison',
    study: study.plan.name,
    a,
    b,
    varying,
    contrast: contrastPhrase(contrasted).text,
    metric,
    level,
    margin,
    claim,
    ...basis,
    pairs,
    excluded,
    estimate,
    verdict: interval ? judge(interval, claim, margin) : 'undecided',
    ...verdictParts(interval, claim, margin),
    minBlocks: minJudgedBlocks,
    clocks: programClocks(study, [a, b], metric),
  }
}

function spreadOf(study: Study, pairs: readonly ContrastPair[], level: number): SpreadRatio | null {
  const varies = (values: readonly number[]): boolean => new Set(values).size > 1
  const a = replicateMeans(study, pairs, (pair) => Math.log(pair.a))
  const b = replicateMeans(study, pairs, (pair) => Math.log(pair.b))
  return varies(a) && varies(b) ? spreadRatio(a, b, { level }) : null
}
