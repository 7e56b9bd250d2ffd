/**
 * Milliseconds of the machine's monotonic clock, whose start all threads of a process share
 * (`performance.now()` has one for each).
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6
}
