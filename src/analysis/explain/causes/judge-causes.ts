import type { Study } from '../../../study/study.js'
import type { Selection, Treatment } from '../../../study/treatment.js'
import type { Basis } from '../../replicates/replicates.js'
import { type Estimate, excludesZero } from '../../statistics/estimate.js'
import { mean } from '../../statistics/numerics/moments.js'
import { tInterval } from '../../statistics/t-interval.js'
import { differingLevels } from '../../text/sentence.js'
import type { WallTime } from '../wall-clock/wall-time.js'
import { type BlockTimes, withinBlocks } from '../wall-clock/within-blocks.js'
import { type CauseName, causeNames, causes } from './causes.js'
import { type FoundIntervention, interventionsOf, type TreatmentChange } from './interventions.js'

/**
 * What is known of a cause. `confirmed`: every intervention that counts takes away half of the
 * change of the time or more. `refuted`: one leaves two thirds of it or more, and none takes half.
 * `open`: the interventions that count decide neither, or disagree. `not-tested`: none counts.
 */
export type CauseState = 'confirmed' | 'refuted' | 'open' | 'not-tested'

/**
 * An intervention that counts for a cause. All changes are from the first treatment to the second.
 */
export interface Intervention {
  /** Name of the study. */
  readonly study: string
  /** The changed levels in words: "synchronous commit on → off". */
  readonly change: string
  /** The changed factors at the levels of the baseline. */
  readonly baseline: Selection
  /** These factors at the levels of the intervention. */
  readonly changed: Selection
  /** Number of blocks in which all four trials were completed and their waits were read. */
  readonly blocks: number
  /** Number of sessions that the intervals rest on; null where they rest on blocks. */
  readonly sessions: number | null
  /** Change of the time at the baseline, in milliseconds. */
  readonly before: Estimate
  /** Change of the time with the intervention, in the same blocks. */
  readonly after: Estimate
  /** The cause's own measure: its change per worker before and after, in milliseconds. */
  readonly measure: {
    readonly beforeMs: number
    readonly afterMs: number
    /** Share of it that the intervention takes away: 1 for all of it. */
    readonly fell: number
  }
  /** `after` − ½ `before`, in the direction of `before`: below 0 it took more than half away. */
  readonly beyondHalf: Estimate
  /** `after` − ⅔ `before`, in the direction of `before`: above 0 it left more than two thirds. */
  readonly beyondTwoThirds: Estimate
  /** What this intervention alone shows of the cause. */
  readonly state: Exclude<CauseState, 'not-tested'>
}

/** A possible cause of the change of a time, and what interventions show of it. */
export interface Cause {
  readonly name: CauseName
  /** "relation extension" */
  readonly label: string
  /** A clause that says what the time is for. */
  readonly meaning: string
  readonly state: CauseState
  /**
   * Change of its own measure in the first study, in milliseconds per worker; null where it was not
   * measured.
   */
  readonly perWorkerMs: number | null
  /** The interventions that count for it. */
  readonly by: readonly Intervention[]
}

/** Share of a cause's measure that an intervention must take away to count for it. */
const minFall = 0.5
/** Shares of the change of the time that decide: what is left below the one, or above the other. */
const marks = { confirmed: 1 / 2, refuted: 2 / 3 } as const
/**
 * When another measure fell as much as one: by a share at most this much smaller, and at least this
 * part of its time.
 */
const asMuch = { share: 0.1, time: 0.25 } as const
/** Share of the change of the time below which a measure is negligible, and cannot fall. */
const negligible = 0.05

/** A study, and the change between two of its treatments. */
export interface StudyChange extends TreatmentChange {
  readonly study: Study
}

/** An intervention with its blocks, and the cause that it counts for. */
interface Counted {
  readonly study: Study
  readonly intervention: FoundIntervention
  readonly baseline: Treatment
  readonly blocks: readonly BlockTimes[]
  readonly basis: Basis
  readonly cause: CauseName
  readonly measure: Intervention['measure']
}

/**
 * Judges every cause by the interventions that the studies hold. An intervention changes one or
 * more other factors under both treatments, and is compared with its baseline in the same blocks.
 * It counts for a cause where
 * - the change of the time at the baseline is distinguishable from zero,
 * - the cause's own measure, its contribution to that change, fell by at least half, and
 * - no other listed cause fell as much: by a share as large, or less than 0.1 smaller, and by a
 *   quarter of the time or more; or by half and as much time. Nothing falls by more than all of it.
 *
 * A measure cannot fall that opposes the change, is below 5 % of it, or is not distinguishable from
 * zero.
 *
 * It refutes the cause where the interval of what it left of the change − ⅔ of it lies wholly above
 * zero, and confirms it where that − ½ of it lies wholly below, both in the direction of the
 * change. Several interventions confirm a cause only together; one refutes it where none confirms.
 *
 * All intervals that judge are at one level, by which the causes share the error of 1 − `level`:
 * divided by the number of interventions that count (Bonferroni). That of the baseline's change is
 * divided by the number of studies with interventions.
 */
