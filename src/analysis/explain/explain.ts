import { checkedNumber, checkedOptions } from '../../check.js'
import { trialsOf } from '../../study/selection.js'
import { checkedStudies, type Study } from '../../study/study.js'
import { type Factor, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { type BlockPair, type ExcludedBlock, pairBlocks } from '../compare/pair-blocks.js'
import { excludedTrials } from '../compare/preregistration.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import { type Estimate, excludesZero } from '../statistics/estimate.js'
import { mean } from '../statistics/numerics/moments.js'
import { tInterval } from '../statistics/t-interval.js'
import { type ProgramClock, programClocks } from '../text/program-clock.js'
import { contrastPhrase } from '../text/sentence.js'
import { standingBusyHost } from '../validity/disturbed/busy-host.js'
import type { BusyHost } from '../validity/study-finding.js'
import {
  type Activity,
  type ActivitySide,
  activities,
  activityLabel,
  activityNames,
  sideLabel,
  sideNames,
} from './activities.js'
import { explainedTreatments } from './causes/interventions.js'
import type { StudyChange } from './causes/judge-causes.js'
import { type NodeTime, nodeTimes } from './node-times.js'
import { type TimeSpent, type TimeSpentOptions, timeSpent } from './time-spent.js'
import type { SideContribution } from './wall-clock/contributions.js'
import { type WallClock, wallClock } from './wall-clock/wall-clock.js'
import { toldActivities, type WorkerTime, withoutQueueing, workerTime } from './worker-time.js'

/**
 * An amount of the workers' time under two treatments: means over blocks, and the difference within
 * blocks. In a study in sessions the means are of the sessions' means, and so is the interval.
 */
export interface TimeChange {
  /** Milliseconds summed over the workers. */
  readonly fromMs: number
  readonly toMs: number
  /**
   * Change of the mean, `toMs` − `fromMs`, in milliseconds, over blocks with Student's t interval;
   * a single block has no interval.
   */
  readonly change: Estimate
}

/** Change of the time that went to one activity. */
export interface ActivityChange extends TimeChange {
  readonly activity: Activity
  readonly label: string
  readonly side: ActivitySide
  /**
   * `change` as a share of the change of the whole; null where the whole's change is not
   * distinguishable from zero.
   */
  readonly shareOfChange: number | null
}

/** Change of the time that went to all activities of one side. */
export interface SideChange extends TimeChange {
  readonly side: ActivitySide
  readonly label: string
  readonly shareOfChange: number | null
}

/**
 * Change of the share of lock and LWLock waits in the time in COPY: shares from 0 to 1, and
 * `change` as a difference of shares. Waits for the content of a buffer, LWLocks before PostgreSQL
 * 19, count in every version.
 */
export interface LockShareChange {
  readonly result: 'lock-share'
  /** The two treatments. */
  readonly between: { readonly from: Treatment; readonly to: Treatment }
  readonly from: number
  readonly to: number
  readonly change: Estimate
}

/**
 * Division by side of the change of the time from one treatment to another: the server's, the
 * machine's, the client's or the network's. Plain data.
 */
export interface Reason extends Pick<WallClock, 'changeMs' | 'sideContributions'> {
  readonly result: 'reason'
  readonly from: Treatment
  readonly to: Treatment
  /** The factors that vary in the study; words name the two treatments by them. */
  readonly varying: readonly Factor[]
  /** "1 worker to 8 at 1K" */
  readonly contrast: string
  readonly excluded: readonly ExcludedBlock[]
  /**
   * The finding that others used the host's cores: then waits for a core are not given as a reason.
   * Null where they did not.
   */
  readonly busyHost: BusyHost | null
}

/** What interventions show of the causes of the change of the time. Plain data. */
export interface TestedCauses extends Pick<WallClock, 'changeMs' | 'causes' | 'interventions'> {
  readonly result: 'causes'
  /** "1 worker to 8 at 1K" */
  readonly contrast: string
  /** As in `Reason`. */
  readonly busyHost: BusyHost | null
}

/**
 * Why one treatment takes more time or less than another, within blocks: the change of the time, as
 * CPU demand and utilisation, by what the workers did, and what interventions show of its causes.
 * Plain data: safe to print and to write as JSON.
 */
export interface Explanation extends WallClock, Basis {
  /** Names the kind of result. */
  readonly result: 'explanation'
  /** Name of the study. */
  readonly study: string
  /** The treatment from which times change. */
  readonly from: Treatment
  /** The treatment to which times change. */
  readonly to: Treatment
  /** The factors that vary in the study; words name the two treatments by them. */
  readonly varying: readonly Factor[]
  /** The two treatments in words: "1 worker to 8 at 1K". */
  readonly contrast: string
  /** Confidence level of each interval by itself, not of all of them together. */
  readonly level: number
  /** Number of blocks in which both trials were completed and their waits were read. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /** Blocks that are not used, with the reasons. */
  readonly excluded: readonly ExcludedBlock[]
  /** Reasons why the waits of some trials were not read, each once. */
  readonly unread: readonly string[]
  /**
   * False where `/proc` of the server's host could not be read in some trial: then running includes
   * queueing, which is not listed.
   */
  readonly cpuKnown: boolean
  /**
   * The workers' whole time: workers × total time. Null without a block; then all following fields
   * are null or empty.
   */
  readonly wall: TimeChange | null
  /**
   * The finding that others used the host's cores in a tenth of the study's trials or more: then
   * waits for a core are not given as a reason. Null where they did not.
   */
  readonly busyHost: BusyHost | null
  /**
   * Changes by activity, in the order in which figures stack them. They need not add up to `wall`
   * exactly: see `workerTime`.
   */
  readonly activities: readonly ActivityChange[]
  /** Changes by side, each the sum of its activities, in worker-milliseconds. */
  readonly sides: readonly SideChange[]
  /**
   * The activity whose time changed most, in either direction; waits for a core do not count where
   * `busyHost` is set.
   */
  readonly largest: Activity | null
  /**
   * The side whose time changed most; null where its change is not distinguishable from zero. Waits
   * for a core do not count where `busyHost` is set.
   */
  readonly largestSide: ActivitySide | null
  /** Change of the share of lock waits in the time in COPY; null without a block. */
  readonly lockShare: LockShareChange | null
  /**
   * What each node of the cluster did under both treatments; empty for a table that is not
   * distributed.
   */
  readonly nodes: { readonly from: readonly NodeTime[]; readonly to: readonly NodeTime[] }
  /** What the times of programs are that load under one of the two; empty for none. */
  readonly clocks: readonly ProgramClock[]
  /** The change by side, with the contrast that it is about; `say` prints it as one sentence. */
  readonly reason: Reason
  /** The causes with the contrast that they are about; `say` prints a sentence for each. */
  readonly tested: TestedCauses
}

/** Options of `explain` for the change from one treatment to another. */
export interface ExplainOptions {
  /**
   * The two treatments, each named by the factors that distinguish it from the study's others:
   * `{ workers: 2 }`. A factor that neither names has its default level, where the study has that.
   */
  readonly from: Selection
  readonly to: Selection
  /**
   * Confidence level of each interval; of all causes together.
   *
   * @default 0.95
   */
  readonly level?: number
}

/**
 * Says why one treatment takes more time or less than another (`from`, `to`): the change in
 * milliseconds of the wall clock, as CPU demand and utilisation, and by what the workers did; and
 * which causes interventions confirm or refute, over all studies that are given. The change and its
 * contributions are of the first study. With `at`, says where the workers' time went under one
 * treatment of one study. `say` says it, `plotWaterfall` draws the contributions and `plotCauses`
 * the causes. In a study in sessions the intervals are of the means of sessions.
 *
 * An intervention changes another factor under both treatments. What removes half of a cause's
 * measure and of no other confirms the cause where the change of the time goes with it, and refutes
 * it where the change stays.
 *
 * @throws `RangeError` when an option does not name one treatment of each study, since a factor has
 * no default level among theirs, and when `from` and `to` differ in a factor that one of them does
 * not name; `TypeError` for `at` together with `from` or `to`, or of several studies.
 * @example
 * const studies = [study, readStudy('reference-arrangements')]
 * say(explain(studies, { from: { workers: 2 }, to: { workers: 4 } }))
 */
export function explain(studies: Study | readonly Study[], options: ExplainOptions): Explanation
export function explain(study: Study, options: TimeSpentOptions): TimeSpent
export function explain(
  studies: Study | readonly Study[],
  options: ExplainOptions | TimeSpentOptions,
): Explanation | TimeSpent {
  const [study, ...others] = checkedStudies(studies)
  if (!study) throw new TypeError('Expected a study, or several, got an empty list')
  if (!('at' in options)) {
    const { from, to } = options
    if (!from || !to) throw new TypeError('Expected `from` and `to`, or `at`: the treatments to explain')
    return changeBetween(study, others, options)
  }
  if ('from' in options || 'to' in options) throw new TypeError('Expected either `at`, or `from` and `to`, got both')
  if (others.length > 0)
    throw new TypeError(
      `Expected one study with \`at\`, got ${others.length + 1}: name \`from\` and \`to\`, or explain each by itself`,
    )
  return timeSpent(study, options)
}

function changeBetween(study: Study, others: readonly Study[], options: ExplainOptions): Explanation {
  const { level = defaultLevel } = checkedOptions(options, { from: true, to: true, level: true })
  checkedNumber('level', level, { above: 0, below: 1 })
  const names = ['from', 'to'] as const
  const [first, ...further] = [study, ...others].map((one) => changeIn(one, options, others.length > 0))
  const { from, to } = first!
  const leftOut = excludedTrials(study)
  const paired = pairBlocks(study, { a: from, b: to }, knownTime, { names, leftOut })
  const cpuKnown = paired.pairs.every(({ a, b }) => a.cpuKnown && b.cpuKnown)
  const pairs = cpuKnown
    ? paired.pairs
    : paired.pairs.map(({ block, a, b }) => ({ block, a: withoutQueueing(a), b: withoutQueueing(b) }))
  const changes: Changes = (readValue) => changeOf(study, pairs, readValue, level)
  const wall = pairs.length > 0 ? timeChange(changes, ({ wallMs }) => wallMs) : null
  const times = pairs.flatMap(({ a, b }) => [a, b])
  const listed = wall ? activityChanges(changes, wall, toldActivities(times, cpuKnown), cpuKnown) : []
  const sides = wall ? sideChanges(changes, wall, cpuKnown) : []
  const busyHost = standingBusyHost(study)
  const largestSide = largestOf(reasonsOf(sides, busyHost))
  const clock = wallClock(first!, [first!, ...further], level)
  const { changeMs, sideContributions, causes, interventions } = clock
  const varying = varyingFactors(study.plan.treatments)
  const contrast = contrastPhrase({ a: from, b: to, varying }, 'to').text
  const { excluded } = paired
  const usedOf = (treatment: Treatment): CompletedTrial[] =>
    trialsOf(study, treatment).filter(({ trial }) => !leftOut.has(trial))
  const trials = [from, to].flatMap((treatment) => trialsOf(study, treatment))
  return {
    result: 'explanation',
    study: study.plan.name,
    from,
    to,
    varying,
    contrast,
    level,
    ...basisOf(study, pairs),
    excluded,
    unread: [...new Set(trials.flatMap(({ missing }) => missing.waits ?? []))],
    cpuKnown,
    ...clock,
    wall,
    busyHost,
    activities: listed,
    sides,
    largest: largestOf(reasonsOf(listed, busyHost))?.activity ?? null,
    largestSide: largestSide && excludesZero(largestSide.change) ? largestSide.side : null,
    lockShare: wall ? { result: 'lock-share', between: { from, to }, ...changes(lockShareOf) } : null,
    nodes: { from: nodeTimes(study, usedOf(from), level), to: nodeTimes(study, usedOf(to), level) },
    clocks: programClocks(study, [from, to]),
    reason: { result: 'reason', from, to, varying, contrast, excluded, changeMs, sideContributions, busyHost },
    tested: { result: 'causes', contrast, changeMs, causes, interventions, busyHost },
  }
}

/**
 * Finds the two treatments in one study. Of several, an error says which one does not have them.
 */
function changeIn(study: Study, { from, to }: ExplainOptions, isNamed: boolean): StudyChange {
  try {
    return { study, ...explainedTreatments(study, { from, to }) }
  } catch (error) {
    if (!isNamed || !(error instanceof RangeError)) throw error
    throw new RangeError(`${error.message} (of study ${study.plan.name}; leave it out, or name levels that it has)`, {
      cause: error,
    })
  }
}

/**
 * Returns the changes that may be given as a reason: while others use the host's cores, waits for a
 * core are caused by them as well, and are left out.
 */
export function reasonsOf<T extends { readonly side: SideContribution['side'] }>(
  changes: readonly T[],
  busyHost: BusyHost | null,
): readonly T[] {
  return busyHost ? changes.filter(({ side }) => side !== 'machine') : changes
}

const lockShareOf = ({ lockShare }: WorkerTime): number => lockShare

function knownTime(trial: CompletedTrial, name: string): WorkerTime | string {
  return workerTime(trial) ?? `the waits of ${name} were not read: ${trial.missing.waits ?? 'no reason was given'}`
}

/** Returns the means of a value of the workers' time with both treatments, and their difference. */
type Changes = (readValue: (time: WorkerTime) => number) => {
  readonly from: number
  readonly to: number
  readonly change: Estimate
}

function activityChanges(
  changes: Changes,
  wall: TimeChange,
  told: readonly Activity[],
  cpuKnown: boolean,
): ActivityChange[] {
  return told.map((activity) => {
    const changed = timeChange(changes, ({ ms }) => ms[activity])
    return {
      activity,
      label: activityLabel(activity, cpuKnown),
      side: activities[activity].side,
      ...changed,
      shareOfChange: shareOf(changed, wall),
    }
  })
}

function sideChanges(changes: Changes, wall: TimeChange, cpuKnown: boolean): SideChange[] {
  return sideNames
    .filter((side) => cpuKnown || side !== 'machine')
    .map((side) => {
      const own = activityNames.filter((activity) => activities[activity].side === side)
      const changed = timeChange(changes, ({ ms }) => own.reduce((sum, activity) => sum + ms[activity], 0))
      return {
        side,
        label: sideLabel(side, cpuKnown),
        ...changed,
        shareOfChange: shareOf(changed, wall),
      }
    })
}

function timeChange(changes: Changes, readValue: (time: WorkerTime) => number): TimeChange {
  const { from, to, change } = changes(readValue)
  return { fromMs: from, toMs: to, change }
}

function changeOf(
  study: Study,
  pairs: readonly BlockPair<WorkerTime>[],
  readValue: (time: WorkerTime) => number,
  level: number,
): ReturnType<Changes> {
  return {
    from: mean(replicateMeans(study, pairs, ({ a }) => readValue(a))),
    to: mean(replicateMeans(study, pairs, ({ b }) => readValue(b))),
    change: tInterval(
      replicateMeans(study, pairs, ({ a, b }) => readValue(b) - readValue(a)),
      { level },
    ),
  }
}

/**
 * Returns a change as a share of the whole's; null where the whole hardly changes, since shares are
 * then large and mean nothing.
 */
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
