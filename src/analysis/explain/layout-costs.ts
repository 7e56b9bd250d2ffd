import { checkedOptions } from '../../check.js'
import type { LayoutChange } from '../../study/factors/layouts.js'
import type { Metric } from '../../study/metric.js'
import { selectTreatments, trialsOf } from '../../study/selection.js'
import { checkedStudy, type Study } from '../../study/study.js'
import type { TablePart, TableTrigger } from '../../study/table/definition.js'
import { layoutOf } from '../../study/table/layout-of.js'
import { levelsOf, type Selection, sameTreatment, type Treatment, varyingFactors } from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { contrastOf } from '../compare/contrast.js'
import { type ExcludedBlock, logRatioOf } from '../compare/pair-blocks.js'
import { defaultLevel } from '../defaults.js'
import { metricValue } from '../metric-value.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { type Estimate, mapEstimate, negateEstimate } from '../statistics/estimate.js'
import { median } from '../statistics/numerics/quantile.js'
import { ratioEstimate } from '../statistics/paired-ratio.js'
import { tInterval } from '../statistics/t-interval.js'
import { missingReason } from '../tables/missing.js'
import type { Contrasted } from '../text/sentence.js'

/**
 * What the server itself counted, by the medians over the blocks used: of the trials with the parts
 * against those without. Null where it was not read.
 */
export interface LayoutReadings {
  /** Size of the indexes of the parts after the load; null where none of them has an index. */
  readonly indexBytes: number | null
  /** Time in the functions of the triggers, summed over the workers; null without a trigger. */
  readonly triggerMs: number | null
  /** Reason in words why that time is not known; null where it is, and without a trigger. */
  readonly triggerMsReason: string | null
  /** WAL that is written in addition: bytes, records, and pages as a whole. */
  readonly walBytes: number | null
  readonly walRecords: number | null
  readonly walFullPages: number | null
}

/**
 * What one layout costs against another, all else being equal: `a` has the layout, `b` the one that
 * it is compared with. Plain data: safe to print and to write as JSON.
 */
export interface LayoutCost extends Basis, Contrasted {
  /** Names the kind of result. */
  readonly result: 'layout-cost'
  /** Name of the study. */
  readonly study: string
  readonly layout: string
  /** The layout that it is compared with: `default`, or the first where the study has none. */
  readonly reference: string
  /**
   * The parts and triggers that one of the two tables has and the other has not; empty where each
   * has something that the other has not, and where they differ in something else.
   */
  readonly parts: readonly (TablePart | TableTrigger)[]
  /** What each of the two layouts changes about the table; empty for `default`. */
  readonly changes: { readonly a: LayoutChange; readonly b: LayoutChange }
  /** Which of the two has the `parts`; null where these are empty. */
  readonly having: 'a' | 'b' | null
  /** Confidence level of each interval by itself. */
  readonly level: number
  /** Number of blocks in which both trials were completed. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /** Blocks that are not used, with the reasons. */
  readonly excluded: readonly ExcludedBlock[]
  /**
   * The total time that the parts cost, in milliseconds: with them minus without them, and of `a`
   * minus `b` where there are none. Mean over blocks with Student's t interval, in a study in
   * sessions of the means of sessions; null without a block.
   */
  readonly cost: Estimate | null
  /**
   * That time as a share of the total time of `b`, by the geometric mean of the ratios within
   * blocks with Student's t interval of their logarithms; null without a block.
   */
  readonly share: Estimate | null
  readonly server: LayoutReadings
}

/** Options of `layoutCosts`. */
export interface LayoutCostOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Confidence level of each interval.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * Says what the layouts of a study cost: each against `default`, or against the first where the
 * study has none, within blocks, for each setting of the other factors. Empty for a study with one
 * layout. `say` says each.
 *
 * @throws `RangeError` for a level that the study does not have.
 * @example
 * say(...layoutCosts(study, { where: { workers: 2 } }))
 */
export function layoutCosts(study: Study, options: LayoutCostOptions = {}): readonly LayoutCost[] {
  checkedStudy(study)
  const { where, level = defaultLevel } = checkedOptions(options, { where: true, level: true })
  const layouts = levelsOf(study.plan.treatments, 'layout')
  const reference = layouts.includes('default') ? 'default' : layouts[0]!
  const selected = selectTreatments(study, where)
  return layouts
    .filter((layout) => layout !== reference)
    .flatMap((layout) => selected.filter((own) => own.layout === layout))
    .flatMap((a) => {
      const b = study.plan.treatments.find((own) => sameTreatment(own, { ...a, layout: reference }))
      return b ? [costOf(study, a, b, level)] : []
    })
}

