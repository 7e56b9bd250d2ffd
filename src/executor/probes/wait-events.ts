import { unifiedEvent } from '../../study/journal/wait-events.js'
import type { WaitEvent, Waits, WaitsTimeline } from '../../study/readings.js'

/** One sample of all workers, as the server's loop reports it. */
export interface WaitSample {
  /** Milliseconds since the trial's clock started. */
  readonly atMs: number
  /** One per worker: `idle`, `cpu`, or `type:name` as this server spells it. */
  readonly events: readonly WaitEvent[]
  /** One per worker that waits for a lock: "worker,pid of the holder". */
  readonly blocking: readonly string[]
}

/**
 * Maximum number of a trial's samples that are kept as a timeline; of longer trials every second,
 * fourth, … sample is kept.
 */
const maxSamples = 2_000

/**
 * Adds up the samples that fall within the clock, 0 to `totalMs`. `pids` are the workers' backends,
 * in the workers' order.
 */
export function waitsOf(samples: readonly WaitSample[], totalMs: number, pids: readonly number[]): Waits {
  const within = samples.filter(({ atMs }) => atMs >= 0 && atMs <= totalMs)
  const counts = makeCounter()
  const blockers = makeCounter()
  for (const { events, blocking } of within) {
    for (const event of events) counts.add(unifiedEvent(event))
    for (const pair of blocking) {
      const [worker = 0, holder = 0] = pair.split(',').map(Number)
      const event = unifiedEvent(events[worker] ?? 'cpu')
      blockers.add(`${event} ${pids.includes(holder) ? 'worker' : 'other session'}`)
    }
  }
  return {
    source: 'pg_stat_activity',
    samples: within.length,
    counts: counts.list().map(([event, count]) => ({ event, count })),
    blockers: blockers.list().map(([key, count]) => {
      const at = key.indexOf(' ')
      return { event: key.slice(0, at), by: key.slice(at + 1) as 'worker' | 'other session', count }
    }),
    timeline: timelineOf(within, pids.length),
  }
}

function timelineOf(samples: readonly WaitSample[], workers: number): WaitsTimeline {
  let step = 1
  while (samples.length / step > maxSamples) step *= 2
  const kept = samples.filter((_, k) => k % step === 0)
  const events: WaitEvent[] = []
  const indexOf = (event: WaitEvent): number => {
    const known = events.indexOf(event)
    return known >= 0 ? known : events.push(event) - 1
  }
  return {
    atMs: kept.map(({ atMs }) => atMs),
    events,
    workers: Array.from({ length: workers }, (_, worker) =>
      kept.map((sample) => indexOf(unifiedEvent(sample.events[worker] ?? 'idle'))),
    ),
  }
}

/** Counts by name; `list` has the most frequent first. */
export function makeCounter(): { add(name: string, count?: number): void; list(): [string, number][] } {
  const counts = new Map<string, number>()
  return {
    add: (name, count = 1) => void counts.set(name, (counts.get(name) ?? 0) + count),
    list: () => [...counts].sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)),
  }
}
