import { performance } from 'node:perf_hooks'
import { BadRecordError } from '../errors.js'
import type { Input, InputFile, Line, Row } from './input.js'

/** Records that are handed out together. */
export interface Batch {
  /** From 0. */
  readonly batch: number
  /** Position in the input of the batch's first record, from 0: raw records before it, those passed over and bad ones included. */
  readonly firstRecord: number
  readonly rows: readonly Row[]
}

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
export function readBatches(input: Input, files: readonly InputFile[], options: BatchOptions): BatchReader {
  const { batchSize, signal, clock = () => performance.now() } = options
  if (!Number.isSafeInteger(batchSize) || batchSize < 1) {
    throw new RangeError(`Expected \`batchSize\` to be a positive integer, got ${batchSize}`)
  }
  const totals = { readMs: 0, analyseMs: 0, badRecords: 0, badRecordExamples: [] as string[] }
  const end = input.limit === null ? Number.POSITIVE_INFINITY : input.offset + input.limit

  async function* batches(): AsyncGenerator<Batch> {
    let position = 0
    let batch = 0
    let firstRecord = input.offset
    let rows: Row[] = []
    for (const file of files) {
      if (position >= end) break
      const { records } = file
      if (records !== undefined && position + records <= input.offset) {
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
            if (at < input.offset) continue
            if (rows.length === 0) firstRecord = at
            rows.push(row)
          } catch (error) {
            if (at >= input.offset) countBad(file, line, error)
            continue
          }
          if (rows.length === batchSize) {
            totals.analyseMs += clock() - since
            yield { batch: batch++, firstRecord, rows }
            signal?.throwIfAborted()
            since = clock()
            rows = []
          }
        }
        totals.analyseMs += clock() - since
        if (position >= end) break
      }
    }
    if (rows.length > 0) yield { batch, firstRecord, rows }
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
    const bad = asBadRecord(file, line, error)
    if (input.onBadRecord === 'stop') throw bad
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
    [Symbol.asyncIterator]: batches,
  }
}

function asBadRecord(file: InputFile, line: Line, error: unknown): BadRecordError {
  if (error instanceof BadRecordError) return error
  return new BadRecordError(file.name, line.number, error instanceof Error ? error.message : String(error), {
    cause: error,
  })
}
