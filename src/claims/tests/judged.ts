import { type BestSet, bestSet } from '../../analysis/compare/best-set.js'
import type { Comparison } from '../../analysis/compare/compare.js'
import type { SpreadComparison } from '../../analysis/compare/compare-spread.js'
import type { Interaction } from '../../analysis/compare/interaction.js'
import { defaultMargin } from '../../analysis/defaults.js'
import type { Scaling } from '../../analysis/scaling/scaling.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import type { VerdictParts } from '../../analysis/verdict/parts.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import type { ClaimBounds } from '../../study/claim.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Factor, type Level, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'

/** What a test says. Plain data. */
export interface Judged {
  /** Null for what is not tested. */
  readonly verdict: Verdict | null
  /** The parts of the verdict, for a claim about one ratio; null for others. */
  readonly parts: VerdictParts | null
  /**
   * The largest difference that does not matter, as a share; null where the verdict does not ask
   * for it.
   */
  readonly margin: number | null
  /** Whether what the source measured is found here too; null for other claims. */
  readonly reproduced: Reproduced | null
  /** Of the first of `estimates`. */
  readonly estimate: Estimate | null
  /**
   * What the estimate is: a ratio, a difference of two shares, a difference in the metric's own
   * unit, a number of workers; null for verdicts about sets.
   */
  readonly scale: 'ratio' | 'share' | 'difference' | 'workers' | null
  /** How many estimates must hold together. */
  readonly estimates: number
  /** What is claimed of the estimate; null where it is not about one. */
  readonly band: Pick<ClaimBounds, 'lower' | 'upper'> | null
  readonly blocks: number
  readonly found: Found
}

/**
 * What became of a measurement of the source: its interval here holds the number that was measured
 * and not no difference, does not hold the number, or else.
 */
export type Reproduced = 'reproduced' | 'not reproduced here' | 'open'

/** What a test found, by its kind. */
export type Found =
  | { readonly kind: 'contrasts'; readonly contrasts: readonly FoundContrast[] }
  | { readonly kind: 'spread'; readonly spread: SpreadComparison; readonly named: readonly Factor[] }
  | { readonly kind: 'best-set'; readonly set: BestSet }
  | { readonly kind: 'interaction'; readonly interaction: Interaction }
  | { readonly kind: 'shift'; readonly low: LevelsAt; readonly high: LevelsAt }
  | { readonly kind: 'change'; readonly change: MetricChange | null }
  | FoundRelief
  | FoundRule
  | { readonly kind: 'peak'; readonly law: Scaling; readonly set: BestSet | null }
  | { readonly kind: 'report'; readonly a: number | null; readonly b: number | null }
  | { readonly kind: 'measurement'; readonly contrasts: readonly FoundContrast[] }

/** A comparison, and the factors that tell its treatments from the others of their study. */
export interface FoundContrast {
  readonly comparison: Comparison
  readonly named: readonly Factor[]
}

/**
 * The levels of a factor that are among the best at one level of another; null below the sample
 * floor.
 */
export interface LevelsAt {
  readonly at: Level
  readonly best: readonly Level[] | null
}

/**
 * How the symptom changed, and for each way to take it away how it changed then, and what was left
 * of the effect.
 */
export interface FoundRelief {
  readonly kind: 'relief'
  readonly change: MetricChange | null
  /** In the order of `relieved`; null for a way that no study measured. */
  readonly reliefs: readonly (Relieved | null)[]
}

export interface Relieved {
  readonly change: MetricChange | null
  readonly effect: FoundContrast
}

/**
 * A metric under two treatments, in its own unit: means over blocks, and the difference within
 * blocks.
 */
export interface MetricChange {
  readonly from: number
  readonly to: number
  /** to − from */
  readonly change: Estimate
}

export interface FoundRule {
  readonly kind: 'rule'
  readonly settings: readonly FoundSetting[]
  /**
   * The levels among the best in every setting, and how much worse than the best they may be in
   * any, as a share; null below the sample floor.
   */
  readonly everywhere: readonly { readonly level: Level; readonly atMost: number }[] | null
}

/**
 * The levels among the best in one setting; null below the sample floor, and where no study
 * measured it.
 */
export interface FoundSetting {
  readonly study: string | null
  /**
   * The levels that tell the setting from others of its study, or that were stated where no study
   * measured it.
   */
  readonly at: Selection
  readonly best: readonly Level[] | null
}

/** Of verdicts about sets. */
export const noEstimate = {
  parts: null,
  margin: null,
  reproduced: null,
  estimate: null,
  scale: null,
  estimates: 0,
  band: null,
} as const

/** A test that fits a claim, with the studies that it is made on. */
export interface ClaimTest {
  /** Names, separated by commas. */
  readonly study: string
  readonly judged: Judged
}

/** What a claim is tested on. */
export interface Evidence {
  readonly studies: readonly Study[]
  /** The levels of the factors that the claims do not name. */
  readonly fixed: Selection
  /** The level of each of the claim's intervals. */
  readonly level: number
  /** The largest difference that does not matter; that of each study unless told. */
  readonly margin: number | undefined
  /** The level of a set of best levels, the same for every claim that is about it. */
  readonly setLevel: (over: Factor, metric: Metric, treatment: Treatment) => number
}

/**
 * The largest difference that does not matter in some studies: the one asked for, or that one of
 * them registered, or the usual one.
 */
export function marginOf({ margin }: Pick<Evidence, 'margin'>, studies: readonly Study[]): number {
  if (margin !== undefined) return margin
  return studies.find(({ plan }) => plan.preregistration)?.plan.preregistration?.margin ?? defaultMargin
}

/**
 * The best levels of a factor beside some levels of others, at the level that the claims take the
 * set at.
 */
export function claimedSet(study: Study, over: Factor, where: Selection, metric: Metric, evidence: Evidence): BestSet {
  const [treatment] = treatmentsIn(study, where)
  return bestSet(study, over, { where, metric, level: evidence.setLevel(over, metric, treatment!) })
}

/** The treatments of a study that have the selected levels. */
export function treatmentsIn({ plan }: Pick<Study, 'plan'>, selection: Selection): Treatment[] {
  const given = Object.entries(selection) as [Factor, unknown][]
  return plan.treatments.filter((one) => given.every(([factor, level]) => level === undefined || one[factor] === level))
}

/** The first study in which each of the selections leaves one treatment. */
export function studyWith(studies: readonly Study[], selections: readonly Selection[]): Study | null {
  return studies.find((study) => selections.every((one) => treatmentsIn(study, one).length === 1)) ?? null
}

/** Whether some treatments differ in one factor and no other. */
export function varyAlone(treatments: readonly Treatment[], factor: Factor): boolean {
  const varying = varyingFactors(treatments)
  return varying.length === 1 && varying[0] === factor
}

/** The levels of some factors, out of a treatment. */
export function levelsAt(treatment: Treatment, named: readonly Factor[]): Selection {
  return Object.fromEntries(named.map((factor) => [factor, treatment[factor]])) as Selection
}
