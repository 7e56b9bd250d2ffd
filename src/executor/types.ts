/** The words of an experiment, as data: plain, readonly, safe to print in a cell and to write as JSON. */

import type { Finding, FindingCode } from './findings.js'
import type { InputFacts } from './input/input.js'
import type { ClientSeries, Probe, Probes, ServerSeries, Waits, WorkerReading } from './readings.js'
import type { ServerFacts } from './server/server.js'

/** How a batch reaches the workers. `split`: cut into one part per worker, all awaited (a barrier). `queue`: each worker takes the next whole batch. */
export type Dispatch = 'split' | 'queue'
/** Where the workers run. `event-loop`: all of them on one JavaScript thread. `threads`: each on a thread of its own, which reads, analyses and encodes too. */
export type Client = 'event-loop' | 'threads'
/** The format of COPY. */
export type Encoding = 'text' | 'binary'
/** What the clock sees. `pipeline`: files are read, analysed, encoded and inserted inside it. `prepared`: payloads are made before it starts. */
export type Source = 'pipeline' | 'prepared'
/** Where the payloads go. `nothing`: the null trial, the same pipeline with no server behind it: the client's ceiling. */
export type Target = 'table' | 'nothing'
/** `unlogged` tables write no WAL and are emptied after a server crash. */
export type Persistence = 'logged' | 'unlogged'

/** One level of every factor. */
export interface Treatment {
  /** Lanes, each with one connection of its own. */
  readonly workers: number
  /** Records handed out together. */
  readonly batchSize: number
  readonly dispatch: Dispatch
  readonly client: Client
  readonly encoding: Encoding
  readonly source: Source
  readonly target: Target
  /** Indexes beside the primary key, on the table's first columns that are not part of it. */
  readonly secondaryIndexes: number
  readonly persistence: Persistence
  /** `synchronous_commit` of the workers: whether a commit waits for its WAL to reach the disk. */
  readonly synchronousCommit: boolean
}

/** Any `Treatment` field, fixed (one value) or varied (several levels). Absent fields take `defaultTreatment`. */
export type Factors = { readonly [K in keyof Treatment]?: Treatment[K] | readonly Treatment[K][] }

/** A trial that checks the study itself: `aa` is an identical treatment under a second label, `slowdown` one that is slowed down by a known share. */
export type Control = 'aa' | 'slowdown'

/** The controls of a study: the treatment that each repeats, null for none. */
export interface Controls {
  readonly aa: Treatment | null
  /** `by` 0.1 waits, inside the clock, for a tenth of the time that the load took. */
  readonly slowdown: { readonly treatment: Treatment; readonly by: number } | null
}

/** Where a trial stands in its study. Warm-up trials carry block 0 and are never analysed. */
export interface TrialPlace {
  /** Run order within the study, from 1. */
  readonly trial: number
  /** The complete pass that the trial belongs to, from 1; 0 is the warm-up. */
  readonly block: number
  /** Position within the block's random order, from 1. */
  readonly position: number
  readonly phase: 'warm-up' | 'measured' | 'control'
  /** Which control the trial is; null in the other phases. */
  readonly control: Control | null
  readonly treatment: Treatment
}

/** One COPY: the part of a batch that one worker loaded. Times are milliseconds since the clock started. */
export interface Part {
  /** The lane, from 0. */
  readonly worker: number
  /** The batch, from 0. */
  readonly batch: number
  readonly records: number
  /**
   * Time to encode the part: for `split` right before its COPY starts; for `queue` ahead, while the workers load the parts before it. 0 for
   * `source: 'prepared'`.
   */
  readonly encodeMs: number
  readonly startMs: number
  readonly copyMs: number
  /** The last piece of `copyMs`: from the last byte handed to the socket to the server's word that all is committed. */
  readonly commitMs: number
}

/** What a completed trial measured. Durations are milliseconds of wall time, by a monotonic clock. */
export interface Measures {
  /** From the clock's start to the commit of the last COPY. */
  readonly totalMs: number
  /** Wall time during which at least one COPY was open. */
  readonly insertMs: number
  /** Time in COPY, summed over the workers. */
  readonly copyMs: number
  /** Time spent reading the input's files and cutting them into lines, inside the clock. */
  readonly readMs: number
  /** Time spent turning lines into typed records, inside the clock. */
  readonly analyseMs: number
  /** Time spent encoding records for COPY, inside the clock, summed over the workers. */
  readonly encodeMs: number
  /**
   * Worker time spent neither in COPY nor encoding right before it (`split`): waiting for a batch to be ready, or at the barrier; summed over the
   * workers.
   */
  readonly idleMs: number
  /** Time to connect all workers, outside `totalMs`. */
  readonly connectMs: number
  /** Time to make the payloads before the clock starts; null for `source: 'pipeline'`, which makes none. */
  readonly prepareMs: number | null
  /** Records loaded, as counted in the table; for `target: 'nothing'`, as handed over. */
  readonly records: number
  /** Payload bytes sent by COPY. */
  readonly bytes: number
  /** Lines that could not be analysed and were left out (`onBadRecord: 'skip'`). */
  readonly badRecords: number
  /** The order-free checksum of the table's content, equal to the input's; null for `target: 'nothing'`, where there is no content. */
  readonly checksum: string | null
  /** Peak number of worker connections seen by the server. */
  readonly connections: number
  /** Time blocked in `drain`, summed over the workers. */
  readonly backPressureMs: number

