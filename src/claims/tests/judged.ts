import { type BestSet, bestSet } from '../../analysis/compare/best-set.js'
import type { Comparison } from '../../analysis/compare/compare.js'
import type { SpreadComparison } from '../../analysis/compare/compare-spread.js'
import type { Interaction } from '../../analysis/compare/interaction.js'
import { defaultMargin } from '../../analysis/defaults.js'
import type { Basis } from '../../analysis/replicates/replicates.js'
import type { Scaling } from '../../analysis/scaling/scaling.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import type { VerdictParts } from '../../analysis/verdict/parts.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import type { ClaimBounds } from '../../study/claim.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Factor, type Level, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'

/** Result of a test. Plain data. */
export interface Judged extends Basis {
  /** The verdict; null for a claim that is not tested. */
  readonly verdict: Verdict | null
  /** The parts of the verdict, for a claim about one ratio; null for others. */
  readonly parts: VerdictParts | null
  /**
   * The largest difference that does not matter, as a share; null where the verdict does not depend
   * on it.
   */
  readonly margin: number | null
  /** Whether a measurement of the source is reproduced here; null for other claims. */
  readonly reproduced: Reproduced | null
  /** The first of `estimates`. */
  readonly estimate: Estimate | null
  /**
   * Kind of the estimate: a ratio, a difference of two shares, a difference in the metric's own
   * unit, a number of workers; null for verdicts about sets.
   */
  readonly scale: 'ratio' | 'share' | 'difference' | 'workers' | null
  /** Number of estimates that must hold together. */
  readonly estimates: number
  /** The claimed band of the estimate; null where the claim is not about one. */
  readonly band: Pick<ClaimBounds, 'lower' | 'upper'> | null
  /**
   * Number of blocks that the verdict rests on, of all its parts those that have the fewest
   * replicates; 0 where nothing was tested.
   */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where verdicts rest on the
   * means of sessions; null in others, and where nothing was tested.
   */
  readonly sessions: number | null
  /** What the test found, by its kind. */
  readonly found: Found
}

/**
 * Result of a measurement of the source: `reproduced` where the interval here holds the measured
 * number and not no difference, `not reproduced here` where it does not hold the number, otherwise
 * `open`.
 */
export type Reproduced = 'reproduced' | 'not reproduced here' | 'open'

/** Findings of a test, by its kind. */
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

/** A comparison, and the factors that distinguish its treatments from the others of their study. */
export interface FoundContrast {
  readonly comparison: Comparison
  readonly named: readonly Factor[]
}

/**
 * The levels of a factor that are among the best at one level of another; null below the minimum of
 * blocks.
 */
export interface LevelsAt {
  readonly at: Level
  readonly best: readonly Level[] | null
}

/**
 * The change of the symptom, and for each way to remove it the change of the symptom then, and the
 * remaining effect.
 */
export interface FoundRelief {
  readonly kind: 'relief'
  readonly change: MetricChange | null
  /** In the order of `relieved`; null for a way that no study measured. */
  readonly reliefs: readonly (Relieved | null)[]
}

/**
 * One way to remove a symptom: the change of the symptom (null without a block), and the effect
 * that is left.
 */
export interface Relieved {
  readonly change: MetricChange | null
  readonly effect: FoundContrast
}

/**
 * A metric under two treatments, in its own unit: means over blocks, and the difference within
 * blocks; in a study in sessions those of the sessions' means.
 */
export interface MetricChange {
  readonly from: number
  readonly to: number
  /** The difference to − from. */
  readonly change: Estimate
}

/** Result of a rule: the levels among the best in each setting, and those among the best in all. */
export interface FoundRule {
  readonly kind: 'rule'
  readonly settings: readonly FoundSetting[]
  /**
   * The levels among the best in every setting, and how much worse than the best they may be in
   * any, as a share; null below the minimum of blocks.
   */
  readonly everywhere: readonly { readonly level: Level; readonly atMost: number }[] | null
}

/**
 * The levels among the best in one setting; null below the minimum of blocks, and where no study
 * measured the setting.
 */
export interface FoundSetting {
  readonly study: string | null
  /**
   * The levels that distinguish the setting from others of its study, or the stated ones where no
   * study measured it.
   */
  readonly at: Selection
  readonly best: readonly Level[] | null
}

/** The fields of verdicts about sets that have no estimate. */
export const noEstimate = {
  parts: null,
  margin: null,
  reproduced: null,
  estimate: null,
  scale: null,
  estimates: 0,
  band: null,
} as const

/** A test that fits a claim, with the studies that it uses. */
export interface ClaimTest {
  /** Names of the studies, separated by commas. */
  readonly study: string
  readonly judged: Judged
}

/** The studies and levels that a claim is tested with. */
export interface Evidence {
  readonly studies: readonly Study[]
  /** The levels of the factors that the claims do not name. */
  readonly fixed: Selection
  /** The level of each of the claim's intervals. */
  readonly level: number
  /** The largest difference that does not matter, as a share; undefined for that of each study. */
  readonly margin: number | undefined
  /** Returns the level of a set of best levels, equal for every claim that is about it. */
  readonly setLevel: (over: Factor, metric: Metric, treatment: Treatment) => number
}

/**
 * Returns the largest difference that does not matter in some studies: the given one, or that one
 * of them preregistered, or the default.
 */
export function marginOf({ margin }: Pick<Evidence, 'margin'>, studies: readonly Study[]): number {
  if (margin !== undefined) return margin
  return studies.find(({ plan }) => plan.preregistration)?.plan.preregistration?.margin ?? defaultMargin
}

/**
 * Determines the best levels of a factor at some levels of others, at the confidence level that the
 * claims ask of the set.
 */
export function claimedSet(study: Study, over: Factor, where: Selection, metric: Metric, evidence: Evidence): BestSet {
  const [treatment] = treatmentsIn(study, where)
  return bestSet(study, over, { where, metric, level: evidence.setLevel(over, metric, treatment!) })
}

/** Returns the treatments of a study that have the selected levels. */
export function treatmentsIn({ plan }: Pick<Study, 'plan'>, selection: Selection): Treatment[] {
  const given = Object.entries(selection) as [Factor, unknown][]
  return plan.treatments.filter((one) => given.every(([factor, level]) => level === undefined || one[factor] === level))
}

/** Returns the first study in which each of the selections leaves one treatment. */
export function studyWith(studies: readonly Study[], selections: readonly Selection[]): Study | null {
  return studies.find((study) => selections.every((one) => treatmentsIn(study, one).length === 1)) ?? null
}

/** Returns whether some treatments differ in one factor and no other. */
export function varyAlone(treatments: readonly Treatment[], factor: Factor): boolean {
  const varying = varyingFactors(treatments)
  return varying.length === 1 && varying[0] === factor
}

/** Returns the levels of some factors of a treatment. */
export function levelsAt(treatment: Treatment, named: readonly Factor[]): Selection {
  return Object.fromEntries(named.map((factor) => [factor, treatment[factor]])) as Selection
}