export function judgeCauses(
  studies: readonly StudyChange[],
  level: number,
): { readonly states: ReadonlyMap<CauseName, Pick<Cause, 'state' | 'by'>>; readonly tried: number } {
  const found = studies.map((one) => ({ one, interventions: interventionsOf(one.study, one) }))
  const baselines = found.filter(({ interventions }) => interventions.length > 0).length
  const counted = found.flatMap(({ one, interventions }) =>
    interventions.flatMap((intervention) => countedFor(one, intervention, sharedLevel(level, baselines), level)),
  )
  const judged = counted.map((one) => ({ cause: one.cause, by: judge(one, sharedLevel(level, counted.length)) }))
  const states = new Map(
    causeNames.map((name) => {
      const by = judged.filter(({ cause }) => cause === name).map((one) => one.by)
      return [name, { state: stateOf(by), by }]
    }),
  )
  return { states, tried: found.reduce((sum, { interventions }) => sum + interventions.length, 0) }
}

/** Divides the error of a level by a number of statements. */
const sharedLevel = (level: number, statements: number): number => 1 - (1 - level) / Math.max(1, statements)

function stateOf(by: readonly Intervention[]): CauseState {
  if (by.length === 0) return 'not-tested'
  if (by.every(({ state }) => state === 'confirmed')) return 'confirmed'
  const isConfirmed = by.some(({ state }) => state === 'confirmed')
  return !isConfirmed && by.some(({ state }) => state === 'refuted') ? 'refuted' : 'open'
}

/** Returns the intervention with the cause that it counts for; nothing where there is none. */
function countedFor(
  { study, from, to }: StudyChange,
  intervention: FoundIntervention,
  baselineLevel: number,
  level: number,
): Counted[] {
  const { blocks, basis } = withinBlocks(study, [{ from, to }, intervention])
  if (blocks.length === 0) return []
  const change = tInterval(blocks.map(beforeOf), { level: baselineLevel })
  if (!excludesZero(change)) return []
  const falls = fallsOf(blocks, change.value, level)
  return falls.flatMap((own) =>
    own.measure.fell >= minFall && !falls.some((other) => other !== own && fellAsMuch(other, own))
      ? [{ study, intervention, baseline: from, blocks, basis, ...own }]
      : [],
  )
}

type Fall = Pick<Counted, 'cause' | 'measure'>

function fellAsMuch(other: Fall, own: Fall): boolean {
  const share = ({ measure }: Fall): number => Math.min(1, measure.fell)
  const time = (fall: Fall): number => share(fall) * Math.abs(fall.measure.beforeMs)
  return (
    (share(other) > share(own) - asMuch.share && time(other) >= asMuch.time * time(own)) ||
    (share(other) >= minFall && time(other) >= time(own))
  )
}

/** Returns how far each measure fell that can. */
function fallsOf(blocks: readonly BlockTimes[], changeMs: number, level: number): readonly Fall[] {
  const least = negligible * Math.abs(changeMs)
  return causeNames.flatMap((cause) => {
    const values = blocks.map(([a, b]) => measureOf(cause, b!) - measureOf(cause, a!))
    const before = tInterval(values, { level })
    if (Math.sign(changeMs) * before.value < least || !excludesZero(before)) return []
    const afterMs = mean(blocks.map(([, , c, d]) => measureOf(cause, d!) - measureOf(cause, c!)))
    return [{ cause, measure: { beforeMs: before.value, afterMs, fell: 1 - afterMs / before.value } }]
  })
}

/** Returns the measure of a cause in one trial, in milliseconds per worker. */
export function measureOf(cause: CauseName, { perWorker }: Pick<WallTime, 'perWorker'>): number {
  return causes[cause].measure.reduce((sum, name) => sum + perWorker[name], 0)
}

const beforeOf = ([a, b]: BlockTimes): number => b!.totalMs - a!.totalMs
const afterOf = ([, , c, d]: BlockTimes): number => d!.totalMs - c!.totalMs

function judge({ study, intervention, baseline, blocks, basis, measure }: Counted, level: number): Intervention {
  const over = (read: (block: BlockTimes) => number): Estimate => tInterval(blocks.map(read), { level })
  const before = over(beforeOf)
  const direction = Math.sign(before.value)
  const beyond = (mark: number): Estimate => over((block) => direction * (afterOf(block) - mark * beforeOf(block)))
  const [beyondHalf, beyondTwoThirds] = [beyond(marks.confirmed), beyond(marks.refuted)]
  const levels = (own: Treatment): Selection =>
    Object.fromEntries(intervention.changed.map((factor) => [factor, own[factor]]))
  return {
    study: study.plan.name,
    change: differingLevels(baseline, intervention.from)
      .map(({ factor, a, b }) => `${factor === 'batchSize' ? 'batches of ' : ''}${a.text} → ${b.text}`)
      .join(', '),
    baseline: levels(baseline),
    changed: levels(intervention.from),
    ...basis,
    before,
    after: over(afterOf),
    measure,
    beyondHalf,
    beyondTwoThirds,
    state: isBelowZero(beyondHalf) ? 'confirmed' : isAboveZero(beyondTwoThirds) ? 'refuted' : 'open',
  }
}

const isBelowZero = ({ interval }: Estimate): boolean => interval !== null && interval.upper < 0
const isAboveZero = ({ interval }: Estimate): boolean => interval !== null && interval.lower > 0