function costOf(study: Study, a: Treatment, b: Treatment, level: number): LayoutCost {
  const { pairs, excluded } = contrastOf(study, { a, b, level })
  const { parts, having } = differenceOf(study, a, b)
  const differences = replicateMeans(study, pairs, (pair) => pair.a - pair.b)
  const logRatios = replicateMeans(study, pairs, logRatioOf)
  const ofParts = (change: Estimate): Estimate => (having === 'b' ? negateEstimate(change) : change)
  const used = new Set(pairs.map(({ block }) => block))
  const trialsIn = (own: Treatment): Trials => trialsOf(study, own).filter(({ block }) => used.has(block))
  const compared = { having: trialsIn(having === 'b' ? b : a), other: trialsIn(having === 'b' ? a : b) }
  return {
    result: 'layout-cost',
    study: study.plan.name,
    layout: a.layout,
    reference: b.layout,
    parts,
    changes: { a: changeOf(study.plan, a), b: changeOf(study.plan, b) },
    having,
    a,
    b,
    varying: varyingFactors(study.plan.treatments),
    level,
    ...basisOf(study, pairs),
    excluded,
    cost: pairs.length > 0 ? ofParts(tInterval(differences, { level })) : null,
    share: pairs.length > 0 ? ofParts(mapEstimate(ratioEstimate(logRatios, { level }), (ratio) => ratio - 1)) : null,
    server: readingsOf(parts, compared),
  }
}

/** What one table has and the other has not, where only one of them has such. */
function differenceOf({ plan }: Study, a: Treatment, b: Treatment): Pick<LayoutCost, 'parts' | 'having'> {
  const { definition, meanings } = plan
  if (definition === null || furtherChange(plan, a) !== furtherChange(plan, b)) return { parts: [], having: null }
  const partsOf = (own: Treatment): LayoutCost['parts'] => {
    const { parts, triggers } = layoutOf(definition, meanings, own)
    return [...parts, ...triggers]
  }
  const [ofA, ofB] = [partsOf(a), partsOf(b)]
  const [onlyA, onlyB] = [ofA.filter((own) => !ofB.includes(own)), ofB.filter((own) => !ofA.includes(own))]
  if (onlyA.length > 0 && onlyB.length > 0) return { parts: [], having: null }
  return onlyB.length > 0 ? { parts: onlyB, having: 'b' } : { parts: onlyA, having: onlyA.length > 0 ? 'a' : null }
}

/** What a layout changes of the table in addition to its parts and triggers. */
function furtherChange(plan: Study['plan'], treatment: Treatment): string {
  const { without, triggers, ...more } = changeOf(plan, treatment)
  return JSON.stringify(more)
}

function changeOf({ meanings }: Study['plan'], { layout }: Treatment): LayoutChange {
  return meanings.layout?.[layout] ?? {}
}

type Trials = readonly CompletedTrial[]

function readingsOf(
  parts: LayoutCost['parts'],
  { having, other }: { readonly having: Trials; readonly other: Trials },
): LayoutReadings {
  const added = (metric: Metric): number | null => {
    const [withParts, without] = [medianOf(having, metric), medianOf(other, metric)]
    return withParts === null || without === null ? null : withParts - without
  }
  const fires = parts.some(isTrigger)
  // A table without triggers has no such time.
  const without = medianOf(other, 'triggerMs') ?? 0
  const withTriggers = fires ? medianOf(having, 'triggerMs') : null
  const unread = having.find(({ triggerMs }) => triggerMs === null)
  return {
    indexBytes: indexBytes(parts, having),
    triggerMs: withTriggers === null ? null : withTriggers - without,
    triggerMsReason: fires && unread ? missingReason(unread, 'triggerMs') : null,
    walBytes: added('walBytes'),
    walRecords: added('walRecords'),
    walFullPages: added('walFullPages'),
  }
}

/** Whether it is a trigger, and no part. */
export function isTrigger(part: TablePart | TableTrigger): part is TableTrigger {
  return 'fires' in part
}

function medianOf(trials: Trials, metric: Metric): number | null {
  const values = trials.map((trial) => metricValue(trial, metric))
  return values.length > 0 && values.every((value) => value !== null) ? median(values) : null
}

function indexBytes(parts: LayoutCost['parts'], trials: Trials): number | null {
  const names = parts.map(({ name }) => name)
  const sizes = trials.map(({ indexSizes }) => (indexSizes ?? []).filter(({ name }) => names.includes(name)))
  if (sizes.length === 0 || sizes.some((own) => own.length === 0)) return null
  return median(sizes.map((own) => own.reduce((sum, { bytes }) => sum + bytes, 0)))
}
