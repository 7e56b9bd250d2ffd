import { type Claim, type ClaimBounds, checkedClaim } from '../../study/claim.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { type VarianceComponents, varianceComponents } from '../replicates/variance-components.js'
import { type Interval, mapEstimate } from '../statistics/estimate.js'
import { standardDeviation } from '../statistics/numerics/moments.js'
import { type RatioEstimate, ratioEstimate } from '../statistics/paired-ratio.js'
import { requiredBlocks } from '../statistics/required-blocks.js'
import { minDifferences, type SignedRank, signedRank } from '../statistics/signed-rank.js'
import { type ProgramClock, programClocks } from '../text/program-clock.js'
import { type Contrasted, contrastPhrase } from '../text/sentence.js'
import { type VerdictParts, verdictParts } from '../verdict/parts.js'
import { judge, minJudgedBlocks, type Verdict } from '../verdict/verdict.js'
import { type CompareOptions, type ContrastPair, contrastOf } from './contrast.js'
import { type ComparisonControls, comparisonControls } from './controls.js'
import { type ExcludedBlock, logRatioOf } from './pair-blocks.js'
import { type SessionRatio, sessionRatios } from './session-ratios.js'

/** Comparison of two treatments within blocks. Plain data: safe to print and to write as JSON. */
export interface Comparison extends Basis, Contrasted, VerdictParts {
  /** Names the kind of result. */
  readonly result: 'comparison'
  /** Name of the study. */
  readonly study: string
  /** The two treatments in words: "2 workers vs 4 at 10K". */
  readonly contrast: string
  /** The metric that is compared. */
  readonly metric: Metric
  /** Confidence level of each interval, between 0 and 1. */
  readonly level: number
  /** The largest difference that does not matter, as a share. */
  readonly margin: number
  /**
   * Whether this is the primary contrast of the study's preregistration, at the level and with the
   * margin preregistered there.
   */
  readonly preregistered: boolean
  /** The claim that is judged, as bounds of a / b. */
  readonly claim: ClaimBounds
  /** Number of blocks in which both trials were completed; `pairs` lists them. */
  readonly blocks: number
  /** The values of both treatments in every block used, in the metric's own unit. */
  readonly pairs: readonly ContrastPair[]
  /**
   * The ratio of each session, which the interval is made of; empty for a study that is not in
   * sessions.
   */
  readonly sessionRatios: readonly SessionRatio[]
  /** Blocks that are not used, with the reasons. */
  readonly excluded: readonly ExcludedBlock[]
  /**
   * Number of sessions that these blocks are of, in a study in sessions: the mean log ratio of each
   * is then what the interval, the test and `minBlocks` count. Null in other studies, whose blocks
   * are.
   */
  readonly sessions: number | null
  /**
   * a / b: geometric mean over blocks with Student's t interval of the log ratios, in a study in
   * sessions over sessions, with that of the means of theirs; null without a block.
   */
  readonly estimate: RatioEstimate | null
  /**
   * Wilcoxon's exact test of the log ratios, whose estimate is a ratio too; null without a block.
   */
  readonly signedRank: SignedRank | null
  /**
   * Standard deviation of the log ratio of a block, in a study in sessions of the mean of a
   * session; null below two of them.
   */
  readonly sd: number | null
  /**
   * How far the log ratio varies within sessions and between them; null for a study that is not in
   * sessions, below 6 sessions, and where they are too short to tell.
   */
  readonly components: VarianceComponents | null
  /** The verdict on the claim; `undecided` below `minBlocks`. */
  readonly verdict: Verdict
  /**
   * The result with the trials put back that the plan's exclusion rules leave out; null where they
   * leave out none.
   */
  readonly withExcluded: {
    readonly blocks: number
    readonly sessions: number | null
    readonly estimate: RatioEstimate | null
    readonly verdict: Verdict
  } | null
  /**
   * The treatment that the interval shows to be better, by however little; null where it shows
   * neither, and below `minBlocks`.
   */
  readonly better: 'a' | 'b' | null
  /** Number of blocks, in a study in sessions of sessions, below which no verdict is given. */
  readonly minBlocks: number
  /**
   * Number of blocks, in all, with which the observed `sd` lets the interval distinguish the
   * claim's least difference (or the margin, where it names none) from no difference with a power
   * of 90 %; null where that is not known, for the reason in `blocksToDecideReason`. In a study in
   * sessions, those of as many sessions as that takes, each with the blocks of the plan.
   */
  readonly blocksToDecide: number | null
  /**
   * Number of those sessions; null for a study that is not in sessions, and where it is not known.
   */
  readonly sessionsToDecide: number | null
  /** The reason in words why `blocksToDecide` is null; null where it is known. */
  readonly blocksToDecideReason: string | null
  /**
   * What the times of programs are that load in one of the two; empty for none, and for a metric
   * that does not follow from the time of a trial.
   */
  readonly clocks: readonly ProgramClock[]
  /** Results of the study's control trials for the same metric. */
  readonly controls: ComparisonControls
}

