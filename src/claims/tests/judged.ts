import type { BestSet } from '../../analysis/compare/best-set.js'
import type { Comparison } from '../../analysis/compare/compare.js'
import type { SpreadComparison } from '../../analysis/compare/compare-spread.js'
import type { Interaction } from '../../analysis/compare/interaction.js'
import type { Verdict } from '../../analysis/compare/verdict.js'
import type { Scaling } from '../../analysis/scaling/scaling.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import type { ClaimBounds } from '../../study/claim.js'
import type { Study } from '../../study/study.js'
import { type Factor, type Level, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'

/** What a test says at one level. Plain data. */
export interface Judged {
  readonly verdict: Verdict
  /** Of the first of `estimates`. */
  readonly estimate: Estimate | null
  /** What the estimate is: a ratio, a difference of two shares, a difference in the metric's own unit, a number of workers; null for verdicts about sets. */
  readonly scale: 'ratio' | 'share' | 'difference' | 'workers' | null
  /** How many estimates must hold together. */
  readonly estimates: number
  /** What is claimed of the estimate; null where it is not about one. */
  readonly band: Pick<ClaimBounds, 'lower' | 'upper'> | null
  readonly blocks: number
  readonly found: Found
}

/** What a test found, by its kind. */
export type Found =
  | { readonly kind: 'contrasts'; readonly contrasts: readonly FoundContrast[] }
  | { readonly kind: 'spread'; readonly spread: SpreadComparison; readonly named: readonly Factor[] }
  | { readonly kind: 'best-set'; readonly set: BestSet }
  | FoundInteraction
  | FoundContention
  | FoundRule
  | { readonly kind: 'peak'; readonly law: Scaling; readonly set: BestSet | null }

/** A comparison, and the factors that tell its treatments from the others of their study. */
export interface FoundContrast {
  readonly comparison: Comparison
  readonly named: readonly Factor[]
}

/** What one factor's effect depends on, and the levels among the best at both ends of the other factor; null where the claim is not about them. */
export interface FoundInteraction {
  readonly kind: 'interaction'
  readonly interaction: Interaction
  readonly low: LevelsAt
  readonly high: LevelsAt
}

/** The levels of a factor that are among the best at one level of another; null where that was not asked. */
export interface LevelsAt {
  readonly at: Level
  readonly best: readonly Level[] | null
}

/** How the symptom changed, and what was left of the effect without the other suspect; null where it was not measured. */
export interface FoundContention {
  readonly kind: 'contention'
  readonly change: MetricChange | null
  readonly relieved: FoundContrast | null
}

/** A metric under two treatments, in its own unit: means over blocks, and the difference within blocks. */
export interface MetricChange {
  readonly from: number
  readonly to: number
  /** to − from */
  readonly change: Estimate
}

export interface FoundRule {
  readonly kind: 'rule'
  readonly settings: readonly FoundSetting[]
  /** The levels among the best in every setting, and how much worse than the best they may be in any, as a share; null below the sample floor. */
  readonly everywhere: readonly { readonly level: Level; readonly atMost: number }[] | null
}

/** The levels among the best in one setting; null below the sample floor. */
export interface FoundSetting {
  readonly study: string
  /** The levels that tell the setting from others of its study. */
  readonly at: Selection
  readonly best: readonly Level[] | null
}

/** Of verdicts about sets. */
export const noEstimate = { estimate: null, scale: null, estimates: 0, band: null } as const

/** A test that fits a claim, with the studies that it is made on. */
export interface ClaimTest {
  /** Names, separated by commas. */
  readonly study: string
  judgeAt(level: number): Judged
}

/** What claims are tested on. */
export interface Evidence {
  readonly studies: readonly Study[]
  /** The levels of the factors that the claims do not name. */
  readonly fixed: Selection
  readonly margin: number
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
