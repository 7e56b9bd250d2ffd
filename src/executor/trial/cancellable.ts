import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import { backendPid } from '../load/event-loop.js'

const pauseMs = 50

/**
 * Calls `run`, which runs statements on `client`, and lets an abort cancel the one that is running: by a connection of its own, again and again until
 * `run` has ended, since a backend passes over a cancel that comes between two statements. No cancel is on its way any more when this returns, so that
 * none meets a later statement. Throws the signal's reason when a statement was cancelled.
 */
export async function cancellable<T>(
  client: pg.Client,
  config: pg.ClientConfig,
  signal: AbortSignal,
  run: () => Promise<T>,
): Promise<T> {
  signal.throwIfAborted()
  const over = new AbortController()
  let cancelling: Promise<void> = Promise.resolve()
  const cancel = (): void => {
    // Where no connection can be had, the statement ends by itself.
    cancelling = cancelUntil(over.signal, config, backendPid(client)).catch(() => {})
  }
  signal.addEventListener('abort', cancel, { once: true })
  try {
    return await run()
  } catch (error) {
    signal.throwIfAborted()
    throw error
  } finally {
    signal.removeEventListener('abort', cancel)
    over.abort()
    await cancelling
  }
}

/** A connection that is not there yet when it is `over` is given up; a cancel that was sent is waited for. */
async function cancelUntil(over: AbortSignal, config: pg.ClientConfig, pid: number): Promise<void> {
  const canceller = new pg.Client(config)
  canceller.on('error', () => {})
  const giveUp = (): void => void canceller.connection.stream.destroy()
  over.addEventListener('abort', giveUp, { once: true })
  try {
    await canceller.connect()
    over.removeEventListener('abort', giveUp)
    while (!over.aborted) {
      await canceller.query('SELECT pg_cancel_backend($1)', [pid])
      await setTimeout(pauseMs, null, { signal: over }).catch(() => {})
    }
  } finally {
    await canceller.end()
  }
}
