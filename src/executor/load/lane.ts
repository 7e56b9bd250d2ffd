import { monotonicMs } from '../clock.js'
import { BadRecordError, CopyError, sqlStateOf } from '../errors.js'
import type { Part } from '../types.js'
import type { Copy } from './copy.js'
import type { WorkPart } from './cut-batches.js'
import type { PayloadBuffer } from './encode.js'

/** A worker: a lane with one connection and one payload buffer of its own. */
export interface Lane {
  readonly worker: number
  readonly copy: Copy
  readonly buffer: PayloadBuffer
}

/** A part that was loaded, and what that cost beside its place on the timeline. */
export interface LoadedPart extends Part {
  readonly bytes: number
  readonly backPressureMs: number
}

/** Encodes a part and loads it by one COPY; times count from `clockStart`. Throws `CopyError`, or the input's own `BadRecordError`. */
export async function loadPart(
  { worker, copy, buffer }: Lane,
  batch: number,
  part: WorkPart,
  clockStart: number,
  signal: AbortSignal,
): Promise<LoadedPart> {
  try {
    const encodeStart = monotonicMs()
    const encodes = typeof part.payload === 'function'
    const payload = encodes ? part.payload(buffer) : part.payload
    const copyStart = monotonicMs()
    const { records, backPressureMs, commitMs } = await copy(payload, part.records, signal)
    return {
      worker,
      batch,
      records,
      encodeMs: encodes ? copyStart - encodeStart : 0,
      startMs: copyStart - clockStart,
      copyMs: monotonicMs() - copyStart,
      commitMs,
      bytes: payload.length,
      backPressureMs,
    }
  } catch (error) {
    throw locate(error, worker, batch, part)
  }
}

function locate(error: unknown, worker: number, batch: number, part: WorkPart): Error {
  if (error instanceof BadRecordError) return error
  const { message } = error as { message?: string }
  return new CopyError(
    { worker, batch, firstRecord: part.firstRecord, sqlState: sqlStateOf(error) },
    `Worker ${worker} failed in batch ${batch}, ${part.where()}: ${message ?? String(error)}`,
    { cause: error },
  )
}
