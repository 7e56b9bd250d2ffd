import type { Workers } from '../../load/workers.js'
import type { BackendReading } from '../backends.js'
import { type ObserverRow, startObserver } from './observer.js'
import type { LoopConnections } from './server-loop.js'
import { foundBackends, startTableObserver } from './table-users.js'

/** The backends that load in a trial, and how they are sampled. */
export interface BackendSource {
  /** Their process ids, as far as they are known before the load. */
  readonly pids: readonly number[]
  /** Makes them report what they counted; null where they are not copylab's. */
  readonly flush: (() => Promise<void>) | null
  /** Starts the sampling, of wait events too with `waits`; the returned function ends it. */
  start(connections: LoopConnections, schema: string, waits: boolean): Promise<() => Promise<SeenBackends>>
}

/** What samples saw of the backends that load. */
export interface SeenBackends {
  readonly pids: readonly number[]
  readonly rows: readonly ObserverRow[]
  /** What each of them used; null where that is read before and after the load. */
  readonly backends: readonly BackendReading[] | null
  /** Seconds since 1970 at which the first of them began to write, where samples tell it. */
  readonly began: number | null
  /** Maximum number that were connected at once, where samples tell it. */
  readonly connections: number | null
}

/** The backends of copylab's own workers. */
export function workerBackends({ pids, query }: Pick<Workers, 'pids' | 'query'>): BackendSource {
  return {
    pids,
    flush: () => query('SELECT pg_stat_force_next_flush()'),
    async start(connections, schema, waits) {
      const stop = await startObserver(connections, schema, { pids, waits })
      return async () => ({ pids, rows: await stop(), backends: null, began: null, connections: null })
    },
  }
}

/** The backends of whoever writes to tables, by their OIDs. */
export function backendsAt(relations: readonly number[]): BackendSource {
  return {
    pids: [],
    flush: null,
    async start(connections, schema) {
      const stop = await startTableObserver(connections, schema, relations)
      return async () => foundBackends(await stop())
    },
  }
}
