import type { Estimate } from '../../statistics/estimate.js'
import { mean } from '../../statistics/numerics/moments.js'
import { tInterval } from '../../statistics/t-interval.js'
import { type Activity, type ActivitySide, activities, sideLabel, sideNames } from '../activities.js'
import {
  type ContributionName,
  contributionLabel,
  type MeasuredName,
  measuredNames,
  type WallTime,
} from './wall-time.js'
import type { BlockTimes } from './within-blocks.js'

/** What one activity contributes to the change of a load's time, per worker. */
export interface Contribution {
  /**
   * The activity; `network` for round trips, which are then no part of `client`, and `unaccounted`
   * for what the sources do not account for.
   */
  readonly name: ContributionName
  /** "CPU queueing" */
  readonly label: string
  /** Mean time per worker before, in milliseconds. */
  readonly fromMs: number
  /** Mean time per worker after. */
  readonly toMs: number
  /** Mean change per worker within blocks, in milliseconds of the wall clock. */
  readonly perWorkerMs: number
  /** Lower bound of the change, by Student's t interval over blocks; null for a single block. */
  readonly lower: number | null
  /** Upper bound. */
  readonly upper: number | null
}

/** What one side contributes to the change of a load's time, per worker. */
export interface SideContribution {
  /** The side; `network` for round trips, which are then no part of the client's. */
  readonly side: ActivitySide | 'network'
  /** "waits for a core" */
  readonly label: string
  /** Mean time per worker before, in milliseconds. */
  readonly fromMs: number
  /** Mean time per worker after. */
  readonly toMs: number
  /** Change per worker within blocks, in milliseconds of the wall clock. */
  readonly change: Estimate
}

/** Activities that are listed only where they took time. */
const rare: readonly MeasuredName[] = ['indexes', 'nodes', 'distributedCommit'] satisfies readonly Activity[]

/** Returns the contributions that are measured in these trials, which are divided alike. */
function listedNames(times: readonly WallTime[]): readonly MeasuredName[] {
  return measuredNames.filter((name) => {
    if (name === 'queueing') return times.every((time) => time.cpuKnown)
    if (name === 'network') return times.every((time) => time.networkKnown)
    return !rare.includes(name) || times.some(({ perWorker }) => perWorker[name] > 0)
  })
}

/** Divides the change of the time by side, in milliseconds per worker. */
export function sideContributions(blocks: readonly BlockTimes[], level: number): readonly SideContribution[] {
  const times = blocks.flat()
  const listed = listedNames(times)
  const cpuKnown = times.every((time) => time.cpuKnown)
  return ([...sideNames, 'network'] as const).flatMap((side) => {
    const own = listed.filter((name) => (name === 'network' ? name : activities[name].side) === side)
    if (own.length === 0) return []
    const read = ({ perWorker }: WallTime): number => own.reduce((sum, name) => sum + perWorker[name], 0)
    const change = tInterval(
      blocks.map(([from, to]) => read(to!) - read(from!)),
      { level },
    )
    const label = side === 'network' ? contributionLabel(side, cpuKnown) : sideLabel(side, cpuKnown)
    const [fromMs, toMs] = [mean(blocks.map(([from]) => read(from!))), mean(blocks.map(([, to]) => read(to!)))]
    return [{ side, label, fromMs, toMs, change }]
  })
}

/** Returns the part of a trial's time that is not accounted for. */
function unaccounted({ totalMs, perWorker }: WallTime): number {
  return totalMs - measuredNames.reduce((sum, name) => sum + perWorker[name], 0)
}

/**
 * Divides the change of the time from the first treatment of each block to the second, in
 * milliseconds per worker. The values of the contributions, added in their order, are the change's
 * to the last digit.
 */
export function contributionsOf(
  blocks: readonly BlockTimes[],
  level: number,
): { readonly change: Estimate; readonly contributions: readonly Contribution[] } {
  const times = blocks.flat()
  const cpuKnown = times.every((time) => time.cpuKnown)
  const contribution = (name: ContributionName, read: (time: WallTime) => number): Contribution => {
    const { value, interval } = tInterval(
      blocks.map(([from, to]) => read(to!) - read(from!)),
      { level },
    )
    return {
      name,
      label: contributionLabel(name, cpuKnown),
      fromMs: mean(blocks.map(([from]) => read(from!))),
      toMs: mean(blocks.map(([, to]) => read(to!))),
      perWorkerMs: value,
      lower: interval?.lower ?? null,
      upper: interval?.upper ?? null,
    }
  }
  const measured = listedNames(times).map((name) => contribution(name, ({ perWorker }) => perWorker[name]))
  const contributions = [...measured, contribution('unaccounted', unaccounted)]
  const change = tInterval(
    blocks.map(([from, to]) => to!.totalMs - from!.totalMs),
    { level },
  )
  return { change: { ...change, value: contributions.reduce((sum, one) => sum + one.perWorkerMs, 0) }, contributions }
}
