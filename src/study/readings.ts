/**
 * Readings of the probes during a trial, as data. Times are milliseconds since the clock started,
 * unless a name states otherwise.
 */

/**
 * A probe that observes a trial. `waits`: what each worker's backend waits for. `backends`: CPU
 * time and memory of the backends and their host. `walIo`: WAL, I/O, checkpoints, size of the
 * table. `client`: event loop, CPU, memory and garbage collection of this process.
 */
export type Probe = 'waits' | 'backends' | 'walIo' | 'client'

/** Which probes are on. */
export type Probes = { readonly [P in Probe]: boolean }

/** Every probe on. */
export const allProbes: Probes = { waits: true, backends: true, walIo: true, client: true }
const probeNames = Object.keys(allProbes) as Probe[]

/**
 * Completes a choice of probes: all for `true`, the default, none for `false`, and probes that are
 * not named are on. Throws `TypeError` for a probe that does not exist.
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

/** Size of one index of the study's table; that of a partitioned table is the sum of its parts. */
export interface IndexSize {
  /** Its name, which is that of the key that it belongs to. */
  readonly name: string
  readonly bytes: number
}

/** Readings of one worker. Null where a value was not read; the trial's `missing` states why. */
export interface WorkerReading {
  /** Number of the worker, from 0. */
  readonly worker: number
  /**
   * Time spent waiting for `drain`: the socket accepted no more until the server had read further;
   * null for a program's.
   */
  readonly backPressureMs: number | null
  /** CPU time (user and system) of the worker's backend. */
  readonly backendCpuMs: number | null
  /**
   * Time that the backend was runnable and had no core, as Linux counts it
   * (`/proc/<pid>/schedstat`).
   */
  readonly backendQueueMs: number | null
  /**
   * Highest resident set size of the backend since it was started, including the pages of shared
   * memory that it touched.
   */
  readonly backendRssPeakBytes: number | null
  /** Highest proportional set size seen: a page that n processes share counts as 1/n. */
  readonly backendPssPeakBytes: number | null
  /** WAL that the backend wrote (PostgreSQL 18 and newer). */
  readonly walBytes: number | null
  /** Bytes by which the backend extended relations (PostgreSQL 18 and newer). */
  readonly extendBytes: number | null
  /** Bytes of pages that the backend wrote itself (PostgreSQL 18 and newer). */
  readonly writeBytes: number | null
}

/**
 * A worker's backend at one moment: `idle` between two COPYs, `cpu` when it waits for nothing (it
 * runs, or could if it had a core), else the wait event as `type:name`, such as `LWLock:WALWrite`,
 * spelled as PostgreSQL 17 and newer do. Where Linux shows that a backend with a wait event did not
 * sleep, it is `cpu/type:name` (or `cpu/idle`): it was working in the kernel on the operation of
 * the wait event, or had been woken and had no core yet.
 */
export type WaitEvent = string

/** Wait samples of the workers' backends. */
export interface Waits {
  /**
   * Source of the samples. `pg_wait_sampling` counts in the server, without a timeline, and
   * distinguishes `idle` from a wait for the client only by the workers' own clocks.
   */
  readonly source: 'pg_stat_activity' | 'pg_wait_sampling'
  /** Number of samples of all workers within the clock. */
  readonly samples: number
  /** Number of samples per wait event, over all workers. */
  readonly counts: readonly { readonly event: WaitEvent; readonly count: number }[]
  /** Waits for a lock by who held it. */
  readonly blockers: readonly {
    readonly event: WaitEvent
    readonly by: 'worker' | 'other session'
    readonly count: number
  }[]
  /**
   * Times of the samples, and each worker's event in each, an index into `events`. Holds every k-th
   * sample of long trials; null for `pg_wait_sampling`.
   */
  readonly timeline: WaitsTimeline | null
}

/**
 * Events of the workers' backends over time, one index per sample. Times are milliseconds since the
 * clock started.
 */
export interface WaitsTimeline {
  readonly atMs: readonly number[]
  readonly events: readonly WaitEvent[]
  /** One list per worker, one index per sample. */
  readonly workers: readonly (readonly number[])[]
}

/** A period, while the clock ran, in which something that a load needs stood still. */
export interface Interruption {
  /**
   * What stood still. `client`: this process did not run, as when it is stopped. `machine`: the
   * client's machine slept, or its clock was set: the clock of the day went ahead of the one that
   * measures. `server`: it answered nothing, or the network to it carried nothing. `backend`: a
   * worker's backend was stopped by a signal.
   */
  readonly of: 'client' | 'machine' | 'server' | 'backend'
  /** Time at which it began. */
  readonly atMs: number
  /** Duration. */
  readonly ms: number
}

/**
 * Another session that held a lock which workers waited for. The text of its query is not read: it
 * may hold secrets.
 */
export interface Blocker {
  /** Id of its process; 0 for a prepared transaction, which has none. */
  readonly pid: number
  /** Name of its user; null where the server does not show it. */
  readonly user: string | null
  /** Its `application_name`, or the server's type of a process that has none; may be empty. */
  readonly application: string
  /** Numbers, from 0, of the workers that waited for a lock held by this session. */
  readonly workers: readonly number[]
  /**
   * Minimum duration of the workers' wait for it: from the first to the last sample in which a
   * worker waited.
   */
  readonly waitedMs: number
}

/**
 * Readings of one node of a Citus cluster during a trial whose table is distributed. Null where a
 * value was not read.
 */
export interface NodeReading {
  /** Its address as the cluster knows it: "worker-1:5432". */
  readonly node: string
  readonly role: 'coordinator' | 'worker'
  /** CPU time of all processes of its server: user and system. */
  readonly cpuMs: number | null
  /** WAL written in its server. */
  readonly walBytes: number | null
  /** Checkpoints begun on it. */
  readonly checkpoints: number | null
  /** Size of the table's shards on it after the load, with their indexes. */
  readonly shardBytes: number | null
  /** Number of samples of the node within the clock. */
  readonly samples: number | null
  /**
   * What its backends that serve the study's workers were seen to do, over all samples: `idle`
   * where one waits for the coordinator.
   */
  readonly counts: readonly { readonly event: WaitEvent; readonly count: number }[]
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
  /**
   * Number of connections of all clients to the server: of the workers, of copylab's own that
   * control and observe the trial, and of others.
   */
  readonly connections: readonly number[]
  /**
   * Number of connections of the workers alone; of a program, those that had written to the table.
   * Empty in a trial that ran before they were told apart.
   */
  readonly workerConnections: readonly number[]
  /**
   * Number of copylab's own connections, which control and observe the trial and load nothing;
   * empty where `workerConnections` is.
   */
  readonly ownConnections: readonly number[]
  /**
   * CPU time of all workers' backends since the first row; empty where `/proc` cannot be read.
   */
  readonly backendCpuMs: readonly number[]
  /** Proportional set size of all workers' backends; empty where `/proc` cannot be read. */
  readonly backendPssBytes: readonly number[]
  /**
   * Share of the host's CPU time that was in use (idle and waiting for I/O are not) since the row
   * before; the first value is 0. Empty where `/proc` cannot be read.
   */
  readonly hostBusy: readonly number[]
}
