import { monitorEventLoopDelay, PerformanceObserver, performance } from 'node:perf_hooks'

/** Readings of one JavaScript thread's event loop and garbage collector. */
export interface LoopReading {
  /** Share of wall time in which the loop was busy, 0 to 1. */
  readonly utilisation: number
  /** Lateness of timers: 99th percentile. */
  readonly delayP99Ms: number
  /** Maximum lateness of timers. */
  readonly delayMaxMs: number
  /** Time in garbage collection: all pauses. */
  readonly gcMs: number
  /** Longest pause for garbage collection. */
  readonly gcPauseMaxMs: number
}

/** Resolution of the timer whose lateness is measured. */
const delayResolutionMs = 10

/**
 * Watches the calling thread's event loop until the function that it returns is called, which
 * yields what was seen.
 */
export function observeEventLoop(): () => LoopReading {
  let gcMs = 0
  let gcPauseMaxMs = 0
  const count = (entries: readonly { readonly duration: number }[]): void => {
    for (const { duration } of entries) {
      gcMs += duration
      gcPauseMaxMs = Math.max(gcPauseMaxMs, duration)
    }
  }
  const collector = new PerformanceObserver((list) => count(list.getEntries()))
  collector.observe({ entryTypes: ['gc'] })
  const delay = monitorEventLoopDelay({ resolution: delayResolutionMs })
  delay.enable()
  const before = performance.eventLoopUtilization()
  return () => {
    const { utilization } = performance.eventLoopUtilization(before)
    delay.disable()
    count(collector.takeRecords())
    collector.disconnect()
    // The histogram holds the timer's whole interval, of which the resolution is no delay; it is
    // empty before the timer's first turn.
    const lateness = (ns: number): number => (delay.count === 0 ? 0 : Math.max(0, ns / 1e6 - delayResolutionMs))
    return {
      utilisation: utilization,
      delayP99Ms: lateness(delay.percentile(99)),
      delayMaxMs: lateness(delay.max),
      gcMs,
      gcPauseMaxMs,
    }
  }
}
