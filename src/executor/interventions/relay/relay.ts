import { fork } from 'node:child_process'
import { once } from 'node:events'
import type { ClientConfig } from 'pg'
import { builtFile } from '../../../project.js'
import { DatabaseError } from '../../errors.js'

/** Where the server listens: a host and port, or a socket of this machine. */
export type RelayTarget = { readonly host: string; readonly port: number } | { readonly path: string }

/** What a relay is told: where the server is, and the round trips that are asked for. */
export interface RelayOrder {
  readonly target: RelayTarget
  readonly roundTripsMs: readonly number[]
}

/** What a relay tells: its ports, in the order of the round trips, or why it has none. */
export type RelayNews = { readonly ports: readonly number[] } | { readonly failed: string }

/** A relay that runs. */
export interface Relay {
  readonly pid: number
  /**
   * The port of this machine that leads to the server with round trips that take `roundTripMs`
   * longer. Throws `DatabaseError` where the relay has ended.
   */
  portOf(roundTripMs: number): number
}

/** Time that a relay has to listen. */
const startMs = 10_000

/**
 * Runs a relay to a server in a process of its own while `task` runs. Bytes pass as they are, TLS
 * included. Throws `DatabaseError` where it does not start.
 */
export async function withRelay<T>(
  { host = 'localhost', port = 5432 }: ClientConfig,
  roundTripsMs: readonly number[],
  task: (relay: Relay) => Promise<T>,
): Promise<T> {
  // In a session of its own: Ctrl-C in the terminal does not reach it.
  const child = fork(builtFile('executor/interventions/relay/relay-main.js'), {
    cwd: '/',
    detached: true,
    env: { PATH: process.env.PATH },
    execArgv: [],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  })
  let ended: string | null = null
  child.once('exit', (code, signal) => {
    ended = signal ?? `exit code ${code}`
  })
  child.once('error', (error) => {
    ended = error.message
  })
  const fail = (reason: string): never => {
    throw new DatabaseError(
      `The relay that lengthens round trips to PostgreSQL has ended (${reason}): run again, or leave \`roundTripMs\` at 0`,
    )
  }
  try {
    const target = host.startsWith('/') ? { path: `${host}/.s.PGSQL.${port}` } : { host, port }
    child.send({ target, roundTripsMs } satisfies RelayOrder)
    const [news] = await Promise.race([
      once(child, 'message', { signal: AbortSignal.timeout(startMs) }) as Promise<[RelayNews]>,
      once(child, 'exit').then(([code, signal]) => fail(signal ?? `exit code ${code}`)),
    ])
    if ('failed' in news) return fail(news.failed)
    const ports = new Map(roundTripsMs.map((ms, k) => [ms, news.ports[k]!]))
    return await task({
      pid: child.pid!,
      portOf: (roundTripMs) => (ended === null ? ports.get(roundTripMs)! : fail(ended)),
    })
  } finally {
    if (child.connected) child.disconnect()
    if (ended === null) await once(child, 'exit')
  }
}
