import type { ClientConfig } from 'pg'
import type { ServerFacts } from '../../study/context.js'

/** A server while it is in use: how to connect to it. */
export interface Connection {
  /** For `new pg.Client(...)`; `application_name` is left to the caller. */
  readonly config: ClientConfig
  readonly facts: ServerFacts
  /**
   * Whether a pooler in session mode stands between, which starts connections itself; false unless
   * told.
   */
  readonly pooled?: boolean
}

export interface UseOptions {
  readonly signal?: AbortSignal
  /** Told in words what takes time: "creating a PostgreSQL cluster". */
  readonly onStep?: (message: string) => void
}

/** Where trials run. Owns its resources through a callback: what `use` starts, `use` stops. */
export interface Server {
  /**
   * What of the server belongs to the plan: JSON, without password, user or absolute path. Same
   * server, same description.
   */
  describe(): Record<string, unknown>
  /**
   * Makes the server ready, checks it (`DatabaseError` in one sentence with the remedy when it is
   * too old, unreachable, read-only or lacks a right), calls `task`, and releases whatever it
   * started, however `task` ends.
   */
  use<T>(task: (connection: Connection) => Promise<T>, options?: UseOptions): Promise<T>
}
