import { performance } from 'node:perf_hooks'
import { setTimeout as pause } from 'node:timers/promises'
import { withClient } from '../connect.js'
import { DatabaseError, sqlStateOf } from '../errors.js'
import { backendPid } from '../load/event-loop.js'
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
 * checks whether the server answers: one that has not answered twice counts as lost. So does the
 * watched connection whose statement the server has answered, or never received.
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
      const answer = await answerOf({ config, control, withinMs: answerMs, signal: over.signal })
      if (asked && waitedMs >= quietMs && answer === 'waits for its client' && control.asked === asked) {
        const now = performance.now()
        onSilence(
          new DatabaseError(
            `The connection to PostgreSQL at ${place} carries nothing any more: for ${seconds(now - asked.at)} copylab has waited at ${asked.statement}, and the server for copylab: check the network and its firewall`,
          ),
        )
        return
      }
      if (answer !== 'none') silentSince = null
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

/**
 * What a server says about the watched connection's backend: that it works, or that it has waited
 * for its client for as long as an answer may take, or is gone. A refusal is an answer too.
 */
type Answer = 'none' | 'works' | 'waits for its client'

interface Asking extends Pick<WatchOptions, 'config' | 'control'> {
  readonly withinMs: number
  readonly signal: AbortSignal
}

async function answerOf({ config, control, withinMs, signal }: Asking): Promise<Answer> {
  const asking = { ...config, connectionTimeoutMillis: withinMs, query_timeout: withinMs }
  try {
    return await withClient(
      asking,
      async (client) => {
        const { rows } = await client.query<{ works: boolean }>(
          `SELECT count(*) > 0 AS works FROM pg_stat_get_activity($1)
             WHERE coalesce(state, 'unknown') NOT LIKE 'idle%' OR state_change > clock_timestamp() - $2 * interval '1 ms'`,
          [backendPid(control), withinMs],
        )
        return rows[0]!.works ? 'works' : 'waits for its client'
      },
      { signal },
    )
  } catch (error) {
    signal.throwIfAborted()
    return sqlStateOf(error) === null ? 'none' : 'works'
  }
}

const seconds = (ms: number): string => `${Math.round(ms / 1000)} s`
