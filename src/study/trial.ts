import type {
  Blocker,
  ClientSeries,
  IndexSize,
  Interruption,
  NodeReading,
  Probe,
  ServerSeries,
  Waits,
  WorkerReading,
} from './readings.js'
import type { Treatment } from './treatment.js'

/**
 * A trial that checks the study itself: `aa` is an identical treatment under a second label,
 * `slowdown` one that is slowed down by a known share, `work` one whose client does extra work, and
 * `unprobed` one that no probe observes.
 */
export type Control = 'aa' | 'slowdown' | 'work' | 'unprobed'

/** Place of a trial in its study. Warm-up trials have block 0 and are never analysed. */
export interface TrialPlace {
  /** Run order within the study, from 1. */
  readonly trial: number
  /** The complete pass that the trial belongs to, from 1; 0 is the warm-up. */
  readonly block: number
  /** Position within the block's random order, from 1. */
  readonly position: number
  /** Whether the trial warms up, is measured for comparisons, or is a control of the study. */
  readonly phase: 'warm-up' | 'measured' | 'control'
  /** Which control the trial is; null in the other phases. */
  readonly control: Control | null
  /** The levels of all factors in this trial. */
  readonly treatment: Treatment
}

/**
 * One COPY: the part of a batch that one worker loaded. Times are milliseconds since the clock
 * started.
 */
export interface CopyPart {
  /** Number of the worker, from 0. */
  readonly worker: number
  /** Number of the batch, from 0. */
  readonly batch: number
  readonly records: number
  /**
   * Time to encode the part: for `split` on the event loop right before its COPY starts; for
   * `queue`, on threads and with `copiesAhead`, while the workers load the parts before it. 0 for
   * `source: 'prepared'`.
   */
  readonly encodeMs: number
  /** When it was sent; of one that was sent ahead, when the one before it was answered. */
  readonly startMs: number
  readonly copyMs: number
  /**
   * The last segment of `copyMs`: from the last byte handed to the socket, or all of the time of a
   * COPY that was sent ahead by then, to the server's confirmation of the commit. With `freeze`
   * that is the commit of no COPY but the last one of each worker, whose time it is though it
   * begins once all workers are done.
   */
  readonly commitMs: number
}

/**
 * Measurements of a completed trial. Durations are milliseconds of wall time, by a monotonic clock.
 */
export interface Measurements {
  /**
   * Time from the clock's start to the commit of the last COPY; of a program, between its own two
   * lines where it has them, else from its start to its exit.
   */
  readonly totalMs: number
  /**
   * Wall time during which at least one COPY was open; of a program, during which at least one of
   * its backends was in a statement, by samples: null without any.
   */
  readonly insertMs: number | null
  /** Time in COPY, summed over the workers; of a program, in statements, by samples. */
  readonly copyMs: number | null
  /**
   * Time spent reading the input's files and cutting them into lines, inside the clock. Null for a
   * program's load, as others are that only copylab's own workers know.
   */
  readonly readMs: number | null
  /** Time spent turning lines into typed records, inside the clock. */
  readonly analyseMs: number | null
  /**
   * Time of the treatment's `clientWork` and of the extra work of the control `work`, inside
   * `analyseMs` and summed over threads; null where there is none.
   */
  readonly clientWorkMs: number | null
  /** Time spent encoding records for COPY, inside the clock, summed over the workers. */
  readonly encodeMs: number | null
  /**
   * Time that workers spent neither in COPY nor in encoding right before it (`split`): waiting for
   * a batch to be ready, or at the barrier; summed over the workers.
   */
  readonly idleMs: number | null
  /** Time to connect all workers, outside `totalMs`. */
  readonly connectMs: number | null
  /**
   * Median time of a round trip between client and server before the clock starts, on the first
   * worker's connection, by the relay where there is one; null in a study without a relay.
   */
  readonly measuredRoundTripMs: number | null
  /**
   * Time to make the payloads before the clock starts; null for `source: 'pipeline'`, which makes
   * none.
   */
  readonly prepareMs: number | null
  /**
   * Time to make indexes and keys after the last COPY, inside `totalMs`; null for
   * `indexBuild: 'before'`.
   */
  readonly indexMs: number | null
  /**
   * Parallel workers that the server asked for to make one of these indexes, at most; null for
   * `indexBuild: 'before'`.
   */
  readonly indexWorkers: number | null
  /**
   * Time in the functions of the layout's triggers, with what they call, summed over the workers
   * and inside the time in COPY; null for a layout without triggers.
   */
  readonly triggerMs: number | null
  /** Time to put the existing rows back, before the clock starts; null for a table without any. */
  readonly restoreMs: number | null
  /**
   * Size of the table and its indexes with the existing rows alone; null for a table without any.
   */
  readonly existingBytes: number | null
  /**
   * Time from the start of the program that loaded to its exit; null where copylab itself loaded.
   */
  readonly exitMs: number | null
  /**
   * Time from the first COPY or INSERT into the table, as samples of the server find it, to the
   * program's exit; null where copylab itself loaded, or no sample found one.
   */
  readonly fromCopyMs: number | null
  /** Time between the program's own two lines; null where it has none. */
  readonly betweenLinesMs: number | null
  /** Records loaded, as counted in the table; for `target: 'nothing'`, as handed over. */
  readonly records: number
  /** Payload bytes sent by COPY. */
  readonly bytes: number | null
  /** Lines that could not be analysed and were left out (`onBadRecord: 'skip'`). */
  readonly badRecords: number
  /**
   * The order-free checksum of the table's content, equal to the input's; null for
   * `target: 'nothing'`, where there is no content.
   */
  readonly checksum: string | null
  /**
   * Peak number of the workers' connections seen by the server; copylab's own, which control and
   * observe the trial, are not among them.
   */
  readonly connections: number
  /** Time spent waiting for `drain`, summed over the workers. */
  readonly backPressureMs: number | null

