import { checkedNumber, checkedOptions } from '../../check.js'
import { selectTreatment, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { type Factor, isByProgram, type Selection, type Treatment, varyingFactors } from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { excludedTrials } from '../compare/preregistration.js'
import { defaultLevel } from '../defaults.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import type { Estimate } from '../statistics/estimate.js'
import { tInterval } from '../statistics/t-interval.js'
import { type ProgramClock, programClocks } from '../text/program-clock.js'
import {
  type Activity,
  type ActivitySide,
  activities,
  activityLabel,
  activityNames,
  sideLabel,
  sideNames,
} from './activities.js'
import { type NodeTime, nodeTimes } from './node-times.js'
import { toldActivities, type WorkerTime, withoutQueueing, workerTime } from './worker-time.js'

/** An amount of time under one treatment, and its share of the whole. */
export interface SpentTime {
  readonly label: string
  /**
   * Mean over blocks in milliseconds with Student's t interval, in a study in sessions of the means
   * of sessions; a single one has no interval.
   */
  readonly ms: Estimate
  /** The mean as a share of the whole's, 0 to 1. */
  readonly share: number
}

/** The client's own steps for a record. */
export type ClientWork = 'read' | 'analyse' | 'encode'

/**
 * Division of the workers' time under one treatment. Plain data: safe to print and to write as
 * JSON.
 */
export interface TimeSpent extends Basis {
  readonly result: 'time-spent'
  readonly study: string
  readonly at: Treatment
  /** The factors that vary in the study; words name the treatment by them. */
  readonly varying: readonly Factor[]
  /** Confidence level of each interval by itself, not of all of them together. */
  readonly level: number
  /** Number of blocks with a completed trial that no rule of the plan excludes. */
  readonly blocks: number
  /**
   * Number of sessions that these blocks are of, in a study in sessions, where intervals are of the
   * means of sessions; null in others.
   */
  readonly sessions: number | null
  /** Total time of a trial in milliseconds; null without a block. */
  readonly totalMs: Estimate | null
  /**
   * Number of those blocks whose waits were read: `wall`, `activities` and `sides` are means of
   * them.
   */
  readonly readBlocks: number
  /** Number of sessions that those blocks are of; null for a study that is not in sessions. */
  readonly readSessions: number | null
  /** Reasons why the waits of the others were not read, each once. */
  readonly unread: readonly string[]
  /**
   * False where `/proc` of the server's host could not be read in some trial: then running includes
   * queueing, which is not listed.
   */
  readonly cpuKnown: boolean
  /**
   * The workers' whole time, workers × total time; null where no block's waits were read, and then
   * the two lists are empty.
   */
  readonly wall: Estimate | null
  /** Times by activity, in the order in which figures stack them. */
  readonly activities: readonly (SpentTime & { readonly activity: Activity; readonly side: ActivitySide })[]
  /** Times by side: the server's work, the server's waits, the machine, the client. */
  readonly sides: readonly (SpentTime & { readonly side: ActivitySide })[]
  /**
   * The part of the whole that the activities do not account for, below 0 where they exceed it,
   * since they come from several clocks: with it their shares add up to 1, and so do those of the
   * sides. Null where the lists are empty.
   */
  readonly rest: SpentTime | null
  /**
   * The client's own work inside the clock, in addition to the workers' time and not a part of it:
   * the client may work while backends do. Shares are of the time of the client's threads, one for
   * an event loop, and one for each worker otherwise. Empty without a block, and for a program's.
   */
  readonly client: readonly (SpentTime & { readonly work: ClientWork })[]
  /** What each node of the cluster did; empty for a table that is not distributed. */
  readonly nodes: readonly NodeTime[]
  /**
   * CPU time of the program that loaded; null where copylab itself did, or where it is not known.
   */
  readonly programCpu: Estimate | null
  /** What the time of that program is; empty where copylab itself loaded. */
  readonly clocks: readonly ProgramClock[]
  /** Number of threads that the client's work was spread over. */
  readonly clientThreads: number
}

/** Options of `explain` for the time spent under one treatment. */
export interface TimeSpentOptions {
  /**
   * The treatment, named by the factors that distinguish it from the study's others:
   * `{ workers: 2, batchSize: 10_000 }`.
   */
  readonly at: Selection
  /**
   * Confidence level of each interval.
   *
   * @default 0.95
   */
  readonly level?: number
}

const clientWork: {
  readonly [W in ClientWork]: { readonly label: string; readonly ms: (trial: CompletedTrial) => number | null }
} = {
  read: { label: 'reading files', ms: ({ readMs }) => readMs },
  analyse: { label: 'analysing lines', ms: ({ analyseMs }) => analyseMs },
  encode: { label: 'encoding records', ms: ({ encodeMs }) => encodeMs },
}

/**
 * Divides the workers' time under one treatment into activities. Throws `RangeError` when `at` does
 * not name one treatment.
 */
export function timeSpent(study: Study, options: TimeSpentOptions): TimeSpent {
  checkedStudy(study)
  const { at, level = defaultLevel } = checkedOptions(options, { at: true, level: true })
  checkedNumber('level', level, { above: 0, below: 1 })
  const treatment = selectTreatment(study, at, 'at')
  const leftOut = excludedTrials(study)
  const trials = trialsOf(study, treatment).filter(({ trial }) => !leftOut.has(trial))
  const read = trials.flatMap((trial) => workerTime(trial) ?? [])
  const cpuKnown = read.every((time) => time.cpuKnown)
  const times = cpuKnown ? read : read.map(withoutQueueing)
  const over = <T extends { readonly block: number }>(all: readonly T[], value: (one: T) => number): Estimate =>
    tInterval(replicateMeans(study, all, value), { level })
  const totalMs = trials.length > 0 ? over(trials, (trial) => trial.totalMs) : null
  const cpu = isByProgram(treatment) ? withValues(trials, ({ clientCpuMs }) => clientCpuMs) : []
  const clientThreads = treatment.client === 'threads' ? treatment.workers : 1
  return {
    result: 'time-spent',
    study: study.plan.name,
    at: treatment,
    varying: varyingFactors(study.plan.treatments),
    level,
    ...basisOf(study, trials),
    totalMs,
    readBlocks: times.length,
    readSessions: basisOf(study, times).sessions,
    unread: [...new Set(trials.flatMap(({ missing }) => missing.waits ?? []))],
    cpuKnown,
    ...splitOf(times, cpuKnown, (value) => over(times, value)),
    client:
      totalMs === null
        ? []
        : (Object.keys(clientWork) as ClientWork[]).flatMap((work) => {
            const known = withValues(trials, clientWork[work].ms)
            if (known.length === 0) return []
            const ms = over(known, ({ value }) => value)
            return [{ work, label: clientWork[work].label, ms, share: ms.value / (totalMs.value * clientThreads) }]
          }),
    nodes: nodeTimes(study, trials, level),
    programCpu: cpu.length > 0 ? over(cpu, ({ value }) => value) : null,
    clocks: programClocks(study, [treatment]),
    clientThreads,
  }
}

/** Returns the trials that have a value, each with its block. */
function withValues(
  trials: readonly CompletedTrial[],
  read: (trial: CompletedTrial) => number | null,
): { readonly block: number; readonly value: number }[] {
  return trials.flatMap((trial) => {
    const value = read(trial)
    return value === null ? [] : [{ block: trial.block, value }]
  })
}

function splitOf(
  times: readonly WorkerTime[],
  cpuKnown: boolean,
  meanOf: (value: (time: WorkerTime) => number) => Estimate,
): Pick<TimeSpent, 'wall' | 'activities' | 'sides' | 'rest'> {
  if (times.length === 0) return { wall: null, activities: [], sides: [], rest: null }
  const wall = meanOf(({ wallMs }) => wallMs)
  const spent = (label: string, value: (time: WorkerTime) => number): SpentTime => {
    const ms = meanOf(value)
    return { label, ms, share: ms.value / wall.value }
  }
  const sumOf =
    (named: readonly Activity[]) =>
    ({ ms }: WorkerTime): number =>
      named.reduce((sum, activity) => sum + ms[activity], 0)
  return {
    wall,
    activities: toldActivities(times, cpuKnown).map((activity) => ({
      activity,
      side: activities[activity].side,
      ...spent(activityLabel(activity, cpuKnown), ({ ms }) => ms[activity]),
    })),
    sides: sideNames
      .filter((side) => cpuKnown || side !== 'machine')
      .map((side) => ({
        side,
        ...spent(sideLabel(side, cpuKnown), sumOf(activityNames.filter((one) => activities[one].side === side))),
      })),
    rest: spent('not accounted for', (time) => time.wallMs - sumOf(activityNames)(time)),
  }
}
