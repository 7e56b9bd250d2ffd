import type { Claim } from '../../study/claim.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Interval, mapEstimate } from '../statistics/estimate.js'
import { standardDeviation } from '../statistics/numerics/moments.js'
import { logRatio, pairedRatio, type RatioEstimate } from '../statistics/paired-ratio.js'
import { requiredBlocks } from '../statistics/required-blocks.js'
import { leastDifferences, signedRank } from '../statistics/signed-rank.js'
import { comparisonPhrase, contrastPhrase } from '../text/sentence.js'
import type { Comparison, Pair } from './comparison.js'
import { type CompareOptions, contrastOf } from './contrast.js'
import { comparisonControls } from './controls.js'
import { type Band, bandOf, judge, sampleFloor, type Verdict } from './verdict.js'

/**
 * Compares two treatments of a study by their ratio within blocks, against a claim: see `judge` for the verdict. Below the sample
 * floor the verdict is `undecided`. Throws `RangeError` when `a` or `b` leaves several treatments (naming the factor to add), when
 * they differ in a factor that one of them does not name, and when they are the same.
 */
export function compare(study: Study, options: CompareOptions): Comparison {
  const { a, b, metric, level, margin, registered, pairs, excluded, pairsWithExcluded } = contrastOf(study, options)
  const claim = bandOf(options.claim ?? betterClaim(metric), metric)
  const leastBlocks = Math.max(sampleFloor, leastDifferences(level))
  const measured = pairs.length > 0 ? measure(pairs, level) : { estimate: null, signedRank: null, sd: null }
  const judgedInterval = (estimate: Comparison['estimate']): Interval | null =>
    estimate && estimate.n >= leastBlocks ? estimate.interval : null
  const verdictOf = (estimate: Comparison['estimate']): Verdict => {
    const interval = judgedInterval(estimate)
    return interval ? judge(interval, claim, margin) : 'undecided'
  }
  const putBack = (used: readonly Pair[]): NonNullable<Comparison['withExcluded']> => {
    const estimate = ratioOf(used, level)
    return { blocks: used.length, estimate, verdict: verdictOf(estimate) }
  }
  const interval = judgedInterval(measured.estimate)
  const contrast = contrastPhrase(study, a, b)
  const comparison = {
    study: study.plan.name,
    a,
    b,
    contrast: contrast.text,
    metric,
    level,
    margin,
    registered,
    claim,
    blocks: pairs.length,
    pairs,
    excluded,
    ...measured,
    verdict: verdictOf(measured.estimate),
    withExcluded: pairsWithExcluded && putBack(pairsWithExcluded),
    better: interval ? betterOf(interval, metric) : null,
    leastBlocks,
    ...blocksToDecide(measured.sd, claim, margin, level, leastBlocks),
    controls: comparisonControls(study, metric, level),
  }
  const { text, numbers } = comparisonPhrase(contrast, comparison)
  return { ...comparison, sentence: text, numbers }
}

function betterClaim(metric: Metric): Claim {
  return metrics[metric].goal === 'min' ? { lessBy: [0, null] } : { moreBy: [0, null] }
}

function betterOf(interval: { readonly lower: number; readonly upper: number }, metric: Metric): 'a' | 'b' | null {
  const aIsLess = interval.upper < 1
  if (!aIsLess && interval.lower <= 1) return null
  return aIsLess === (metrics[metric].goal === 'min') ? 'a' : 'b'
}

const sidesOf = (pairs: readonly Pair[]): [number[], number[]] => [pairs.map(({ a }) => a), pairs.map(({ b }) => b)]

const ratioOf = (pairs: readonly Pair[], level: number): RatioEstimate => pairedRatio(...sidesOf(pairs), { level })

function measure(pairs: readonly Pair[], level: number): Pick<Comparison, 'estimate' | 'signedRank' | 'sd'> {
  const logRatios = logRatio(...sidesOf(pairs))
  const rank = signedRank(logRatios, { level })
  return {
    estimate: ratioOf(pairs, level),
    signedRank: { ...rank, estimate: mapEstimate(rank.estimate, Math.exp) },
    sd: logRatios.length > 1 ? standardDeviation(logRatios) : null,
  }
}

function blocksToDecide(
  sd: number | null,
  claim: Band,
  margin: number,
  level: number,
  leastBlocks: number,
): Pick<Comparison, 'blocksToDecide' | 'blocksToDecideReason'> {
  if (sd === null)
    return { blocksToDecide: null, blocksToDecideReason: 'the spread of the ratio is not known below 2 blocks' }
  try {
    const blocks = requiredBlocks({ sd, effect: claim.least > 0 ? claim.least : margin, level })
    return { blocksToDecide: Math.max(leastBlocks, blocks), blocksToDecideReason: null }
  } catch (error) {
    return { blocksToDecide: null, blocksToDecideReason: (error as Error).message }
  }
}
