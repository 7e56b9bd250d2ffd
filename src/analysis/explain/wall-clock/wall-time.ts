import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { type Activity, activityLabel, activityNames } from '../activities.js'
import { workerTime } from '../worker-time.js'
import { withCommitDelay } from './commit-delay.js'
import { type HostUse, hostUse } from './host-use.js'

/**
 * What the time of a load is divided into, per worker: the activities, of which `client` is without
 * the round trips that `network` has; `unaccounted` is what the sources do not account for.
 */
export type ContributionName = Activity | 'network' | 'unaccounted'

/** Contributions that are measured, in the order in which they are listed. */
export type MeasuredName = Exclude<ContributionName, 'unaccounted'>
export const measuredNames: readonly MeasuredName[] = [...activityNames, 'network']

/** The wall clock of one trial, divided. */
export interface WallTime {
  readonly totalMs: number
  /** Milliseconds per worker; they add up to `totalMs` but for what is unaccounted. */
  readonly perWorker: { readonly [N in MeasuredName]: number }
  /** False where queueing for a core is part of `running`. */
  readonly cpuKnown: boolean
  /** False where round trips are part of `client`. */
  readonly networkKnown: boolean
  /** CPU time of the server's host, or the reason why it is not known. */
  readonly host: HostUse | string
}

/**
 * Divides the wall clock of a trial among what its average worker did: the worker time of each
 * activity (`workerTime`, with `commit_delay` as WAL) divided by the number of workers. Returns the
 * reason, in words, where it cannot be divided.
 *
 * Round trips: a worker waits for one with each COPY, whose payload follows its statement at once,
 * and with `copiesAhead` for one with each COPY that is not sent ahead. Their time is that number
 * times the round trip that was measured before the clock started, and at most the time for which
 * backends waited for the client, which it is part of.
 */
export function wallTime(study: Study, trial: CompletedTrial, name: string): WallTime | string {
  const read = workerTime(trial)
  if (!read) return `the waits of ${name} were not read: ${trial.missing.waits ?? 'no reason was given'}`
  const time = withCommitDelay(study, trial, read)
  const { totalMs, treatment, measuredRoundTripMs, parts } = trial
  const workers = trial.workerReadings.length
  if (workers === 0 || !(totalMs > 0)) return `no worker of ${name} loaded anything`
  const networkKnown = measuredRoundTripMs !== null && parts.length > 0
  const roundTrips = networkKnown ? parts.length / workers / (treatment.copiesAhead + 1) : 0
  const clientMs = time.ms.client / workers
  const networkMs = Math.min(clientMs, roundTrips * (measuredRoundTripMs ?? 0))
  const ofActivities = activityNames.map((activity) => [activity, time.ms[activity] / workers])
  return {
    totalMs,
    perWorker: {
      ...(Object.fromEntries(ofActivities) as { [A in Activity]: number }),
      client: clientMs - networkMs,
      network: networkMs,
    },
    cpuKnown: time.cpuKnown,
    networkKnown,
    host: hostUse(study, trial),
  }
}

/**
 * Returns the trials of all blocks divided alike: where queueing or round trips are not known in
 * some of them, they are part of `running` and `client` in all.
 */
export function dividedAlike(blocks: readonly (readonly WallTime[])[]): readonly (readonly WallTime[])[] {
  const times = blocks.flat()
  const cpuKnown = times.every((time) => time.cpuKnown)
  const networkKnown = times.every((time) => time.networkKnown)
  if (cpuKnown && networkKnown) return blocks
  const alike = ({ perWorker, ...time }: WallTime): WallTime => {
    const { running, queueing, client, network } = perWorker
    return {
      ...time,
      cpuKnown,
      networkKnown,
      perWorker: {
        ...perWorker,
        ...(cpuKnown ? {} : { running: running + queueing, queueing: 0 }),
        ...(networkKnown ? {} : { client: client + network, network: 0 }),
      },
    }
  }
  return blocks.map((inBlock) => inBlock.map(alike))
}

/** Returns the name of a contribution: "CPU queueing", "round trips". */
export function contributionLabel(name: ContributionName, cpuKnown: boolean): string {
  if (name === 'unaccounted') return 'not accounted for'
  return name === 'network' ? 'round trips' : activityLabel(name, cpuKnown)
}
