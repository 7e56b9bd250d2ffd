import type { MessagePort } from 'node:worker_threads'
import type { Treatment } from '../../../study/treatment.js'
import type { PackedConfig } from '../../calls/packed-config.js'
import type { PlacedFile, Window } from '../../input/batches.js'
import type { FileSpec } from '../../input/file-spec.js'
import type { LoopReading } from '../../probes/event-loop.js'
import type { OpenCopies } from '../open-copies.js'
import type { LoadedPart } from '../worker.js'
import type { WorkerServer } from '../workers.js'

/** The part of a trial that one thread is given: plain data, cloned. */
export interface ThreadJob {
  readonly worker: number
  readonly treatment: Treatment
  /**
   * Records that this thread loads by one COPY; 0 when there are more workers than records in a
   * batch.
   */
  readonly partRecords: number
  readonly window: Window
  /** All files of the trial; the main thread assigns those that the thread reads one by one. */
  readonly files: readonly (Omit<PlacedFile, 'file'> & { readonly spec: FileSpec })[]
  /** What the thread does on the server; null for `target: 'nothing'`. */
  readonly server: (Omit<WorkerServer, 'config'> & { readonly config: PackedConfig }) | null
  /** Batches that the threads have taken, for `queue`: they count them together. */
  readonly batchesTaken: Int32Array
  /** Which threads have a COPY open; each counts its own. */
  readonly openCopies: OpenCopies
  readonly observeLoop: boolean
  /** Whether this thread times a round trip to the server before the load. */
  readonly timeRoundTrip: boolean
}

/** Result of one thread's load. `endedAt` is the time of its last commit, by `monotonicMs`. */
export interface ThreadLoad {
  readonly parts: readonly LoadedPart[]
  readonly readMs: number
  readonly analyseMs: number
  readonly workMs: number | null
  readonly badRecords: number
  readonly endedAt: number
  readonly loop: LoopReading | null
}

/** A thread's backend: its process id, and the time of a round trip to it where that is timed. */
export interface ThreadBackend {
  readonly pid: number
  readonly roundTripMs: number | null
}

/** Functions of a thread that the main thread calls. */
export type ThreadCalls = {
  /** Makes the files, and the payloads where they are made before the clock starts. */
  prepare(): Promise<void>
  /** Connects, and yields what it found; null when there is no server. */
  connect(): Promise<ThreadBackend | null>
  /** Loads until there is no file left. */
  load(clockStart: number): Promise<ThreadLoad>
  query(sql: string): Promise<void>
  /** Makes the running work fail as soon as possible. */
  abort(): void
  /** Disconnects. */
  end(): Promise<void>
}

/** Functions of the main thread that a thread calls. */
export type MainCalls = {
  /** Index of the next file that the thread is to read; null when it has read its last. */
  nextFile(): number | null
  /** Ends the thread's round; resolves when all threads have ended theirs. */
  endRound(): Promise<void>
}

/** Message that hands a job to a thread of the pool. */
export interface ThreadOrder {
  readonly job: ThreadJob
  /** Port for calls in both directions. */
  readonly port: MessagePort
}
