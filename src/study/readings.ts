/**
 * What the probes read while a trial runs, as data. Times are milliseconds since the clock started,
 * unless a name says otherwise.
 */

/**
 * What may be observed during a trial. `waits`: what each worker's backend waits for. `backends`:
 * CPU time and memory of the backends and their host. `walIo`: WAL, I/O, checkpoints, size of the
 * table. `client`: event loop, CPU, memory and garbage collection of this process.
 */
export type Probe = 'waits' | 'backends' | 'walIo' | 'client'

/** Which probes are on. */
export type Probes = { readonly [P in Probe]: boolean }

/** Every probe on. */
export const allProbes: Probes = { waits: true, backends: true, walIo: true, client: true }
const probeNames = Object.keys(allProbes) as Probe[]

/**
 * Which probes are on: all unless told, none for `false`. Throws `TypeError` for a probe that does
 * not exist.
 */
export function chosenProbes(chosen: Partial<Probes> | boolean = true): Probes {
  const given = typeof chosen === 'boolean' ? Object.fromEntries(probeNames.map((probe) => [probe, chosen])) : chosen
  for (const [name, on] of Object.entries(given)) {
    if (!(name in allProbes) || typeof on !== 'boolean') {
      throw new TypeError(
        `Expected \`probes\` to be true, false, or to switch some of ${probeNames.join(', ')}, got ${JSON.stringify(chosen)}`,
      )
    }
  }
  return { ...allProbes, ...given }
}

/** What one worker did and used. Null where it was not read; the trial's `missing` says why. */
export interface WorkerReading {
  /** The lane, from 0. */
  readonly worker: number
  /** Time blocked in `drain`: the socket took no more until the server had read on. */
  readonly backPressureMs: number
  /** CPU time (user and system) of the worker's backend. */
  readonly backendCpuMs: number | null
  /**
   * Time that the backend was runnable and had no core, as Linux counts it
   * (`/proc/<pid>/schedstat`).
   */
  readonly backendQueueMs: number | null
  /**
   * Highest resident set size of the backend since it was started, the pages of shared memory that
   * it touched included.
   */
  readonly backendRssPeakBytes: number | null
  /** Highest proportional set size seen: a page that n processes share counts as 1/n. */
  readonly backendPssPeakBytes: number | null
  /** WAL that the backend wrote (PostgreSQL 18 and newer). */
  readonly walBytes: number | null
  /**
   * Bytes by which the backend extended relations, and that it wrote itself (PostgreSQL 18 and
   * newer).
   */
  readonly extendBytes: number | null
  readonly writeBytes: number | null
}

/**
 * A worker's backend at one moment: `idle` between two COPYs, `cpu` when it waits for nothing (it
 * runs, or could if it had a core), else the wait event as `type:name`, such as `LWLock:WALWrite`,
 * spelled as PostgreSQL 17 and newer do. Where Linux says that a backend with a wait event did not
 * sleep, it is `cpu/type:name` (or `cpu/idle`): it worked in the kernel for what it is said to wait
 * for, or had been woken and had no core yet.
 */
export type WaitEvent = string

/** What the workers' backends were found doing, look by look. */
export interface Waits {
  /**
   * `pg_wait_sampling` counts in the server, without a timeline, and tells `idle` from a wait for
   * the client only by the workers' own clocks.
   */
  readonly source: 'pg_stat_activity' | 'pg_wait_sampling'
  /** Looks at all workers within the clock. */
  readonly samples: number
  /** How often a worker was found so, all workers together. */
  readonly counts: readonly { readonly event: WaitEvent; readonly count: number }[]
  /** Of the waits for a lock: who held it. */
  readonly blockers: readonly {
    readonly event: WaitEvent
    readonly by: 'worker' | 'other session'
    readonly count: number
  }[]
  /**
   * When the looks were, and each worker's event at each: an index into `events`. Every k-th look
   * of long trials; null for `pg_wait_sampling`.
   */
  readonly timeline: WaitsTimeline | null
}

export interface WaitsTimeline {
  readonly atMs: readonly number[]
  readonly events: readonly WaitEvent[]
  /** One list per worker, one index per look. */
  readonly workers: readonly (readonly number[])[]
}

/** A time, while the clock ran, in which something that a load needs stood still. */
export interface Interruption {
  /**
   * `client`: this process was not run, as when it is stopped. `machine`: the client's machine
   * slept, or its clock was set: the clock of the day went ahead of the one that measures.
   * `server`: it answered nothing, or the network to it carried nothing. `backend`: a worker's
   * backend was stopped by a signal.
   */
  readonly of: 'client' | 'machine' | 'server' | 'backend'
  /** When it began. */
  readonly atMs: number
  readonly ms: number
}

/**
 * A session of somebody else that held a lock which workers waited for. What it ran is not read: it
 * may hold secrets.
 */
export interface Blocker {
  /** Of its process; 0 for a prepared transaction, which has none. */
  readonly pid: number
  /** Null where the server does not tell. */
  readonly user: string | null
  /** Its `application_name`, or what the server calls a process that has none; may be empty. */
  readonly application: string
  /** Those that waited for it, from 0. */
  readonly workers: readonly number[]
  /**
   * For how long some worker waited for it, at least: from the first to the last look at which one
   * did.
   */
  readonly waitedMs: number
}

/** The client process over time: columns of equal length. */
export interface ClientSeries {
  readonly atMs: readonly number[]
  readonly rssBytes: readonly number[]
  /** CPU time since the clock started. */
  readonly cpuMs: readonly number[]
}

/** The server's host and its backends over time: columns of equal length. */
export interface ServerSeries {
  readonly atMs: readonly number[]
  /** Connections of clients to the server, whoever's they are. */
  readonly connections: readonly number[]
  /**
   * CPU time of all workers' backends since the first row; empty where `/proc` cannot be read, like
   * the next two.
   */
  readonly backendCpuMs: readonly number[]
  /** Proportional set size of all workers' backends. */
  readonly backendPssBytes: readonly number[]
  /**
   * Share of the host's CPU time that was in use (idle and waiting for I/O are not) since the row
   * before; the first is 0.
   */
  readonly hostBusy: readonly number[]
}