  /** Highest resident set size of the client process seen during the trial. */
  readonly rssPeakBytes: number | null
  /** CPU time (user + system) on the clock of the client process, or of the program that loaded. */
  readonly clientCpuMs: number | null
  /**
   * Share of the trial's wall time in which the event loop that loads was busy, 0 to 1; of several
   * threads, the busiest one's.
   */
  readonly eventLoopUtilisation: number | null
  /** Lateness of that event loop's timers: 99th percentile. */
  readonly eventLoopDelayP99Ms: number | null
  /** Maximum lateness of that event loop's timers. */
  readonly eventLoopDelayMaxMs: number | null
  /** Time in garbage collection: all pauses of all threads that load. */
  readonly gcMs: number | null
  /** Longest pause for garbage collection of all threads that load. */
  readonly gcPauseMaxMs: number | null

  /** CPU time (user and system), summed over the workers' backends. */
  readonly backendCpuMs: number | null
  /** Time that backends were runnable and had no core, summed over the workers' backends. */
  readonly backendQueueMs: number | null
  /** Peak resident set sizes, shared pages included, summed over the workers' backends. */
  readonly backendRssPeakBytes: number | null
  /** Peak proportional set sizes, summed over the workers' backends. */
  readonly backendPssPeakBytes: number | null
  /** Share of the CPU time of the server's host in use, 0 to 1. */
  readonly hostBusy: number | null
  /** Share of the CPU time of the server's host taken by other virtual machines, 0 to 1. */
  readonly hostSteal: number | null
  /**
   * Share of the CPU time of the server's host that neither the client's process nor any process of
   * the server used, the kernel's own work included. Slightly below 0 by the error of the readings.
   * Null where client and server do not share a host whose cores both may use.
   */
  readonly hostOthers: number | null
  /** Memory available on the server's host at the end of the trial. */
  readonly hostAvailableBytes: number | null
  /** Pages swapped in or out on the server's host during the trial. */
  readonly hostSwapPages: number | null
  /**
   * Time in which some process of the server's host waited for a core (Linux pressure stall
   * information).
   */
  readonly cpuPressureMs: number | null
  /**
   * Time in which some process of the server's host waited for the disk (Linux pressure stall
   * information).
   */
  readonly ioPressureMs: number | null
  /**
   * Time in which some process of the server's host waited for memory (Linux pressure stall
   * information).
   */
  readonly memoryPressureMs: number | null

