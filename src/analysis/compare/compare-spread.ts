import type { Study } from '../../study/study.js'
import { logarithms } from '../statistics/numerics/moments.js'
import { type SpreadRatio, spreadRatio } from '../statistics/spread-ratio.js'
import { formatNumber } from '../tables/tables.js'
import { about, type Phrase, phrase } from '../text/phrase.js'
import { countedThings } from '../text/quoted.js'
import {
  claimPhrase,
  contrastPhrase,
  floorPhrase,
  measuredPhrase,
  metricPhrase,
  percentPhrase,
  withinMargin,
} from '../text/sentence.js'
import type { Comparison, Pair } from './comparison.js'
import { type CompareOptions, contrastOf } from './contrast.js'
import { bandOfFacts, judge, sampleFloor } from './verdict.js'

/** How much two treatments vary over blocks, compared. Plain data: safe to print and to write as JSON. */
export interface SpreadComparison
  extends Omit<
    Comparison,
    | 'estimate'
    | 'signedRank'
    | 'sd'
    | 'better'
    | 'blocksToDecide'
    | 'blocksToDecideReason'
    | 'controls'
    | 'registered'
    | 'withExcluded'
  > {
  /** Standard deviations of the metric's logarithm over blocks and their ratio a / b; null where a value is alone or never varies. */
  readonly estimate: SpreadRatio | null
}

/** A smaller spread is less, never faster. */
const spreadFacts = { goal: 'min', kind: 'amount', less: 'less', more: 'more' } as const

/**
 * Compares how much two treatments vary over blocks ("more predictable") by the ratio of the standard deviations of the metric's logarithm, paired by
 * block since blocks share the machine's drift: see `spreadRatio` for the statistic and `judge` for the verdict. The claim and the margin are about the
 * spreads; that a's is less, by any amount, unless told. Throws what `compare` throws.
 */
export function compareSpread(study: Study, options: CompareOptions): SpreadComparison {
  const { a, b, metric, level, margin, pairs, excluded } = contrastOf(study, options)
  const claim = bandOfFacts(options.claim ?? { lessBy: [0, null] }, spreadFacts, `the spread of ${metric}`)
  const estimate = spreadOf(pairs, level)
  const interval = pairs.length >= sampleFloor ? (estimate?.interval ?? null) : null
  const contrast = contrastPhrase(study, a, b)
  const comparison = {
    study: study.plan.name,
    a,
    b,
    metric,
    level,
    margin,
    claim,
    blocks: pairs.length,
    pairs,
    excluded,
    estimate,
    verdict: interval ? judge(interval, claim, margin) : ('undecided' as const),
    leastBlocks: sampleFloor,
  }
  const { text, numbers } = spreadPhrase(contrast, comparison)
  return { ...comparison, contrast: contrast.text, sentence: text, numbers }
}

function spreadOf(pairs: readonly Pair[], level: number): SpreadRatio | null {
  const varies = (values: readonly number[]): boolean => new Set(values).size > 1
  const a = pairs.map((pair) => pair.a)
  const b = pairs.map((pair) => pair.b)
  return varies(a) && varies(b) ? spreadRatio(logarithms('a', a), logarithms('b', b), { level }) : null
}

function spreadPhrase(
  contrast: Phrase,
  comparison: Omit<SpreadComparison, 'contrast' | 'sentence' | 'numbers'>,
): Phrase {
  const { metric, estimate, blocks, verdict, claim, leastBlocks, margin } = comparison
  const subject = phrase`${contrast}: spread (SD of log ${metricPhrase(metric)})`
  const claimed = phrase`(${claimPhrase(claim)})`
  const basis = countedThings('blocks', blocks, 'block')
  if (!estimate) {
    const reason = blocks < 2 ? phrase`not known below ${twoBlocks}` : phrase`none, the values are all equal`
    return phrase`${subject} ${reason}, ${basis}: ${verdict} ${claimed}`
  }
  const ratio = (value: number): string => formatNumber(value, value < 1 ? 2 : value < 10 ? 1 : 0)
  const spreads = phrase`${percentPhrase('a.spread', estimate.sdA, 'spread of the first')} against ${percentPhrase('b.spread', estimate.sdB, 'spread of the second')}`
  const measured = phrase`${spreads}, ratio ${measuredPhrase(estimate, ratio, 'ratio of the spreads')}`
  const within = verdict === 'equivalent' ? phrase`, ${withinMargin(margin)}` : ''
  const floor = blocks < leastBlocks ? phrase`; ${floorPhrase(leastBlocks)}` : ''
  return about(contrast.text, phrase`${subject} ${measured}, ${basis}: ${verdict}${within} ${claimed}${floor}`)
}

const twoBlocks = countedThings('leastSpread', 2, 'block', 'fewest blocks that have a spread')