/**
 * Compares two treatments of a study by the ratio of a metric, total time by default, within
 * blocks: Student's t interval of the log ratios against the band that is claimed and the margin.
 * Below 6 blocks the verdict is `undecided`. In a study in sessions the interval is of the means of
 * the sessions, and 6 sessions are the fewest. `say` says a comparison, `plotContrasts` draws it.
 *
 * @throws `RangeError` when `a` or `b` leaves several treatments (naming the factor to add), when
 * they differ in a factor that one of them does not name, and when they are the same.
 * @example
 * const answer = compare(study, {
 *   a: { workers: 2, batchSize: 10_000 },
 *   b: { workers: 4, batchSize: 10_000 },
 *   claim: { fasterBy: [0.05, 0.15] },
 * })
 */
export function compare(study: Study, options: CompareOptions): Comparison {
  const contrasted = contrastOf(study, options)
  const { a, b, varying, metric, level, margin, preregistered, pairs, excluded, pairsWithExcluded } = contrasted
  const stated = options.claim ?? contrasted.preregistration?.primary.claim ?? betterClaim(metric)
  const claim = checkedClaim(stated, metric).bounds
  const minBlocks = Math.max(minJudgedBlocks, minDifferences(level))
  const measured = pairs.length > 0 ? measure(study, pairs, level) : { estimate: null, signedRank: null, sd: null }
  const judgedInterval = (estimate: Comparison['estimate']): Interval | null =>
    estimate && estimate.n >= minBlocks ? estimate.interval : null
  const verdictOf = (estimate: Comparison['estimate']): Verdict => {
    const interval = judgedInterval(estimate)
    return interval ? judge(interval, claim, margin) : 'undecided'
  }
  const putBack = (used: readonly ContrastPair[]): NonNullable<Comparison['withExcluded']> => {
    const estimate = ratioEstimate(replicateMeans(study, used, logRatioOf), { level })
    return { ...basisOf(study, used), estimate, verdict: verdictOf(estimate) }
  }
  const interval = judgedInterval(measured.estimate)
  return {
    result: 'comparison',
    study: study.plan.name,
    a,
    b,
    varying,
    contrast: contrastPhrase(contrasted).text,
    metric,
    level,
    margin,
    preregistered,
    claim,
    ...basisOf(study, pairs),
    pairs,
    sessionRatios: sessionRatios(study, pairs),
    excluded,
    ...measured,
    components: varianceComponents(
      study,
      pairs.map((pair) => ({ block: pair.block, logRatio: logRatioOf(pair) })),
    ),
    verdict: verdictOf(measured.estimate),
    ...verdictParts(interval, claim, margin),
    withExcluded: pairsWithExcluded && putBack(pairsWithExcluded),
    better: interval ? betterOf(interval, metric) : null,
    minBlocks: minBlocks,
    ...blocksToDecide(study, measured.sd, claim, margin, level, minBlocks),
    clocks: programClocks(study, [a, b], metric),
    controls: comparisonControls(study, metric, level),
  }
}

function betterClaim(metric: Metric): Claim {
  return metrics[metric].goal === 'min' ? { lessBy: [0, null] } : { moreBy: [0, null] }
}

function betterOf(interval: { readonly lower: number; readonly upper: number }, metric: Metric): 'a' | 'b' | null {
  const aIsLess = interval.upper < 1
  if (!aIsLess && interval.lower <= 1) return null
  return aIsLess === (metrics[metric].goal === 'min') ? 'a' : 'b'
}

function measure(
  study: Study,
  pairs: readonly ContrastPair[],
  level: number,
): Pick<Comparison, 'estimate' | 'signedRank' | 'sd'> {
  const logRatios = replicateMeans(study, pairs, logRatioOf)
  const rank = signedRank(logRatios, { level })
  return {
    estimate: ratioEstimate(logRatios, { level }),
    signedRank: { ...rank, estimate: mapEstimate(rank.estimate, Math.exp) },
    sd: logRatios.length > 1 ? standardDeviation(logRatios) : null,
  }
}

function blocksToDecide(
  { plan: { blocksPerSession } }: Study,
  sd: number | null,
  claim: ClaimBounds,
  margin: number,
  level: number,
  minBlocks: number,
): Pick<Comparison, 'blocksToDecide' | 'sessionsToDecide' | 'blocksToDecideReason'> {
  const unknown = { blocksToDecide: null, sessionsToDecide: null }
  if (sd === null) {
    const replicates = blocksPerSession === null ? 'blocks' : 'sessions'
    return { ...unknown, blocksToDecideReason: `the spread of the ratio is not known below 2 ${replicates}` }
  }
  try {
    const required = requiredBlocks({ sd, effect: claim.least > 0 ? claim.least : margin, level })
    const needed = Math.max(minBlocks, required)
    return {
      blocksToDecide: needed * (blocksPerSession ?? 1),
      sessionsToDecide: blocksPerSession === null ? null : needed,
      blocksToDecideReason: null,
    }
  } catch (error) {
    return { ...unknown, blocksToDecideReason: (error as Error).message }
  }
}