  /** WAL written in the whole server, by the difference of its insert positions. */
  readonly walBytes: number | null
  /** Records of WAL written in the whole server. */
  readonly walRecords: number | null
  /**
   * Pages that the whole server wrote to WAL as a whole, as it does when one is first changed after
   * a checkpoint.
   */
  readonly walFullPages: number | null
  /** Number of calls that made WAL durable, in the whole server. */
  readonly walSyncs: number | null
  /** Time spent writing WAL, in the whole server. */
  readonly walWriteMs: number | null
  /** Time spent syncing WAL, in the whole server. */
  readonly walSyncMs: number | null
  /**
   * Number of extensions of relations by all backends: in pages in PostgreSQL 16 and 17, in calls
   * from 18 on.
   */
  readonly extends: number | null
  /** Bytes by which all backends extended relations (PostgreSQL 16 and newer). */
  readonly extendBytes: number | null
  /** Time that all backends spent extending relations (PostgreSQL 16 and newer). */
  readonly extendMs: number | null
  /** Bytes of pages that all backends wrote themselves (PostgreSQL 16 and newer). */
  readonly writeBytes: number | null
  /** Time that all backends spent writing pages (PostgreSQL 16 and newer). */
  readonly writeMs: number | null
  /** Checkpoints begun during the trial. */
  readonly checkpoints: number | null
  /** Number of samples of the server in which an autovacuum worker was running. */
  readonly autovacuumSamples: number | null
  /** Size of the table after the load. */
  readonly tableBytes: number | null
  /** Size of the table's indexes after the load. */
  readonly indexBytes: number | null
  /** Time at which the server last read its configuration: ISO 8601, UTC. */
  readonly configurationLoadedAt: string | null
  /**
   * Time for which backends of the workers were committing on several nodes of a cluster, in two
   * phases, summed over the workers, by samples; null for a table that is not distributed.
   */
  readonly distributedCommitMs: number | null
  /** Drift of the server's clock relative to this process's monotonic one during the trial. */
  readonly clockDriftMs: number | null
}

/** Error of a failed trial, located as far as known. Never holds a password. */
export interface TrialError {
  readonly name: string
  readonly message: string
  readonly sqlState: string | null
  readonly worker: number | null
  readonly batch: number | null
  readonly firstRecord: number | null
}

/** A trial that loaded all records, verified: its place, measurements and series. */
export interface CompletedTrial extends TrialPlace, Measurements {
  /** Tells it from a failed trial. */
  readonly state: 'completed'
  /** Time at which the trial began: ISO 8601, UTC. */
  readonly startedAt: string
  /** Every COPY, in the order in which they ended. */
  readonly parts: readonly CopyPart[]
  /** One per worker. */
  readonly workerReadings: readonly WorkerReading[]
  /**
   * Every index of the table after the load, that of a distributed table over all shards; null for
   * a table that is made from the input's columns alone, and in trials that ran before it was read.
   */
  readonly indexSizes: readonly IndexSize[] | null
  /**
   * One per node of the cluster that the table is distributed over, the coordinator first; null for
   * a table that is not distributed.
   */
  readonly nodes: readonly NodeReading[] | null
  /** Waits of the workers' backends; null where they were not read, with a reason in `missing`. */
  readonly waits: Waits | null
  /** The client's memory and CPU time over time; null where they were not read. */
  readonly clientSeries: ClientSeries | null
  /** The server's CPU time, memory and connections over time; null where they were not read. */
  readonly serverSeries: ServerSeries | null
  /**
   * Standstills while the clock ran, in order of time; empty for none. Detected in every trial,
   * whatever probes are on.
   */
  readonly interruptions: readonly Interruption[] | null
  /** Other sessions that held a lock which workers waited for; empty for none. */
  readonly blockers: readonly Blocker[] | null
  /**
   * Reasons for null values, by the name of the measurement or of its probe; `workerReadings` for
   * values of single workers, `interruptions` or `blockers`.
   */
  readonly missing: {
    readonly [name in keyof Measurements | 'workerReadings' | 'interruptions' | 'blockers' | 'nodes' | Probe]?: string
  }
}

/** A trial that ended in an error: its place, its start and the error. */
export interface FailedTrial extends TrialPlace {
  readonly state: 'failed'
  readonly startedAt: string
  readonly error: TrialError
}

/** One execution of one treatment: all records loaded once. A failed trial is data. */
export type Trial = CompletedTrial | FailedTrial

/** Returns the trials of each block, in their order. */
export function trialsByBlock<T extends Pick<TrialPlace, 'block'>>(
  trials: readonly T[],
): ReadonlyMap<number, readonly T[]> {
  const blocks = new Map<number, T[]>()
  for (const trial of trials) {
    const known = blocks.get(trial.block)
    if (known) known.push(trial)
    else blocks.set(trial.block, [trial])
  }
  return blocks
}
