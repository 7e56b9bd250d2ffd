import { setTimeout } from 'node:timers/promises'
import { monotonicMs } from '../clock.js'

/**
 * Positive control: waits, inside the clock, until the load has lasted longer by the share `by` of
 * its time `loadMs`; never less, though timers may fire early.
 */
export async function slowDown(clockStart: number, loadMs: number, by: number, signal: AbortSignal): Promise<void> {
  const end = clockStart + loadMs * (1 + by)
  for (let left = end - monotonicMs(); by > 0 && left > 0; left = end - monotonicMs()) {
    await setTimeout(Math.ceil(left), null, { signal }).catch(() => signal.throwIfAborted())
  }
}
