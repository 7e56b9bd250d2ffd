import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../connect.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import type { Client } from '../server/reach/client.js'
import type { OwnConfig } from '../server/reach/own-config.js'

export interface WatchOptions {
  /** Configuration of the connection that checks whether the server answers. */
  readonly config: OwnConfig
  /** Name of the server in messages. */
  readonly place: string
  /** The connection whose statements are watched. */
  readonly control: Client
  /**
   * Called with a description of the wait once it takes long: "waiting for the server at CHECKPOINT
   * since 40 s".
   */
  readonly onWait: (message: string) => void
  /** Called once, when the server does not answer any connection any more. */
  readonly onSilence: (error: DatabaseError) => void
  /**
   * Time without an event after which the server is checked, and again after each such time.
   * @default 30_000
   */
  readonly quietMs?: number
  /**
   * Time that an answer may take.
   * @default 10_000
   */
  readonly answerMs?: number
}

/** A running watch over a server. */
export interface ServerWatch {
  /**
   * Reports that an operation began or ended, which shows that the server answers: the time without
   * an event restarts.
   */
  event(): void
  end(): Promise<void>
}

/**
 * Watches for a server, or a network, that gives no answer; statements and loads themselves may
 * take as long as they need. Where nothing has begun or ended for a while, a separate connection
 * checks whether the server answers: one that has not answered twice counts as lost.
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

/** Whether a server answers; a refusal is an answer. */
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
