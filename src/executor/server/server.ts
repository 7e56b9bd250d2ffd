import type { ClientConfig } from 'pg'
import type { ServerFacts } from '../../study/context.js'

/** A server while it is in use: how to connect to it. */
export interface Connection {
  /** For `new pg.Client(...)`; `application_name` is left to the caller. */
  readonly config: ClientConfig
  readonly facts: ServerFacts
  /**
   * Whether a pooler in session mode stands between, which starts connections itself.
   * @default false
   */
  readonly pooled?: boolean
  /**
   * Folder of copylab's own on this machine, on the file system of the server's data; absent for a
   * server that copylab did not start.
   */
  readonly folder?: string
}

/** Options of a server's `use`. */
export interface UseOptions {
  readonly signal?: AbortSignal
  /**
   * Settings of the whole server for this use, in addition to its own and before them. A server
   * that copylab did not start cannot have any, and is not asked to.
   */
  readonly settings?: Readonly<Record<string, string>>
  /** Called with a description of each step that takes time: "creating a PostgreSQL cluster". */
  readonly onStep?: (message: string) => void
}

/**
 * The server that trials run on. It owns its resources through a callback: what `use` starts, `use`
 * stops.
 */
export interface Server {
  /**
   * Returns the part of the server that belongs to the plan: JSON, without password, user or
   * absolute path. Equal servers have equal descriptions.
   */
  describe(): Record<string, unknown>
  /**
   * Makes the server ready, checks it (`DatabaseError` in one sentence with the remedy when it is
   * too old, unreachable, read-only or lacks a right), calls `task`, and releases whatever it
   * started, however `task` ends.
   */
  use<T>(task: (connection: Connection) => Promise<T>, options?: UseOptions): Promise<T>
}
