import pLimit, { type LimitFunction } from 'p-limit'
import pg from 'pg'
import type { CopyPart } from '../../study/trial.js'
import { monotonicMs } from '../clock.js'
import { CopyError, sqlStateOf } from '../errors.js'
import { type Copy, copyIntoNothing, copyWith, inOneTransaction } from './copy.js'
import type { WorkCopy, WorkPart } from './cut-batches.js'
import { makePayloadBuffer, type PayloadBuffer } from './encode/encode.js'
import { countedCopy, type OpenCopies } from './open-copies.js'
import type { WorkerServer } from './workers.js'

/** A worker: it loads parts over one connection of its own. */
export interface Worker {
  readonly worker: number
  readonly copy: Copy
  /** Runs a COPY once fewer of its COPYs are unanswered than it may have. */
  readonly limit: LimitFunction
  /** Commits all that it has loaded; null where each COPY commits itself. */
  readonly commit: (() => Promise<void>) | null
}

/** What a worker does on the server. */
export interface ConnectedServer extends Pick<WorkerServer, 'copySql' | 'begin'> {
  readonly client: pg.Client
}

/**
 * A worker that has connected, and sends `copiesAhead` COPYs more before the running one is
 * answered; without a server, it loads into nothing.
 */
export function makeWorker(
  worker: number,
  server: ConnectedServer | null,
  { openCopies, copiesAhead }: { readonly openCopies: OpenCopies; readonly copiesAhead: number },
): Worker {
  const { copy, commit } = server === null ? { copy: copyIntoNothing, commit: null } : copyInto(server)
  return { worker, copy: countedCopy(copy, openCopies, worker), limit: pLimit(1 + copiesAhead), commit }
}

function copyInto({ client, copySql, begin }: ConnectedServer): Pick<Worker, 'copy' | 'commit'> {
  const copy = copyWith(client, copySql)
  return begin === null ? { copy, commit: null } : inOneTransaction(client, begin, copy)
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
  /** Aborts `signal`, unless it is aborted already: the first failure counts. */
  readonly fail: (error: unknown) => void
  readonly onLoaded: (loaded: LoadedPart) => void
}

/**
 * Loads a part by its COPYs, in their order, over the worker's connection. Throws the first failure
 * of the load, once none of its COPYs is open any more: a `CopyError`, or the signal's reason.
 */
export async function loadPart(worker: Worker, part: HandedPart, load: PartLoad): Promise<void> {
  const { batch, clockStart, buffers, signal, fail, onLoaded } = load
  const loadOne = async (encode: () => EncodedCopy): Promise<void> => {
    signal.throwIfAborted()
    const encoded = encode()
    onLoaded(await loadCopy(worker, batch, encoded, clockStart, signal))
    buffers.release(encoded)
  }
  await Promise.allSettled(part.map((encode) => worker.limit(() => loadOne(encode)).catch(fail)))
  signal.throwIfAborted()
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
    const { records, backPressureMs, commitMs, beganAt, answeredAt } = await copy(payload, part.records, signal)
    return {
      worker,
      batch,
      records,
      encodeMs,
      startMs: beganAt - clockStart,
      copyMs: answeredAt - beganAt,
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