  /** Highest resident set size of the client process seen during the trial. */
  readonly rssPeakBytes: number | null
  /** CPU time (user + system) of the client process during the trial. */
  readonly clientCpuMs: number | null
  /** Share of the trial's wall time in which the event loop that loads was busy, 0 to 1; of several threads, the busiest one's. */
  readonly eventLoopUtilisation: number | null
  /** How late that event loop's timers were: 99th percentile and greatest. */
  readonly eventLoopDelayP99Ms: number | null
  readonly eventLoopDelayMaxMs: number | null
  /** Garbage collection: all pauses and the longest, of all threads that load. */
  readonly gcMs: number | null
  readonly gcPauseMaxMs: number | null

  /** CPU time, time without a core, and peak memory of the workers' backends, summed over them: see `WorkerReading`. */
  readonly backendCpuMs: number | null
  readonly backendQueueMs: number | null
  readonly backendRssPeakBytes: number | null
  readonly backendPssPeakBytes: number | null
  /** Shares of the CPU time of the server's host, 0 to 1: in use, and taken by other virtual machines. */
  readonly hostBusy: number | null
  readonly hostSteal: number | null
  /** Memory that the server's host could still give at the end of the trial. */
  readonly hostAvailableBytes: number | null
  /** Pages swapped in or out on the server's host during the trial. */
  readonly hostSwapPages: number | null
  /** Time in which some process of the server's host waited for a core, for the disk, for memory (Linux pressure stall information). */
  readonly cpuPressureMs: number | null
  readonly ioPressureMs: number | null
  readonly memoryPressureMs: number | null

  /** WAL written in the whole server, by the difference of its insert positions. */
  readonly walBytes: number | null
  /** Calls that made WAL durable, and the time in writing and in syncing it, in the whole server. */
  readonly walSyncs: number | null
  readonly walWriteMs: number | null
  readonly walSyncMs: number | null
  /** Extension of relations and writing of pages by backends (PostgreSQL 16 and newer), in the whole server. */
  readonly extends: number | null
  readonly extendBytes: number | null
  readonly extendMs: number | null
  readonly writeBytes: number | null
  readonly writeMs: number | null
  /** Checkpoints begun during the trial. */
  readonly checkpoints: number | null
  /** Looks at the server at which an autovacuum worker was at work. */
  readonly autovacuumLooks: number | null
  /** Size of the table, and of its indexes, after the load. */
  readonly tableBytes: number | null
  readonly indexBytes: number | null
  /** When the server last read its configuration: ISO 8601, UTC. */
  readonly configurationLoadedAt: string | null
  /** By how much the server's clock moved against this process's monotonic one during the trial. */
  readonly clockDriftMs: number | null
}

/** What broke a trial, located as far as it is known. Never holds a password. */
export interface TrialError {
  readonly name: string
  readonly message: string
  readonly sqlState: string | null
  readonly worker: number | null
  readonly batch: number | null
  readonly firstRecord: number | null
}

export interface CompletedTrial extends TrialPlace, Measures {
  readonly state: 'completed'
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly parts: readonly Part[]
  /** One per worker. */
  readonly workerReadings: readonly WorkerReading[]
  readonly waits: Waits | null
  readonly clientSeries: ClientSeries | null
  readonly serverSeries: ServerSeries | null
  /** Why values are null: the reason, by the name of the measure, of the probe that they belong to, or `workerReadings` for those of each worker alone. */
  readonly missing: { readonly [measureOrProbe in keyof Measures | 'workerReadings' | Probe]?: string }
}

export interface FailedTrial extends TrialPlace {
  readonly state: 'failed'
  readonly startedAt: string
  readonly error: TrialError
}

/** One execution of one treatment: all records loaded once. A trial that broke is data. */
export type Trial = CompletedTrial | FailedTrial

/** From the least to the greatest share, 0.05 for 5 %; null for no greatest. */
export type Shares = readonly [number, number | null]

/**
 * What is claimed of the ratio a/b. `lessBy` and `moreBy` speak of the numbers: [0.05, 0.15] is a ratio of 0.85 to 0.95, or of 1.05
 * to 1.15. `fasterBy` and `slowerBy` are one or the other, whichever is better or worse for the metric. `ratio` gives the bounds.
 */
