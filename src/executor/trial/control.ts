import { withClient } from '../connect.js'
import { connectionGone, nameOf } from '../server/connection-error.js'
import type { Client } from '../server/reach/client.js'
import { type OwnConfig, ownConfig } from '../server/reach/own-config.js'
import type { Connection } from '../server/server.js'
import { watchServer } from './watch-server.js'

/** A study, and how to connect to the database that its trials load into. */
export interface Reached {
  readonly study: string
  readonly connection: Connection
}

/** How a control connection is held. */
export interface Controlling extends Reached {
  readonly signal: AbortSignal
  /** Called with a description of a wait once it takes long. */
  readonly onWait: (message: string) => void
}

/** A control connection that is watched. */
export interface Control {
  readonly client: Client
  /** Aborted by the caller, and when the server does not answer any more. */
  readonly signal: AbortSignal
  /** To be called when an operation began or ended, which shows that the server answers. */
  readonly onEvent: () => void
}

/**
 * Time after an abort that a server may take to end running statements and to remove the study's
 * schema; then its connections are broken off.
 */
const abortGraceMs = 3_000

/** How the connections of a session are opened and broken off. */
export function connectingTo(connection: Connection, signal: AbortSignal) {
  return { signal, graceMs: abortGraceMs, refusal: (error: Error): Error => connectionGone(error, connection) }
}

/**
 * Calls `task` with a control connection, which resets and verifies and never loads, while a watch
 * tells whether the server still answers.
 */
export async function withControl<T>(given: Controlling, task: (control: Control) => Promise<T>): Promise<T> {
  const { connection, onWait } = given
  const silence = new AbortController()
  const signal = AbortSignal.any([given.signal, silence.signal])
  const whileWatched = async (client: Client): Promise<T> => {
    const watch = watchServer({
      config: cancelConfig(given),
      place: nameOf(connection.facts),
      control: client,
      onWait,
      onSilence: (error) => silence.abort(error),
    })
    return task({ client, signal, onEvent: watch.event }).finally(watch.end)
  }
  return withClient(controlConfig(given), whileWatched, connectingTo(connection, signal))
}

/** Returns a connection to another database of the server. */
export function connectionTo({ config, facts, ...rest }: Connection, database: string): Connection {
  return { ...rest, config: { ...config, database }, facts: { ...facts, database } }
}

/**
 * Configuration of the control connection: it times out on a lock that another session holds on the
 * study's table, instead of waiting without bound.
 */
export function controlConfig({ connection, study }: Reached): OwnConfig {
  return ownConfig(connection, `copylab/${study}/control`, { lock_timeout: '10s' })
}

/**
 * Configuration of the connection that cancels statements of the control connection; it must not
 * wait long itself.
 */
export function cancelConfig({ connection, study }: Reached): OwnConfig {
  return ownConfig(connection, `copylab/${study}/cancel`)
}
