import type { Interruption } from '../../../study/readings.js'
import { monotonicMs } from '../../clock.js'
import { readOwn } from '../own-system.js'
import { scheduleOf } from '../proc.js'

/**
 * Minimum duration of a standstill in milliseconds. A busy machine keeps a process waiting for a
 * few tenths of a second at most.
 */
export const standstillMs = 1000

/** Readings of the client's clocks at one moment. */
export interface Moment {
  /** Time by `monotonicMs`. */
  readonly at: number
  /** Time of day, in milliseconds since 1970. */
  readonly dayMs: number
  /** Time that the calling thread has run, or has waited for a core, since it began. */
  readonly activeMs: number
}

/** Reads the clocks. */
export function momentNow(): Moment {
  return { at: monotonicMs(), dayMs: Date.now(), activeMs: activeMs() }
}

/**
 * Returns the active time of the calling thread; where the system does not count a thread's waiting
 * for a core, the CPU time of the process.
 */
function activeMs(): number {
  const schedule = scheduleOf(readOwn('/proc/thread-self/schedstat'))
  if (schedule) return schedule.cpuMs + schedule.queueMs
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}

/**
 * The standstills between two moments at which the thread's event loop turned. A loop that is busy,
 * or has no core, is late and does not stand still; a clock that measures rests while the machine
 * sleeps, and the clock of the day does not.
 */
export function standstillsBetween(before: Moment, after: Moment): Interruption[] {
  const passed = after.at - before.at
  const inactive = passed - (after.activeMs - before.activeMs)
  const ahead = after.dayMs - before.dayMs - passed
  return [
    ...(inactive >= standstillMs ? [{ of: 'client', atMs: before.at, ms: inactive } as const] : []),
    ...(ahead >= standstillMs ? [{ of: 'machine', atMs: before.at, ms: ahead } as const] : []),
  ]
}
