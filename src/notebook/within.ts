import { setTimeout as delay } from 'node:timers/promises'

/** What a promise settles with, or null when it has not within a time. */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | null> {
  const timer = new AbortController()
  const late = delay(timeoutMs, null, { signal: timer.signal }).catch(() => null)
  return Promise.race([promise, late]).finally(() => timer.abort())
}
