import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../connect.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import type { Client } from '../server/reach/client.js'
import type { OwnConfig } from '../server/reach/own-config.js'

export interface WatchOptions {
  /** Of the connection that asks whether the server is there. */
  readonly config: OwnConfig
  /** The server, as a message names it. */
  readonly place: string
  /** The connection whose statements are waited for. */
  readonly control: Client
  /**
   * Told what is waited for, once that takes long: "waiting for the server at CHECKPOINT since 40
   * s".
   */
  readonly onWait: (message: string) => void
  /** Called once, when the server answers nobody any more. */
  readonly onSilence: (error: DatabaseError) => void
  /**
   * After so long without an event the server is asked, and again after each such time. 30 s by
   * default.
   */
  readonly quietMs?: number
  /** How long an answer may take. 10 s by default. */
  readonly answerMs?: number
}

/** A watch over a server, to be ended. */
export interface ServerWatch {
  /**
   * Something began or ended that shows that the server is there: the quiet is counted from here.
   */
  event(): void
  end(): Promise<void>
}

/**
 * A statement may take as long as it needs, and so may a load; a server, or a network, that gives
 * no answer may not. Where nothing has begun or ended for a while, a connection of its own asks
 * whether the server is there: one that has not answered twice is gone.
 */
export function watchServer(options: WatchOptions): ServerWatch {
  const { config, place, control, onWait, onSilence, quietMs = 30_000, answerMs = 10_000 } = options
  const over = new AbortController()
  let eventAt = performance.now()

  async function watch(): Promise<void> {
    let silentSince: number | null = null
    for (;;) {
      await pause(quietMs, null, { signal: over.signal })
      if (performance.now() - eventAt < quietMs) {
        silentSince = null
        continue
      }
      const { asked } = control
      const waitedMs = asked === null ? 0 : performance.now() - asked.at
      if (asked && waitedMs >= quietMs)
        onWait(`waiting for the server at ${asked.statement} since ${seconds(waitedMs)}`)
      const askedAt = performance.now()
      if (await answers(config, answerMs, over.signal)) silentSince = null
      else if (silentSince === null) silentSince = askedAt
      else {
        const at = asked === null ? 'while the workers load' : `at ${asked.statement}`
        onSilence(
          new DatabaseError(
            `PostgreSQL at ${place} has given no answer for ${seconds(performance.now() - silentSince)}, neither ${at} nor to a new connection: check the server, the network and its firewall`,
          ),
        )
        return
      }
    }
  }
  const watching = watch().catch(() => {})
  return {
    event: () => {
      eventAt = performance.now()
    },
    end: async () => {
      over.abort()
      await watching
    },
  }
}

/** Whether a server answers, be it by refusing. */
async function answers(config: OwnConfig, withinMs: number, signal: AbortSignal): Promise<boolean> {
  const asking = { ...config, connectionTimeoutMillis: withinMs, query_timeout: withinMs }
  try {
    await withClient(asking, (client) => client.query('SELECT'), { signal })
    return true
  } catch (error) {
    signal.throwIfAborted()
    return sqlStateOf(error) !== null
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
