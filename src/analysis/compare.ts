import type { CompletedTrial, Study, Treatment, Trial } from '../executor/types.js'
import type { Comparison, ExcludedBlock, Pair } from './comparison.js'
import { checkedMetric, type Metric, metrics, metricValue } from './metrics.js'
import { comparisonSentence, contrastText } from './sentence.js'
import { checkedBetween } from './statistics/checked-values.js'
import { mapEstimate } from './statistics/estimate.js'
import { standardDeviation } from './statistics/moments.js'
import { logRatio, pairedRatio } from './statistics/paired-ratio.js'
import { requiredBlocks } from './statistics/required-blocks.js'
import { leastDifferences, signedRank } from './statistics/signed-rank.js'
import { factors, type Selection, sameTreatment, selectTreatment } from './treatments.js'
import { type Band, bandOf, type Claim, judge } from './verdict.js'

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

/** No verdict rests on fewer blocks, however low the level. */
const sampleFloor = 6

/**
 * Compares two treatments of a study by their ratio within blocks, against a claim: see `judge` for the verdict. Below the sample
 * floor the verdict is `undecided`. Throws `RangeError` when `a` or `b` leaves several treatments (naming the factor to add), when
 * they differ in a factor that one of them does not name, and when they are the same.
 */
export function compare(study: Study, options: CompareOptions): Comparison {
  const { metric = 'totalMs', level = 0.95, margin = 0.05 } = options
  checkedMetric(metric)
  checkedBetween('level', level, 0, 1)
  checkedBetween('margin', margin, 0, 1)
  const { a, b } = contrastedTreatments(study, options)
  const claim = bandOf(options.claim ?? betterClaim(metric), metric)
  const { pairs, excluded } = pairBlocks(study, a, b, metric)
  const leastBlocks = Math.max(sampleFloor, leastDifferences(level))
  const measured = pairs.length > 0 ? measure(pairs, level) : { estimate: null, signedRank: null, sd: null }
  const interval = pairs.length >= leastBlocks ? (measured.estimate?.interval ?? null) : null
  const comparison = {
    study: study.plan.name,
    a,
    b,
    contrast: contrastText(study, a, b),
    metric,
    level,
    margin,
    claim,
    blocks: pairs.length,
    pairs,
    excluded,
    ...measured,
    verdict: interval ? judge(interval, claim, margin) : ('undecided' as const),
    better: interval ? betterOf(interval, metric) : null,
    leastBlocks,
    ...blocksToDecide(measured.sd, claim, margin, level, leastBlocks),
  }
  return { ...comparison, sentence: comparisonSentence(comparison) }
}

function betterClaim(metric: Metric): Claim {
  return metrics[metric].goal === 'min' ? { lessBy: [0, null] } : { moreBy: [0, null] }
}

function betterOf(interval: { readonly lower: number; readonly upper: number }, metric: Metric): 'a' | 'b' | null {
  const aIsLess = interval.upper < 1
  if (!aIsLess && interval.lower <= 1) return null
  return aIsLess === (metrics[metric].goal === 'min') ? 'a' : 'b'
}

function contrastedTreatments(study: Study, options: CompareOptions): { a: Treatment; b: Treatment } {
  const a = selectTreatment(study, options.a, 'a')
  const b = selectTreatment(study, options.b, 'b')
  if (sameTreatment(a, b)) {
    throw new RangeError(`Expected \`a\` and \`b\` to be different treatments, got ${JSON.stringify(options.a)} twice`)
  }
  const unnamed = factors.find(
    (factor) => a[factor] !== b[factor] && (options.a[factor] === undefined || options.b[factor] === undefined),
  )
  if (unnamed !== undefined) {
    throw new RangeError(
      `Expected \`a\` and \`b\` to be equal in every factor that they do not name, got \`${unnamed}\` ${a[unnamed]} and ${b[unnamed]}: name \`${unnamed}\` in both`,
    )
  }
  return { a, b }
}

function pairBlocks(study: Study, a: Treatment, b: Treatment, metric: Metric): Pick<Comparison, 'pairs' | 'excluded'> {
  const trials = study.trials.filter((trial) => trial.phase === 'measured')
  const last = trials.reduce((most, { block }) => Math.max(most, block), study.plan.blocks)
  const pairs: Pair[] = []
  const excluded: ExcludedBlock[] = []
  for (let block = 1; block <= last; block++) {
    const inBlock = trials.filter((trial) => trial.block === block)
    const valueA = blockValue(inBlock, a, metric, 'a')
    const valueB = blockValue(inBlock, b, metric, 'b')
    if (typeof valueA === 'number' && typeof valueB === 'number') {
      pairs.push({ block, a: valueA, b: valueB, ratio: valueA / valueB })
    } else {
      excluded.push({ block, reason: [valueA, valueB].filter((value) => typeof value === 'string').join('; ') })
    }
  }
  return { pairs, excluded }
}

/** A treatment's value in a block, or in words why it has none. */
function blockValue(inBlock: readonly Trial[], treatment: Treatment, metric: Metric, name: 'a' | 'b'): number | string {
  const own = inBlock.filter((trial) => sameTreatment(trial.treatment, treatment))
  const completed = own.find((trial): trial is CompletedTrial => trial.state === 'completed')
  if (completed) {
    const value = metricValue(completed, metric)
    return value !== null && value > 0 && Number.isFinite(value)
      ? value
      : `${metric} of ${name} is ${value}: a ratio needs values above 0`
  }
  const failed = own.find((trial) => trial.state === 'failed')
  return failed ? `${name} failed: ${failed.error.message}` : `${name} was not run`
}

function measure(pairs: readonly Pair[], level: number): Pick<Comparison, 'estimate' | 'signedRank' | 'sd'> {
  const a = pairs.map((pair) => pair.a)
  const b = pairs.map((pair) => pair.b)
  const logRatios = logRatio(a, b)
  const rank = signedRank(logRatios, { level })
  return {
    estimate: pairedRatio(a, b, { level }),
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
