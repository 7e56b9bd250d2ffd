import type { NodeReading } from '../../study/readings.js'
import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import { replicateMeans } from '../replicates/replicates.js'
import type { Estimate } from '../statistics/estimate.js'
import { tInterval } from '../statistics/t-interval.js'
import { type Activity, activities, activityOf, isRunnable } from './activities.js'

/** Time of a node's backends in one activity. */
export interface NodeActivity {
  readonly activity: Activity
  readonly label: string
  /**
   * Milliseconds summed over the backends that serve the workers: mean over trials, in a study in
   * sessions over the means of sessions.
   */
  readonly ms: Estimate
}

/**
 * What one node of a cluster did in a trial: means over trials with Student's t interval, in a
 * study in sessions of the means of sessions.
 */
export interface NodeTime {
  /** Its address as the cluster knows it: "worker-1:5432". */
  readonly node: string
  readonly role: 'coordinator' | 'worker'
  /** CPU time of all processes of its server; null where it was not read. */
  readonly cpuMs: Estimate | null
  /** WAL written on it; null where it was not read. */
  readonly walBytes: Estimate | null
  /** Checkpoints begun on it, a trial; null where they were not read. */
  readonly checkpoints: Estimate | null
  /** Size of its shards with their indexes; null where it was not read. */
  readonly shardBytes: Estimate | null
  /**
   * Time of its backends by activity, the longest first; empty where none served the workers, as on
   * the coordinator, whose own workers' backends are, and where they were not sampled.
   */
  readonly activities: readonly NodeActivity[]
}

/** Computes what each node did in trials whose table is distributed; none for others. */
export function nodeTimes(study: Study, trials: readonly CompletedTrial[], level: number): readonly NodeTime[] {
  const distributed = trials.flatMap(({ block, nodes, totalMs }) => (nodes ? [{ block, nodes, totalMs }] : []))
  const [first] = distributed
  if (!first) return []
  return first.nodes.map(({ node, role }) => {
    const own = distributed.flatMap(({ block, nodes, totalMs }) => {
      const reading = nodes.find((one) => one.node === node)
      return reading ? [{ block, reading, totalMs }] : []
    })
    const over = (value: (reading: NodeReading) => number | null): Estimate | null => {
      const known = own.flatMap(({ block, reading }) => {
        const amount = value(reading)
        return amount === null ? [] : [{ block, amount }]
      })
      const values = replicateMeans(study, known, ({ amount }) => amount)
      return values.length === 0 ? null : tInterval(values, { level })
    }
    return {
      node,
      role,
      cpuMs: over(({ cpuMs }) => cpuMs),
      walBytes: over(({ walBytes }) => walBytes),
      checkpoints: over(({ checkpoints }) => checkpoints),
      shardBytes: over(({ shardBytes }) => shardBytes),
      activities: activitiesOf(study, own, level),
    }
  })
}

/** Every backend that was seen in a sample stands for the time of that sample. */
function activitiesOf(
  study: Study,
  own: readonly { readonly block: number; readonly reading: NodeReading; readonly totalMs: number }[],
  level: number,
): readonly NodeActivity[] {
  const spent = own.flatMap(({ block, reading: { samples, counts }, totalMs }) => {
    if (samples === null || samples === 0) return []
    const ms = new Map<Activity, number>()
    for (const { event, count } of counts) {
      const activity = isRunnable(event) ? 'running' : activityOf(event)
      ms.set(activity, (ms.get(activity) ?? 0) + (count * totalMs) / samples)
    }
    return [{ block, ms }]
  })
  const seen = [...new Set(spent.flatMap(({ ms }) => [...ms.keys()]))]
  const found = seen.map((activity) => ({
    activity,
    label: nodeLabel(activity),
    ms: tInterval(
      replicateMeans(study, spent, ({ ms }) => ms.get(activity) ?? 0),
      { level },
    ),
  }))
  return found.sort((a, b) => b.ms.value - a.ms.value)
}

/** Name of an activity on a node, whose client is the coordinator. */
function nodeLabel(activity: Activity): string {
  if (activity === 'client') return 'waiting for the coordinator'
  return activity === 'running' ? 'running or queueing for a core' : activities[activity].label
}
