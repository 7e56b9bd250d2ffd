import { monotonicMs } from '../clock.js'
import { CopyError, sqlStateOf } from '../errors.js'
import type { Part } from '../types.js'
import type { Copy } from './copy.js'
import type { WorkPart } from './cut-batches.js'
import { makePayloadBuffer, type PayloadBuffer } from './encode.js'

/** A worker: a lane with one connection of its own. */
export interface Lane {
  readonly worker: number
  readonly copy: Copy
}

/** A part whose payload is made. */
export interface EncodedPart {
  readonly part: WorkPart
  readonly payload: Uint8Array
  /** 0 when it was made before the clock started. */
  readonly encodeMs: number
  /** Where it was made: to be given back once it is loaded. */
  readonly buffer: PayloadBuffer | null
}

/** A part that was loaded, and what that cost beside its place on the timeline. */
export interface LoadedPart extends Part {
  readonly bytes: number
  readonly backPressureMs: number
}

/** Buffers that parts are encoded into, as many as are in use at once. */
export class PayloadBuffers {
  private readonly free: PayloadBuffer[] = []

  /** Makes a part's payload. */
  encode(part: WorkPart): EncodedPart {
    if (typeof part.payload !== 'function') return { part, payload: part.payload, encodeMs: 0, buffer: null }
    const buffer = this.free.pop() ?? makePayloadBuffer()
    const encodeStart = monotonicMs()
    const payload = part.payload(buffer)
    return { part, payload, encodeMs: monotonicMs() - encodeStart, buffer }
  }

  /** Takes back what a part that is loaded was encoded into. */
  release({ buffer }: EncodedPart): void {
    if (buffer) this.free.push(buffer)
  }
}

/** Loads a part by one COPY; times count from `clockStart`. Throws `CopyError`. */
export async function loadPart(
  { worker, copy }: Lane,
  batch: number,
  { part, payload, encodeMs }: EncodedPart,
  clockStart: number,
  signal: AbortSignal,
): Promise<LoadedPart> {
  try {
    const copyStart = monotonicMs()
    const { records, backPressureMs, commitMs } = await copy(payload, part.records, signal)
    return {
      worker,
      batch,
      records,
      encodeMs,
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

function locate(error: unknown, worker: number, batch: number, part: WorkPart): CopyError {
  const { message } = error as { message?: string }
  return new CopyError(
    { worker, batch, firstRecord: part.firstRecord, sqlState: sqlStateOf(error) },
    `Worker ${worker} failed in batch ${batch}, ${part.where()}: ${message ?? String(error)}`,
    { cause: error },
  )
}
