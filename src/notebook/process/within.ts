import { setTimeout as delay } from 'node:timers/promises'

/**
 * The value that a promise resolves to; null when it has not within `timeoutMs`. Rejects as the
 * promise does.
 */
export async function within<T>(timeoutMs: number, promise: Promise<T>): Promise<T | null> {
  const timer = new AbortController()
  const late = delay(timeoutMs, null, { signal: timer.signal }).catch(() => null)
  return Promise.race([promise, late]).finally(() => timer.abort())
}
