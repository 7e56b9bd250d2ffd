import pg from 'pg'
import type { CopyPart } from '../../study/trial.js'
import { monotonicMs } from '../clock.js'
import { CopyError, sqlStateOf } from '../errors.js'
import { type Copy, copyIntoNothing, copyWith, inOneTransaction } from './copy.js'
import type { WorkCopy, WorkPart } from './cut-batches.js'
import { makePayloadBuffer, type PayloadBuffer } from './encode/encode.js'
import { countedCopy, type OpenCopies } from './open-copies.js'

/** A worker: it loads parts over one connection of its own. */
export interface Worker {
  readonly worker: number
  readonly copy: Copy
  /** Commits all that it has loaded; null where each COPY commits itself. */
  readonly commit: (() => Promise<void>) | null
}

/** A worker that has connected; without a server, it loads into nothing. */
export function makeWorker(
  worker: number,
  server: { readonly client: pg.Client; readonly copySql: string; readonly begin: string | null } | null,
  openCopies: OpenCopies,
): Worker {
  if (server === null) return { worker, copy: countedCopy(copyIntoNothing, openCopies, worker), commit: null }
  const { client, copySql, begin } = server
  const own = copyWith(client, copySql)
  const { copy, commit } = begin === null ? { copy: own, commit: null } : inOneTransaction(client, begin, own)
  return { worker, copy: countedCopy(copy, openCopies, worker), commit }
}

/** The records of one COPY and their encoded payload. */
export interface EncodedCopy {
  readonly part: WorkCopy
  readonly payload: Uint8Array
  /** Time to encode the payload; 0 when it was made before the clock started. */
  readonly encodeMs: number
  /**
   * The buffer that holds the payload, to be given back once it is loaded; null when it needs none.
   */
  readonly buffer: PayloadBuffer | null
}

/**
 * One finished COPY of a worker: its times and records, with the payload's size in bytes and
 * the milliseconds for which the worker waited for `drain`.
 */
export interface LoadedPart extends CopyPart {
  readonly bytes: number
  readonly backPressureMs: number
}

/** Buffers that payloads are made in, as many as are in use at once. */
export class PayloadBuffers {
  private readonly free: PayloadBuffer[] = []

  /** Makes the payload of one COPY. */
  encode(part: WorkCopy): EncodedCopy {
    if (typeof part.payload !== 'function') return { part, payload: part.payload, encodeMs: 0, buffer: null }
    const buffer = this.free.pop() ?? makePayloadBuffer()
    const encodeStart = monotonicMs()
    const payload = part.payload(buffer)
    return { part, payload, encodeMs: monotonicMs() - encodeStart, buffer }
  }

  /** Takes back the buffer of a payload that is loaded. */
  release({ buffer }: EncodedCopy): void {
    if (buffer) this.free.push(buffer)
  }
}

/**
 * A part on its way to a worker: its COPYs, each with its payload made, or to be made when its turn
 * comes.
 */
export type HandedPart = readonly (() => EncodedCopy)[]

/** A part whose payloads are made right before the COPY of each. */
export function encodedInTurn(part: WorkPart, buffers: PayloadBuffers): HandedPart {
  return part.map((copy) => () => buffers.encode(copy))
}

/** A part whose payloads are made now. */
export function encodedAhead(part: WorkPart, buffers: PayloadBuffers): HandedPart {
  return part.map((copy) => buffers.encode(copy)).map((encoded) => () => encoded)
}

/**
 * How a part is loaded: the batch that it belongs to, the clock, and the list that collects its
 * COPYs.
 */
export interface PartLoad {
  readonly batch: number
  readonly clockStart: number
  readonly buffers: PayloadBuffers
  readonly signal: AbortSignal
  readonly onLoaded: (loaded: LoadedPart) => void
}

/**
 * Loads a part by its COPYs, one after the other, over the worker's connection. Throws `CopyError`.
 */
export async function loadPart(worker: Worker, part: HandedPart, load: PartLoad): Promise<void> {
  for (const encode of part) {
    load.signal.throwIfAborted()
    const encoded = encode()
    load.onLoaded(await loadCopy(worker, load.batch, encoded, load.clockStart, load.signal))
    load.buffers.release(encoded)
  }
}

/** Loads the records of one COPY; times count from `clockStart`. Throws `CopyError`. */
async function loadCopy(
  { worker, copy }: Worker,
  batch: number,
  { part, payload, encodeMs }: EncodedCopy,
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

/**
 * Commits what a worker has loaded in one transaction. The time belongs to the last of its COPYs in
 * `loaded`, which is replaced. Throws `CopyError`.
 */
export async function commitLoad({ worker, commit }: Worker, loaded: LoadedPart[]): Promise<void> {
  const place = loaded.map((part) => part.worker).lastIndexOf(worker)
  if (commit === null || place === -1) return
  const last = loaded[place]!
  const begun = monotonicMs()
  try {
    await commit()
  } catch (error) {
    throw new CopyError(
      { worker, batch: last.batch, firstRecord: null, record: null, sqlState: sqlStateOf(error) },
      `Worker ${worker} failed to commit all that it had loaded: ${(error as Error).message}`,
      { cause: error },
    )
  }
  const ms = monotonicMs() - begun
  loaded[place] = { ...last, copyMs: last.copyMs + ms, commitMs: last.commitMs + ms }
}

function locate(error: unknown, worker: number, batch: number, part: WorkCopy): CopyError {
  const { message } = error as { message?: string }
  const row = refusedRow(error)
  const record = row === null ? null : part.positionOf(row)
  return new CopyError(
    { worker, batch, firstRecord: part.firstRecord, record, sqlState: sqlStateOf(error) },
    `Worker ${worker} failed in batch ${batch}, ${part.where()}: ${message ?? String(error)}`,
    { cause: error },
  )
}

/**
 * The number, from 0, of the COPY's record that the server refused, by the error's context: "COPY
 * records, line 3", in the server's language. Null where it does not say.
 */
function refusedRow(error: unknown): number | null {
  const context = error instanceof pg.DatabaseError ? error.where : undefined
  const line = /^COPY [^,]+, \D*(\d+)/.exec(context ?? '')?.[1]
  return line === undefined ? null : Number(line) - 1
}
