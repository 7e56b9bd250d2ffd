import { performance } from 'node:perf_hooks'
import pLimit from 'p-limit'
import type pg from 'pg'
import { BadRecordError, CopyError, sqlStateOf } from '../errors.js'
import type { Dispatch, Part } from '../types.js'
import { copy } from './copy.js'
import type { PayloadBuffer } from './encode.js'

/** The records of a batch that one worker loads with one COPY. */
export interface WorkPart {
  /** Position in the input of the part's first record, from 0. */
  readonly firstRecord: number
  readonly records: number
  /** The complete COPY payload; made in the worker's own buffer, or made before the clock started. */
  payload(buffer: PayloadBuffer): Uint8Array
}

/** A batch, cut for its dispatch: one part per worker for `split`, a single part for `queue`. */
export interface WorkBatch {
  readonly batch: number
  readonly parts: readonly WorkPart[]
}

/** A worker: a lane with one connection and one payload buffer of its own. */
export interface Lane {
  readonly worker: number
  readonly client: pg.Client
  readonly buffer: PayloadBuffer
}

export interface LoadOptions {
  /** Batches in order; asked for one at a time, when a worker can take it. */
  readonly work: AsyncIterable<WorkBatch>
  readonly lanes: readonly Lane[]
  readonly dispatch: Dispatch
  readonly copySql: string
  readonly signal: AbortSignal
}

/** What the lanes did, in milliseconds since the clock started. */
export interface Load {
  readonly totalMs: number
  readonly encodeMs: number
  readonly bytes: number
  readonly parts: readonly Part[]
}

/**
 * Loads all batches with every worker on this event loop: starts the clock, lets p-limit hand each part to a free lane, and stops
 * the clock when the last COPY is committed. The first failure aborts the other COPYs and is thrown as `CopyError` (or
 * `BadRecordError` when it is the input that is broken) once all lanes are still.
 */
export async function loadOnEventLoop(options: LoadOptions): Promise<Load> {
  const { work, lanes, dispatch, copySql } = options
  const limit = pLimit(lanes.length)
  const busy = new Set<Lane>()
  const parts: Part[] = []
  const failure = new AbortController()
  const signal = AbortSignal.any([options.signal, failure.signal])
  let encodeMs = 0
  let bytes = 0
  const clockStart = performance.now()

  async function onLane(batch: number, part: WorkPart): Promise<void> {
    signal.throwIfAborted()
    const lane = lanes.find((candidate) => !busy.has(candidate))
    if (!lane) throw new Error('More parts than lanes are open at once')
    busy.add(lane)
    try {
      const encodeStart = performance.now()
      const payload = part.payload(lane.buffer)
      const copyStart = performance.now()
      encodeMs += copyStart - encodeStart
      const records = await copy(lane.client, copySql, payload, signal)
      parts.push({
        worker: lane.worker,
        batch,
        records,
        startMs: copyStart - clockStart,
        copyMs: performance.now() - copyStart,
      })
      bytes += payload.length
    } catch (error) {
      const located = locate(error, lane.worker, batch, part)
      if (!signal.aborted) failure.abort(located)
      throw located
    } finally {
      busy.delete(lane)
    }
  }

  const open = new Set<Promise<void>>()
  try {
    for await (const { batch, parts: batchParts } of work) {
      for (const part of batchParts) {
        const running = limit(() => onLane(batch, part)).finally(() => open.delete(running))
        running.catch(() => {})
        open.add(running)
      }
      if (dispatch === 'split') await Promise.all(open)
      else if (open.size >= lanes.length) await Promise.race(open)
      signal.throwIfAborted()
    }
    await Promise.all(open)
  } catch (error) {
    if (!signal.aborted) failure.abort(error)
    await Promise.allSettled(open)
    throw options.signal.aborted ? options.signal.reason : failure.signal.reason
  }
  return { totalMs: performance.now() - clockStart, encodeMs, bytes, parts }
}

function locate(error: unknown, worker: number, batch: number, part: WorkPart): Error {
  if (error instanceof BadRecordError) return error
  const { message } = error as { message?: string }
  return new CopyError(
    { worker, batch, firstRecord: part.firstRecord, sqlState: sqlStateOf(error) },
    `Worker ${worker} failed in batch ${batch}, records ${part.firstRecord} to ${part.firstRecord + part.records - 1}: ${message ?? String(error)}`,
    { cause: error },
  )
}
