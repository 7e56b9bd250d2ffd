import { performance } from 'node:perf_hooks'
import { checkedInteger } from '../../check.js'
import type { Table } from '../../study/table/table.js'
import { BadRecordError, InputError } from '../errors.js'
import { Records } from '../records/records.js'
import { BadRecords } from './bad-records.js'
import type { Input, InputFile, OnBadRecord, RawRecords } from './input.js'
import type { Run } from './positions.js'

/** Records that are handed out together. */
export interface Batch {
  /** Number of the batch, from 0. */
  readonly batch: number
  /**
   * Position in the input of the batch's first record, from 0: the number of raw records before it,
   * including skipped and bad ones.
   */
  readonly firstRecord: number
  readonly records: Records
  /**
   * Positions of all records in the input; more than one run where records were left out or files
   * are not adjacent.
   */
  readonly runs: readonly Run[]
  /** Gives the memory of the records back, for a later batch. */
  release(): void
}

/**
 * The options of an input that decide which of its records are read, and the table that they fit.
 */
export interface Window extends Pick<Input, 'offset' | 'limit'> {
  readonly table: Table
  /**
   * Policy for bad records. `gather` leaves them out as `skip` does, and where a file cannot be
   * read further, goes on with the next.
   */
  readonly onBadRecord: OnBadRecord | 'gather'
}

/** Returns the window of an input's records for the table to fill. */
export function windowOf({ offset, limit, onBadRecord }: Input, table: Table): Window {
  return { table, offset, limit, onBadRecord }
}

/** A file and its place in its input. */
export interface PlacedFile {
  readonly file: InputFile
  /** Position in the input of the file's first raw record, from 0. */
  readonly first: number
  /** Number of its raw records from the first up to the window's end. */
  readonly records: number
}

type FileToRead = Pick<PlacedFile, 'file'> & { readonly first: number | null }

/**
 * The batches of one pass over an input, with the time spent and the bad records found so far. Can
 * be iterated once.
 */
export interface BatchReader extends AsyncIterable<Batch> {
  /** Wall time spent waiting for raw records: reading the files and cutting them. */
  readonly readMs: number
  /** Time spent turning raw records into typed ones. */
  readonly analyseMs: number
  /** Raw records within the window that could not be analysed and were left out. */
  readonly badRecords: BadRecords
  /** The files read so far that hold records of the window. */
  readonly placed: readonly PlacedFile[]
}

export interface BatchOptions {
  readonly batchSize: number
  readonly signal?: AbortSignal
  /** Monotonic clock, in milliseconds. */
  readonly clock?: () => number
  /**
   * Called with the number of raw records that were just analysed; what it does is a part of the
   * analysis.
   */
  readonly onAnalysed?: (records: number) => Promise<void>
}

/**
 * Reads and analyses the window of the input in file order, in batches that may span files. The
 * window counts raw records, so a bad one that is left out takes its place in it. Records that the
 * offset skips in a file that is opened are analysed, so that a file's running figures do not
 * depend on the window; errors in them are ignored. A bad record throws `BadRecordError` or is
 * counted, by `input.onBadRecord`.
 */
export function readBatches(window: Window, files: readonly InputFile[], options: BatchOptions): BatchReader {
  return readFiles(
    window,
    files.map((file) => ({ file, first: null })),
    options,
  )
}

/**
 * Reads and analyses files whose places are known, in the order in which they come; the batches are
 * filled in that order. The window, bad records and errors are those of `readBatches`.
 */
export function readPlacedFiles(
  window: Window,
  files: Iterable<PlacedFile> | AsyncIterable<PlacedFile>,
  options: BatchOptions,
): BatchReader {
  return readFiles(window, files, options)
}

