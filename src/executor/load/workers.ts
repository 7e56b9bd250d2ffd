import type { Table } from '../../study/table/table.js'
import type { Treatment } from '../../study/treatment.js'
import type { CopyPart } from '../../study/trial.js'
import type { PlacedFile } from '../input/batches.js'
import type { Input } from '../input/input.js'
import type { LoopReading } from '../probes/event-loop.js'
import type { OwnConfig } from '../server/reach/own-config.js'
import type { OpenCopies } from './open-copies.js'

/** How one worker connects and loads. */
export interface WorkerServer {
  readonly config: OwnConfig
  readonly copySql: string
  /**
   * Statements before the worker's first COPY, which begin one transaction for all of them; null
   * where each COPY is a transaction of its own.
   */
  readonly begin: string | null
}

/** The records to load, the treatment, and the table that takes them. */
export interface LoadJob {
  readonly input: Input
  /** The table to fill. */
  readonly table: Table
  /** The files that hold records of the window, as `survey` found them. */
  readonly files: readonly PlacedFile[]
  readonly treatment: Treatment
  /** What each worker does on the server; null for `target: 'nothing'`. */
  readonly server: readonly WorkerServer[] | null
  /**
   * Share of the load's time to wait for before the clock stops: the positive control. 0 for none.
   */
  readonly slowDownBy: number
  /** Whether event loops are observed. */
  readonly observeLoops: boolean
  /** Whether a round trip to the server is timed before the load. */
  readonly timeRoundTrip: boolean
  readonly signal: AbortSignal
}

/** Result of a load by the workers. Times of parts are milliseconds since the clock started. */
export interface Load {
  /** Time at which the clock started, by `monotonicMs`. */
  readonly clockStart: number
  readonly totalMs: number
  readonly readMs: number
  readonly analyseMs: number
  /** Time of the treatment's `clientWork`, a part of `analyseMs`; null where there is none. */
  readonly workMs: number | null
  readonly encodeMs: number
  readonly bytes: number
  readonly badRecords: number
  readonly parts: readonly CopyPart[]
  /** Time spent waiting for `drain`, one value per worker. */
  readonly backPressureMs: readonly number[]
  /** One per JavaScript thread that loaded; empty when event loops are not observed. */
  readonly loops: readonly LoopReading[]
}

/** Workers that are connected and ready, and have not loaded anything yet. */
export interface Workers {
  /**
   * Process ids of the server's backends, one per worker in the order of their numbers; empty for
   * `target: 'nothing'`, which has no connections.
   */
  readonly pids: readonly number[]
  readonly connectMs: number
  /** Median time of a round trip to the server before the load; null where it is not timed. */
  readonly roundTripMs: number | null
  /** Which workers have a COPY open. */
  readonly openCopies: OpenCopies
  /** Time to make the payloads before the clock starts; null for `source: 'pipeline'`. */
  readonly prepareMs: number | null
  /**
   * Starts the clock, loads everything, and stops the clock when all COPYs are committed. The
   * first failure aborts the other COPYs and is thrown as `CopyError` (or `BadRecordError` when it
   * is the input that is broken) once all workers have finished.
   */
  load(): Promise<Load>
  /** Breaks all connections off: what is being loaded fails with this reason. */
  fail(reason: Error): void
  /**
   * Runs a short statement on every worker's connection; an answer that takes too long is an error.
   */
  query(sql: string): Promise<void>
}

/** Time that the answer to a short statement on a worker's connection may take. */
export const shortAnswerMs = 30_000
