import { performance } from 'node:perf_hooks'
import { BadRecordError, InputError } from '../errors.js'
import type { Input, InputFile, Line, Row } from './input.js'
import type { Run } from './positions.js'

/** Records that are handed out together. */
export interface Batch {
  /** From 0. */
  readonly batch: number
  /** Position in the input of the batch's first record, from 0: raw records before it, those passed over and bad ones included. */
  readonly firstRecord: number
  readonly rows: readonly Row[]
  /** Where all of them stand in the input; more than one run where records were left out or files are not neighbours. */
  readonly runs: readonly Run[]
}

/** What of an input decides which of its records are read. */
export type Window = Pick<Input, 'offset' | 'limit' | 'onBadRecord'>

/** A file and where it stands in its input. */
export interface PlacedFile {
  readonly file: InputFile
  /** Position in the input of the file's first raw record, from 0. */
  readonly first: number
  /** Its raw records from the first up to the window's end. */
  readonly records: number
}

type FileToRead = Pick<PlacedFile, 'file'> & { readonly first: number | null }

/** The batches of one pass over an input, and what the pass has cost and met so far. Can be iterated once. */
export interface BatchReader extends AsyncIterable<Batch> {
  /** Wall time spent waiting for chunks of lines: reading the files and cutting them. */
  readonly readMs: number
  /** Time spent turning lines into records. */
  readonly analyseMs: number
  /** Lines within the window that could not be analysed and were left out. */
  readonly badRecords: number
  /** The first few of them, "file:line: reason". */
  readonly badRecordExamples: readonly string[]
  /** The files met so far that hold records of the window. */
  readonly placed: readonly PlacedFile[]
}

export interface BatchOptions {
  readonly batchSize: number
  readonly signal?: AbortSignal
  /** Milliseconds of a monotonic clock. */
  readonly clock?: () => number
}

const mostExamples = 5

/**
 * Reads and analyses the window of the input in file order, in batches that may span files. The window counts raw records, so a bad one that
 * is left out takes its place in it. Records that the offset passes over in a file that is opened are analysed, so that a file's running
 * figures do not depend on the window; what is wrong with them is nobody's concern. A bad record throws `BadRecordError` or is counted, as
 * `input.onBadRecord` says.
 */
export function readBatches(window: Window, files: readonly InputFile[], options: BatchOptions): BatchReader {
  return readFiles(
    window,
    files.map((file) => ({ file, first: null })),
    options,
  )
}

/** The same for files whose place is known, in whatever order they come: the batches are filled in that order. */
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
  const { batchSize, signal, clock = () => performance.now() } = options
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`Expected \`batchSize\` to be a positive integer, got ${batchSize}`)
  }
  const placed: PlacedFile[] = []
  const totals = { readMs: 0, analyseMs: 0, badRecords: 0, badRecordExamples: [] as string[] }
  const { offset } = window
  const end = window.limit === null ? Number.POSITIVE_INFINITY : offset + window.limit

  async function* batches(): AsyncGenerator<Batch> {
    let position = 0
    let batch = 0
    let rows: Row[] = []
    let runs: Run[] = []
    let following = -1
    for await (const { file, first: known } of files) {
      const first = known ?? position
      position = first
      if (position >= end) continue
      const { records } = file
      if (records !== undefined && position + records <= offset) {
        position += records
        continue
      }
      const analyse = file.analyse()
      for await (const lines of timedChunks(file)) {
        let since = clock()
        for (const line of lines) {
          if (position >= end) break
          const at = position++
          try {
            const row = analyse(line)
            if (at < offset) continue
            if (at !== following) runs.push({ row: rows.length, first: at })
            following = at + 1
            rows.push(row)
          } catch (error) {
            if (at >= offset || error instanceof InputError) countBad(file, line, error)
            continue
          }
          if (rows.length === batchSize) {
            totals.analyseMs += clock() - since
            yield { batch: batch++, firstRecord: runs[0]!.first, rows, runs }
            signal?.throwIfAborted()
            since = clock()
            rows = []
            runs = []
            following = -1
          }
        }
        totals.analyseMs += clock() - since
        if (position >= end) break
      }
      if (position > Math.max(first, offset)) placed.push({ file, first, records: position - first })
    }
    if (rows.length > 0) yield { batch, firstRecord: runs[0]!.first, rows, runs }
  }

  async function* timedChunks(file: InputFile): AsyncGenerator<readonly Line[]> {
    const chunks = file.read()[Symbol.asyncIterator]()
    try {
      for (;;) {
        signal?.throwIfAborted()
        const since = clock()
        const next = await chunks.next()
        totals.readMs += clock() - since
        if (next.done) return
        yield next.value
      }
    } finally {
      await chunks.return?.()
    }
  }

  function countBad(file: InputFile, line: Line, error: unknown): void {
    if (error instanceof InputError) throw error
    const bad = asBadRecord(file, line, error)
    if (window.onBadRecord === 'stop') throw bad
    totals.badRecords++
    if (totals.badRecordExamples.length < mostExamples) totals.badRecordExamples.push(bad.message)
  }

  return {
    get readMs() {
      return totals.readMs
    },
    get analyseMs() {
      return totals.analyseMs
    },
    get badRecords() {
      return totals.badRecords
    },
    get badRecordExamples() {
      return totals.badRecordExamples
    },
    placed,
    [Symbol.asyncIterator]: batches,
  }
}

function asBadRecord(file: InputFile, line: Line, error: unknown): BadRecordError {
  if (error instanceof BadRecordError) return error
  return new BadRecordError(file.name, line.number, error instanceof Error ? error.message : String(error), {
    cause: error,
  })
}