/** Reads the files as they come; one without a place begins where the one before it ended. */
function readFiles(
  window: Window,
  files: Iterable<FileToRead> | AsyncIterable<FileToRead>,
  options: BatchOptions,
): BatchReader {
  const { batchSize, signal, clock = () => performance.now(), onAnalysed } = options
  checkedInteger('batchSize', batchSize, { from: 1 })
  const placed: PlacedFile[] = []
  const totals = { readMs: 0, analyseMs: 0 }
  const badRecords = new BadRecords()
  const { offset } = window
  const end = window.limit === null ? Number.POSITIVE_INFINITY : offset + window.limit

  const free: Records[] = []
  // As large as a batch was before: growing step by step is work for the garbage collector.
  const takeRecords = (full: Records | null): Records => free.pop() ?? new Records(window.table, full)
  function release(records: Records): void {
    records.truncate(0)
    free.push(records)
  }

  async function* batches(): AsyncGenerator<Batch> {
    let position = 0
    let batch = 0
    let filling = new Filling(takeRecords(null), batchSize)
    const filled = (): Batch => {
      const { records, runs } = filling
      records.checkComplete()
      filling = new Filling(takeRecords(records), batchSize)
      return { batch: batch++, firstRecord: runs[0]!.first, records, runs, release: () => release(records) }
    }
    for await (const { file, first: known } of files) {
      const first = known ?? position
      position = first
      if (position >= end) continue
      if (file.records !== undefined && position + file.records <= offset) {
        position += file.records
        continue
      }
      for await (const raw of timedChunks(file)) {
        const count = Math.min(raw.count, end - position)
        for (let k = 0; k < count; ) {
          const since = clock()
          const next = filling.take(raw, k, count, position, offset)
          if (onAnalysed) await onAnalysed(next - k)
          totals.analyseMs += clock() - since
          position += next - k
          k = next
          if (filling.failure) {
            const { error } = filling.failure
            filling.failure = null
            if (position > offset || error instanceof InputError) countBad(file, raw.lines(k - 1), error)
          }
          if (filling.records.length === batchSize) {
            yield filled()
            signal?.throwIfAborted()
          }
        }
        if (position >= end) break
      }
      if (position > Math.max(first, offset)) placed.push({ file, first, records: position - first })
    }
    if (filling.records.length > 0) yield filled()
  }

  async function* timedChunks(file: InputFile): AsyncGenerator<RawRecords> {
    const chunks = file.read()[Symbol.asyncIterator]()
    try {
      for (;;) {
        signal?.throwIfAborted()
        const since = clock()
        const next = await chunks.next().catch(endOfFile)
        totals.readMs += clock() - since
        if (next.done) return
        yield next.value
      }
    } finally {
      await chunks.return?.()
    }
  }

  /** Takes the error at which a file cannot be read further for its end, under `gather`. */
  function endOfFile(error: unknown): IteratorResult<RawRecords, void> {
    if (window.onBadRecord !== 'gather' || !(error instanceof BadRecordError)) throw error
    badRecords.add(error)
    return { done: true, value: undefined }
  }

  function countBad(file: InputFile, lines: readonly [number, number], error: unknown): void {
    if (error instanceof InputError) throw error
    const bad = asBadRecord(file, lines, error)
    if (window.onBadRecord === 'stop') throw bad
    badRecords.add(bad)
  }

  return {
    get readMs() {
      return totals.readMs
    },
    get analyseMs() {
      return totals.analyseMs
    },
    badRecords,
    placed,
    [Symbol.asyncIterator]: batches,
  }
}

/** A batch that is being filled. */
class Filling {
  readonly runs: Run[] = []
  /** The error of the last record taken; null when there was none. */
  failure: { readonly error: unknown } | null = null
  /** Position in the input that would continue the last run. */
  private following = -1

  constructor(
    readonly records: Records,
    private readonly batchSize: number,
  ) {}

  /**
   * Analyses the raw records from `from` up to but without `end`, of which the first is at
   * `position` in the input, until the batch is full or one fails; those before `offset` are left
   * out. Returns the position of the next record.
   */
  take(raw: RawRecords, from: number, end: number, position: number, offset: number): number {
    const { records } = this
    const held = records.length
    const leftOut = position < offset
    const until = Math.min(end, from + (leftOut ? offset - position : this.batchSize - held))
    try {
      raw.analyse(from, until, records)
    } catch (error) {
      this.failure = { error }
    }
    const taken = records.length - held
    if (leftOut) records.truncate(held)
    else if (this.failure) records.truncate(records.length)
    if (!leftOut && taken > 0) {
      if (position !== this.following) this.runs.push({ row: held, first: position })
      this.following = position + taken
    }
    return this.failure ? from + taken + 1 : until
  }
}

function asBadRecord(file: InputFile, [line, lastLine]: readonly [number, number], error: unknown): BadRecordError {
  if (error instanceof BadRecordError) return error
  const reason = error instanceof Error ? error.message : String(error)
  return new BadRecordError(file.name, line, reason, { lastLine, cause: error })
}
