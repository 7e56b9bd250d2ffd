import { checkedNumber, checkOptions } from '../../check.js'
import { checkedMetric, type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { type Factor, type Selection, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'
import { completeBlocks } from '../compare/complete-blocks.js'
import { defaultLevel, defaultMargin } from '../defaults.js'
import { type Basis, replicateCount } from '../replicates/replicates.js'
import { blocksForRegret, type ChoiceRegret, choiceRegret } from '../statistics/choice-regret.js'
import type { Estimate } from '../statistics/estimate.js'
import { logarithms, mean } from '../statistics/numerics/moments.js'
import { type ProgramClock, programClocks } from '../text/program-clock.js'
import { standingBusyHost } from '../validity/disturbed/busy-host.js'
import type { BusyHost } from '../validity/study-finding.js'
import { minJudgedBlocks } from '../verdict/verdict.js'
import { blockTimeMs } from './block-time.js'
import { candidatesOf, type NotCandidate } from './candidates.js'
import { commonSettings } from './common-settings.js'
import { otherRatio } from './other-ratio.js'
import { type RecommendationWhy, whyBetter } from './why.js'

/** Bound of the cost of a wrong choice. */
export interface Regret {
  /**
   * Share by which the recommended setting is worse than the truly best candidate at most: 0.02 for
   * 2 %. 0 where it is shown to be the best.
   */
  readonly upper: number
  /**
   * The probability with which the bound holds at least, the choice from the same data included.
   */
  readonly level: number
}

/** Another setting, compared with the recommended one. */
export interface OtherSetting {
  readonly treatment: Treatment
  /**
   * Its mean as a ratio to that of the recommended one. The intervals of all settings hold
   * together, whichever is recommended.
   */
  readonly toRecommended: Estimate
}

/**
 * The measurement that would bring the regret down to the margin: fresh blocks of the recommended
 * setting and its rivals alone.
 */
export interface Settling {
  /** The recommended setting and those that may be better than it by any amount. */
  readonly treatments: readonly Treatment[]
  /** Number of fresh blocks; null above 10,000, or above as many sessions. */
  readonly blocks: number | null
  /**
   * Number of sessions of these blocks, each with those of the plan; null for a study that is not
   * in sessions, and without a number of blocks.
   */
  readonly sessions: number | null
  /**
   * Time in minutes that the blocks take, if they take as long as the measured ones; null where
   * that is not known.
   */
  readonly minutes: number | null
  /** Whether the blocks are worth it: they take two hours at most. */
  readonly worthIt: boolean
}

/** Method of a recommendation's bound and of its intervals. */
export interface RecommendationMethod {
  readonly result: 'recommendation-method'
  readonly metric: Metric
  /** Confidence level of the regret. */
  readonly level: number
  /** Number of settings that are chosen from. */
  readonly settings: number
  /** Whether the bound rests on the means of sessions, and not on blocks. */
  readonly inSessions: boolean
}

/**
 * The setting to use, over all factors that a study varies together, and a bound of the cost if it
 * is the wrong one. Plain data: safe to print and to write as JSON.
 */
export interface Recommendation extends Basis {
  /** Names the kind of result. */
  readonly result: 'recommendation'
  /** Name of the study. */
  readonly study: string
  /** The metric that is optimised. */
  readonly metric: Metric
  /** Confidence level of the regret, and of the other settings' intervals all together. */
  readonly level: number
  /** The largest difference that does not matter, as a share. */
  readonly margin: number
  /** The factors that vary among the candidates; words name them by these. */
  readonly varying: readonly Factor[]
  /**
   * What the times of programs among the candidates are; empty for none, and for a metric that does
   * not follow from the time of a trial.
   */
  readonly clocks: readonly ProgramClock[]
  /** Levels that all candidates share and other treatments of the study do not have. */
  readonly fixed: Selection
  /** The settings that it chooses from, in the order of the plan. */
  readonly candidates: readonly Treatment[]
  /** Settings of the study that are not chosen from, with the reasons. */
  readonly notCandidates: readonly NotCandidate[]
  /** Number of complete blocks: those in which every candidate has a value. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where bound and intervals
   * are of the means of sessions; null in others.
   */
  readonly sessions: number | null
  /**
   * Number of complete blocks, in a study in sessions of sessions with one, below which no regret
   * is given.
   */
  readonly minBlocks: number
  /** The candidate with the best mean; null without a complete block. */
  readonly treatment: Treatment | null
  /** The bound of the regret; null below `minBlocks`. */
  readonly regret: Regret | null
  /** The reason why no regret is known; null where it is. */
  readonly reason: 'too-few-blocks' | null
  /**
   * Settings that may be better than the recommended one, by however little; null where no regret
   * is known.
   */
  readonly rivals: readonly Treatment[] | null
  /** Costs of other common settings; empty where no regret is known. */
  readonly others: readonly OtherSetting[]
  /**
   * The largest loss of time of the setting that would be used otherwise; null where that is not
   * known, or not asked for.
   */
  readonly why: RecommendationWhy | null
  /**
   * The measurement that would settle the rest; null where the regret is within the margin already,
   * and where none is known.
   */
  readonly settling: Settling | null
  /**
   * The finding that others used the host's cores in a tenth of the study's trials or more, which
   * is stated first; null where they did not, and where it is not known.
   */
  readonly busyHost: BusyHost | null
  /** The method of the bound; `say` prints it as a sentence. */
  readonly method: RecommendationMethod
}

/** Options of `recommend`. */
export interface RecommendOptions {
  /**
   * The metric to optimise.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /**
   * Confidence level of the regret, and of the other settings' intervals all together.
   *
   * @default 0.95
   */
  readonly level?: number
  /**
   * The largest difference that does not matter, as a share.
   *
   * @default that of the study's preregistration, 0.02 where there is none
   */
  readonly margin?: number
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Whether to state where the other setting loses its time.
   *
   * @default true, unless other processes kept the machine busy
   */
  readonly why?: boolean
}

/** Longest time in minutes that is worth measuring to gain a few per cent. */
const maxMinutes = 120

/**
 * Recommends the setting with the best geometric mean over all factors that a study varies
 * together, and bounds its regret: how much worse than the best setting it can be, at most
 * (multiple comparisons with the best, Edwards & Hsu 1983). Settings that leave out work or safety,
 * such as loads into nothing, are not chosen from where others do it; `where` names them. Below 6
 * complete blocks the regret is null. In a study in sessions all is said of the means of sessions,
 * and below 6 sessions the regret is null.
 *
 * @throws `RangeError` where fewer than two settings are left to choose from.
 * @example
 * const { treatment, regret } = recommend(study)
 */
export function recommend(study: Study, options: RecommendOptions = {}): Recommendation {
  checkedStudy(study)
  checkOptions(options, { metric: true, level: true, margin: true, where: true, why: true })
  const { metric = 'totalMs', level = defaultLevel, where } = options
  const busyHost = standingBusyHost(study)
  const { why = busyHost === null } = options
  checkedMetric(metric)
  checkedNumber('level', level, { above: 0, below: 1 })
  const margin = checkedNumber('margin', options.margin ?? study.plan.preregistration?.margin ?? defaultMargin, {
    above: 0,
    below: 1,
  })
  const { candidates, notCandidates } = candidatesOf(study, { metric, where })
  const { rows: values, ...basis } = completeBlocks(study, candidates, metric)
  const rows = values.map((row) => logarithms('values', row))
  const varying = varyingFactors(candidates)
  const fixed = varyingFactors(study.plan.treatments).filter((factor) => !varying.includes(factor))
  const asked = {
    result: 'recommendation',
    study: study.plan.name,
    metric,
    level,
    margin,
    varying,
    clocks: programClocks(study, candidates, metric),
    fixed: Object.fromEntries(fixed.map((factor) => [factor, candidates[0]![factor]])),
    candidates,
    notCandidates,
    ...basis,
    minBlocks: minJudgedBlocks,
    busyHost,
    method: {
      result: 'recommendation-method',
      metric,
      level,
      settings: candidates.length,
      inSessions: basis.sessions !== null,
    },
  } as const
  const sign = metrics[metric].goal === 'min' ? 1 : -1
  const costed = candidates.map((treatment, column) => ({
    treatment,
    cost: rows.length > 0 ? sign * mean(rows.map((row) => row[column]!)) : Number.POSITIVE_INFINITY,
  }))
  const best = costed.reduce((a, b) => (b.cost < a.cost ? b : a)).treatment
  if (replicateCount(basis) < minJudgedBlocks) {
    const treatment = rows.length > 0 ? best : null
    const unknown = { regret: null, rivals: null, others: [], why: null, settling: null }
    return { ...asked, treatment, reason: 'too-few-blocks', ...unknown }
  }
  const choice = choiceRegret(rows, { goal: metrics[metric].goal, level })
  const regret = { upper: shareOf(choice.upper, sign), level }
  const rivals = choice.others.flatMap(({ treatment, atMost }) => (atMost > 0 ? [candidates[treatment]!] : []))
  const compared = { rows, candidates, chosen: choice.chosen, level }
  const others = commonSettings(study, costed, best).map((treatment) => {
    const column = candidates.findIndex((one) => sameTreatment(one, treatment))
    return { treatment, toRecommended: otherRatio(compared, column) }
  })
  return {
    ...asked,
    treatment: best,
    regret,
    reason: null,
    rivals,
    others,
    why: why && isWorse(others[0]!, metric) ? whyBetter(study, best, others[0]!.treatment) : null,
    settling: regret.upper <= margin ? null : settlingOf(study, [best, ...rivals], choice, { level, margin, sign }),
  }
}

/** Converts a difference of logarithms to the share by which a cost is more, or a yield is less. */
const shareOf = (difference: number, sign: number): number => sign * Math.expm1(sign * difference)

/** Returns whether another setting is shown to take more time than the recommended one. */
function isWorse({ toRecommended: { interval } }: OtherSetting, metric: Metric): boolean {
  const { kind, goal } = metrics[metric]
  return kind !== 'amount' && interval !== null && (goal === 'min' ? interval.lower > 1 : interval.upper < 1)
}

function settlingOf(
  study: Study,
  treatments: readonly Treatment[],
  { others }: ChoiceRegret,
  { level, margin, sign }: { readonly level: number; readonly margin: number; readonly sign: number },
): Settling {
  const rivals = others.filter(({ atMost }) => atMost > 0)
  const { blocksPerSession } = study.plan
  const needed = blocksForRegret(rivals, { level, upper: sign * Math.log1p(sign * margin), least: minJudgedBlocks })
  const blocks = needed && needed * (blocksPerSession ?? 1)
  const blockMs = blockTimeMs(study, treatments)
  const minutes = blocks === null || blockMs === null ? null : (blocks * blockMs) / 60_000
  const sessions = blocksPerSession === null ? null : needed
  return {
    treatments,
    blocks,
    sessions,
    minutes,
    worthIt: blocks !== null && (minutes === null || minutes <= maxMinutes),
  }
}