export type Claim =
  | { readonly fasterBy: Shares }
  | { readonly slowerBy: Shares }
  | { readonly lessBy: Shares }
  | { readonly moreBy: Shares }
  | { readonly ratio: Shares }

/** The contrast that a study is about: what is claimed of the metric of `a` against that of `b`. */
export interface PrimaryContrast {
  readonly a: Treatment
  readonly b: Treatment
  /** A metric's name in the analysis, `totalMs` for one. */
  readonly metric: string
  readonly claim: Claim
}

/** The shape of the critical values at the looks: equal ones, or high ones first that fall to nearly those of a single look. */
export type Bound = 'pocock' | 'obrien-fleming'

/** When a study may end early: at so many looks, equally spaced up to `maxBlocks`, as soon as its primary contrast is decided. */
export interface StopRule {
  readonly looks: number
  readonly bound: Bound
  readonly maxBlocks: number
}

/** What a study is going to be judged by, hashed with its plan before the first trial. */
export interface Registration {
  readonly primary: PrimaryContrast
  /** Confidence level of the verdict. */
  readonly level: number
  /** The largest difference that does not matter, as a share. */
  readonly margin: number
  /** Findings about a trial that leave its block out of comparisons. */
  readonly exclude: readonly FindingCode[]
  /** Null for a study that runs all its blocks. */
  readonly stop: StopRule | null
}

/** What is written and hashed before the first trial. `blocks` is not part of the hash: more may be added later. */
export interface Plan {
  readonly name: string
  /** Version of the journal's format. */
  readonly schemaVersion: number
  /** First 12 hex digits of the SHA-256 of the plan without `hash` and `blocks`. */
  readonly hash: string
  readonly treatments: readonly Treatment[]
  readonly controls: Controls
  readonly probes: Probes
  readonly blocks: number
  readonly warmUpBlocks: number
  readonly seed: number
  readonly input: Record<string, unknown>
  readonly server: Record<string, unknown>
  /** Null for a study that explores: nothing was decided beforehand. */
  readonly registration: Registration | null
}

/** Where and with what a session of a study ran. A study that was interrupted has several. */
export interface Context {
  /** ISO 8601, UTC. */
  readonly startedAt: string
  readonly server: ServerFacts
  readonly input: InputFacts
  readonly hardware: { readonly cpu: string; readonly cores: number; readonly memoryBytes: number }
  readonly os: { readonly platform: string; readonly release: string; readonly arch: string }
  readonly node: string
  /** Version of copylab and of the libraries on the measured path. */
  readonly packages: Record<string, string>
  /** The project's commit, and whether its files differ from it; null outside a git checkout. */
  readonly git: { readonly commit: string; readonly dirty: boolean } | null
  /** Doubts about validity that were seen when the session began. */
  readonly findings: readonly Finding[]
}

/** What a look at a study says while it runs. */
export interface Interim {
  /** The look that this block is, from 1; null where the rule does not look, so that nothing may end. */
  readonly look: number | null
  /** Whether the primary contrast is decided at this look. */
  readonly decided: boolean
  /** The contrast so far, in words. */
  readonly text: string
}

/** The look at which a study ended before its last block. */
export interface EarlyStop {
  readonly look: number
  readonly block: number
  readonly text: string
}

/** One plan executed against one server. Everything that analysis needs; can be read from disk without a server. */
export interface Study {
  readonly plan: Plan
  /** One per session, oldest first. */
  readonly contexts: readonly Context[]
  /** In run order, warm-up included. */
  readonly trials: readonly Trial[]
  /** Null for a study that ran on to its last block, or is not finished. */
  readonly stopped: EarlyStop | null
  /** `disk` when no trial was run by the call that returned it. */
  readonly origin: 'measured' | 'disk'
  /** Path of the journal, relative to the project's root where it lies inside. */
  readonly journal: string
}

/** Where the trials that a call of `runStudy` finds on disk come from. */
export interface StoredTrials {
  /** Hash of the plan that they belong to. */
  readonly plan: string
  /** Days (UTC) on which the first and the last session began, such as 2026-11-26. */
  readonly firstDay: string
  readonly lastDay: string
  readonly cores: number
}

/** What `onProgress` is told. `etaMs` is null until a trial has been timed. */
export interface Progress {
  readonly study: string
  readonly stage: 'input' | 'server' | 'warm-up' | 'measured' | 'done'
  /** Trials finished, and planned in all (those already on disk included in both). */
  readonly done: number
  readonly total: number
  readonly etaMs: number | null
  /** The trial that runs, or the step that is done: "block 2/6, 4 workers × 10,000". */
  readonly message: string
  /** The trial that has just ended, if one has. */
  readonly trial: Trial | null
  /** The study after the last complete block, in words; null without a rule to stop by and without `interim`. */
  readonly interim: string | null
  /** Where the trials come from that were on disk when the call began; null when there were none. */
  readonly stored: StoredTrials | null
}
