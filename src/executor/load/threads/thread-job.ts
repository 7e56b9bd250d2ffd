import type { MessagePort } from 'node:worker_threads'
import type { Treatment } from '../../../study/treatment.js'
import type { PlacedFile, Window } from '../../input/batches.js'
import type { FileSpec } from '../../input/file-spec.js'
import type { LoopReading } from '../../probes/event-loop.js'
import type { LoadedPart } from '../worker.js'
import type { PackedConfig } from './thread-config.js'

/** What one thread is told of a trial: plain data, cloned. */
export interface ThreadJob {
  readonly worker: number
  readonly treatment: Treatment
  /**
   * Records that this thread loads by one COPY; 0 when there are more workers than records in a
   * batch.
   */
  readonly partRecords: number
  readonly window: Window
  /** All files of the trial; which of them the thread reads, the main thread says one by one. */
  readonly files: readonly (Omit<PlacedFile, 'file'> & { readonly spec: FileSpec })[]
  readonly server: { readonly config: PackedConfig; readonly copySql: string } | null
  /** Batches that the threads have taken, for `queue`: they count them together. */
  readonly batchesTaken: Int32Array
  readonly observeLoop: boolean
}

/** What a thread did. `endedAt` is the moment of its last commit, by `monotonicMs`. */
export interface ThreadLoad {
  readonly parts: readonly LoadedPart[]
  readonly readMs: number
  readonly analyseMs: number
  readonly badRecords: number
  readonly endedAt: number
  readonly loop: LoopReading | null
}

/** What a thread does when the main thread calls it. */
export type ThreadCalls = {
  /** Makes the files, and the payloads where they are made before the clock starts. */
  prepare(): Promise<void>
  /** Connects, and yields the backend's process id; null when there is no server. */
  connect(): Promise<number | null>
  /** Loads until there is no file left. */
  load(clockStart: number): Promise<ThreadLoad>
  query(sql: string): Promise<void>
  /** Ends what runs as soon as possible, by failing. */
  abort(): void
  /** Disconnects. */
  end(): Promise<void>
}

/** What the main thread does when a thread calls it. */
export type MainCalls = {
  /** Index of the next file that the thread is to read; null when it has read its last. */
  nextFile(): number | null
  /** Resolves when all threads have ended the round. */
  endRound(): Promise<void>
}

/** How a job reaches a thread of the pool. */
export interface ThreadOrder {
  readonly job: ThreadJob
  /** Where the thread is called, and calls. */
  readonly port: MessagePort
}
