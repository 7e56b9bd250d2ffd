import { setTimeout as pause } from 'node:timers/promises'
import type pg from 'pg'
import { backendPid } from '../load/event-loop.js'
import { Client } from '../server/reach/client.js'

const pauseMs = 50
/** Time that the answer to a cancel may take once nothing waits for its effect. */
const answerMs = 2_000

/**
 * Calls `run`, which runs statements on `client`, and lets an abort cancel the one that is running:
 * by a separate connection, again and again until `run` has ended, since a backend ignores a cancel
 * that comes between two statements. No cancel is in progress any more when this returns, so that
 * none hits a later statement. Throws the signal's reason when a statement was cancelled.
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
    // Where no connection can be made, the statement ends by itself.
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

/**
 * Sends cancels to the backend `pid` until `over` is aborted. A connection that is not open by then
 * is abandoned; a cancel that was sent is awaited, for as long as a server that runs needs.
 */
async function cancelUntil(over: AbortSignal, config: pg.ClientConfig, pid: number): Promise<void> {
  const canceller = new Client(config)
  let patienceMs = 0
  let patience: NodeJS.Timeout | undefined
  const giveUp = (): void => {
    patience = setTimeout(() => canceller.breakOff(), patienceMs)
  }
  over.addEventListener('abort', giveUp, { once: true })
  try {
    await canceller.connect()
    patienceMs = answerMs
    while (!over.aborted) {
      await canceller.query('SELECT pg_cancel_backend($1)', [pid])
      await pause(pauseMs, null, { signal: over }).catch(() => {})
    }
  } finally {
    over.removeEventListener('abort', giveUp)
    await canceller.disconnect()
    clearTimeout(patience)
  }
}
