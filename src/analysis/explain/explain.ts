import type { Study } from '../../study/study.js'
import type { Selection } from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { type BlockPair, contrastedTreatments, pairBlocks } from '../compare/pair-blocks.js'
import { excludedTrials } from '../compare/registered.js'
import { usualLevel } from '../defaults.js'
import { type Estimate, excludesZero } from '../statistics/estimate.js'
import { checkedBetween } from '../statistics/numerics/checked-values.js'
import { mean } from '../statistics/numerics/moments.js'
import { tInterval } from '../statistics/t-interval.js'
import { contrastPhrase, differingLevels } from '../text/sentence.js'
import { activities, activityNames } from './activities.js'
import { explanationPhrase, lockPhrase, reasonPhrase, sideLabels } from './explain-sentence.js'
import type { ActivityChange, Explanation, LockShareChange, Side, SideChange, TimeChange } from './explanation.js'
import { type WorkerTime, workerTime } from './worker-time.js'

export interface ExplainOptions {
  /** The two treatments, each named by the factors that tell it from the study's others: `{ workers: 2 }`. */
  readonly from: Selection
  readonly to: Selection
  /** Confidence level of each interval; 0.95 unless told. */
  readonly level?: number
}

/**
 * Where the workers' time went as one treatment became another: the change in each activity, within blocks, and in words. Throws `RangeError`
 * when `from` or `to` does not name one treatment, and when they differ in a factor that one of them does not name, like `compare`.
 */
export function explain(study: Study, options: ExplainOptions): Explanation {
  const { level = usualLevel } = options
  checkedBetween('level', level, 0, 1)
  const names = ['from', 'to'] as const
  const { a: from, b: to } = contrastedTreatments(study, { a: options.from, b: options.to }, names)
  const paired = pairBlocks(study, { a: from, b: to }, knownTime, { names, leftOut: excludedTrials(study) })
  const cpuKnown = paired.pairs.every(({ a, b }) => a.cpuKnown && b.cpuKnown)
  const pairs = cpuKnown ? paired.pairs : paired.pairs.map(withoutQueueing)
  const wall = pairs.length > 0 ? timeChange(pairs, ({ wallMs }) => wallMs, level) : null
  const listed = wall ? activityChanges(pairs, wall, cpuKnown, level) : []
  const sides = wall ? sideChanges(pairs, wall, cpuKnown, level) : []
  const largestSide = largestOf(sides)
  const contrast = contrastPhrase(study, from, to, 'to')
  const measured = {
    study: study.plan.name,
    from,
    to,
    contrast: contrast.text,
    level,
    blocks: pairs.length,
    excluded: paired.excluded,
    cpuKnown,
    wall,
    activities: listed,
    sides,
    largest: largestOf(listed)?.activity ?? null,
    largestSide: largestSide && excludesZero(largestSide.change) ? largestSide.side : null,
    lockShare: wall ? lockShareChange(pairs, differingLevels(from, to), level) : null,
  }
  const sentence = explanationPhrase(contrast, measured)
  const reason = reasonPhrase(measured)
  return {
    ...measured,
    sentence: sentence.text,
    reason: reason.text,
    numbers: [...sentence.numbers, ...reason.numbers],
  }
}

function knownTime(trial: CompletedTrial, name: string): WorkerTime | string {
  return workerTime(trial) ?? `the waits of ${name} were not read: ${trial.missing.waits ?? 'no reason was given'}`
}

type Pairs = readonly BlockPair<WorkerTime>[]

/** Trials whose queueing is known and trials whose is not can be compared only where queueing counts as running in both. */
function withoutQueueing({ block, a, b }: BlockPair<WorkerTime>): BlockPair<WorkerTime> {
  const merged = (time: WorkerTime): WorkerTime => ({
    ...time,
    ms: { ...time.ms, running: time.ms.running + time.ms.queueing, queueing: 0 },
  })
  return { block, a: merged(a), b: merged(b) }
}

function activityChanges(pairs: Pairs, wall: TimeChange, cpuKnown: boolean, level: number): ActivityChange[] {
  return activityNames
    .filter((activity) => cpuKnown || activity !== 'queueing')
    .map((activity) => {
      const { label, side } = activities[activity]
      const changed = timeChange(pairs, ({ ms }) => ms[activity], level)
      return {
        activity,
        label: activity === 'running' && !cpuKnown ? 'running or queueing for a core' : label,
        side,
        ...changed,
        shareOfChange: shareOf(changed, wall),
      }
    })
}

function sideChanges(pairs: Pairs, wall: TimeChange, cpuKnown: boolean, level: number): SideChange[] {
  const sides = Object.keys(sideLabels) as Side[]
  return sides
    .filter((side) => cpuKnown || side !== 'machine')
    .map((side) => {
      const own = activityNames.filter((activity) => activities[activity].side === side)
      const changed = timeChange(pairs, ({ ms }) => own.reduce((sum, activity) => sum + ms[activity], 0), level)
      return {
        side,
        label: side === 'work' && !cpuKnown ? `${sideLabels.work} and waits for a core` : sideLabels[side],
        ...changed,
        shareOfChange: shareOf(changed, wall),
      }
    })
}

function timeChange(pairs: Pairs, readValue: (time: WorkerTime) => number, level: number): TimeChange {
  const { from, to, change } = changeOf(pairs, readValue, level)
  return { fromMs: from, toMs: to, change }
}

function changeOf(
  pairs: Pairs,
  readValue: (time: WorkerTime) => number,
  level: number,
): { from: number; to: number; change: Estimate } {
  return {
    from: mean(pairs.map(({ a }) => readValue(a))),
    to: mean(pairs.map(({ b }) => readValue(b))),
    change: tInterval(
      pairs.map(({ a, b }) => readValue(b) - readValue(a)),
      { level },
    ),
  }
}

/** Where the whole hardly changes, shares of its change are large and mean nothing. */
function shareOf({ change }: TimeChange, wall: TimeChange): number | null {
  const tellable = wall.change.interval ? excludesZero(wall.change) : wall.change.value !== 0
  return tellable ? change.value / wall.change.value : null
}

function largestOf<T extends TimeChange>(changes: readonly T[]): T | null {
  return changes.reduce<T | null>(
    (most, one) => (most && Math.abs(most.change.value) >= Math.abs(one.change.value) ? most : one),
    null,
  )
}

function lockShareChange(pairs: Pairs, levels: ReturnType<typeof differingLevels>, level: number): LockShareChange {
  const changed = changeOf(pairs, ({ lockShare }) => lockShare, level)
  const { text, numbers } = lockPhrase(changed, levels)
  return { ...changed, sentence: text, numbers }
}
