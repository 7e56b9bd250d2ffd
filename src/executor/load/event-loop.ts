import { setMaxListeners } from 'node:events'
import pLimit from 'p-limit'
import type pg from 'pg'
import { clientWorkOf } from '../../study/factors/client-work.js'
import type { Dispatch } from '../../study/treatment.js'
import { monotonicMs } from '../clock.js'
import { withClients } from '../connect.js'
import { readPlacedFiles, windowOf } from '../input/batches.js'
import { makeExtraWork } from '../interventions/client-work/extra-work.js'
import { roundTripOf } from '../interventions/relay/round-trip.js'
import { type LoopReading, observeEventLoop } from '../probes/event-loop.js'
import { cutBatches, prepareBatches, type WorkBatch } from './cut-batches.js'
import { makeEncoder } from './encode/encode.js'
import { countTurns, noOpenCopies } from './open-copies.js'
import { slowDown } from './slow-down.js'
import {
  commitLoad,
  encodedAhead,
  encodedInTurn,
  type HandedPart,
  type LoadedPart,
  loadPart,
  makeWorker,
  PayloadBuffers,
  type Worker,
} from './worker.js'
import { type Load, type LoadJob, shortAnswerMs, type Workers } from './workers.js'

/**
 * Calls `task` with workers that all live on this event loop, each with a connection of its own,
 * and disconnects them, however `task` ends.
 */
export async function withEventLoopWorkers<T>(job: LoadJob, task: (workers: Workers) => Promise<T>): Promise<T> {
  const { input, table, files, treatment, server } = job
  const failure = new AbortController()
  const signal = AbortSignal.any([job.signal, failure.signal])
  // Every open COPY listens to it; Node.js warns of a leak from the eleventh on.
  setMaxListeners(0, signal)
  const extra = makeExtraWork(clientWorkOf(treatment.clientWork))
  const reading = { batchSize: treatment.batchSize, signal, onAnalysed: extra?.with }
  const reader = readPlacedFiles(windowOf(input, table), files, reading)
  const { recordsPerCopy, copiesAhead } = treatment
  const cut = { partsPerBatch: treatment.dispatch === 'split' ? treatment.workers : 1, recordsPerCopy }
  const work = cutBatches(reader, cut, makeEncoder(table, treatment.encoding))
  const prepareStart = monotonicMs()
  const prepared = treatment.source === 'prepared' ? await prepareBatches(work) : null
  const connectStart = monotonicMs()
  const withWorkers = async (clients: pg.Client[]): Promise<T> => {
    const connectMs = monotonicMs() - connectStart
    const [first] = clients
    const roundTripMs = first && job.timeRoundTrip ? await roundTripOf(first) : null
    const openCopies = noOpenCopies(treatment.workers)
    const workers = Array.from({ length: treatment.workers }, (_, worker) =>
      makeWorker(worker, server && { ...server[worker]!, client: clients[worker]! }, { openCopies, copiesAhead }),
    )
    return task({
      pids: clients.map(backendPid),
      connectMs,
      roundTripMs,
      openCopies,
      fail: (reason) => failure.abort(reason),
      prepareMs: prepared ? connectStart - prepareStart : null,
      async load() {
        const { dispatch } = treatment
        const { slowDownBy } = job
        const stopObserving = job.observeLoops ? observeEventLoop() : () => null
        const stopCounting = countTurns(openCopies, [...workers.keys()])
        let loop: LoopReading | null = null
        const { parts, clockStart, totalMs } = await loadBatches({
          work: prepared ?? work,
          workers,
          dispatch,
          copiesAhead,
          slowDownBy,
          signal,
          fail: (error) => failure.abort(error),
        }).finally(() => {
          stopCounting()
          loop = stopObserving()
        })
        return {
          ...summed(parts, workers.length),
          clockStart,
          totalMs,
          readMs: prepared ? 0 : reader.readMs,
          analyseMs: prepared ? 0 : reader.analyseMs,
          workMs: extra?.ms ?? null,
          badRecords: reader.badRecords.count,
          loops: loop ? [loop] : [],
        }
      },
      query: async (sql) => {
        await Promise.all(
          clients.map((client) => client.query({ text: sql, query_timeout: shortAnswerMs } as pg.QueryConfig)),
        )
      },
    })
  }
  return withClients(
    (server ?? []).map(({ config }) => config),
    withWorkers,
    { signal },
  )
}

/** The process id of a connected client's backend. */
export function backendPid(client: pg.Client): number {
  return (client as pg.Client & { processID: number }).processID
}

/** Adds up the COPYs of all parts; the result contains the parts too. */
export function summed(
  loaded: readonly LoadedPart[],
  workers: number,
): Pick<Load, 'encodeMs' | 'bytes' | 'backPressureMs' | 'parts'> {
  const backPressureMs = new Array<number>(workers).fill(0)
  for (const part of loaded) backPressureMs[part.worker]! += part.backPressureMs
  return {
    encodeMs: loaded.reduce((sum, part) => sum + part.encodeMs, 0),
    bytes: loaded.reduce((sum, part) => sum + part.bytes, 0),
    backPressureMs,
    parts: loaded.map(({ bytes: _, backPressureMs: __, ...part }) => part),
  }
}

interface BatchLoad {
  /** Batches in order; the next one is requested when a worker can take it. */
  readonly work: AsyncIterable<WorkBatch> | Iterable<WorkBatch>
  readonly workers: readonly Worker[]
  readonly dispatch: Dispatch
  /** COPYs that a worker sends before the running one is answered. */
  readonly copiesAhead: number
  readonly slowDownBy: number
  readonly signal: AbortSignal
  /** Aborts `signal`, unless it is aborted already: the first failure counts. */
  fail(error: unknown): void
}

/**
 * Starts the clock, lets p-limit hand each part to a free worker, and stops the clock when all
 * COPYs are committed.
 */
async function loadBatches(options: BatchLoad) {
  const { work, workers, dispatch, copiesAhead, signal, fail } = options
  const limit = pLimit(workers.length * (1 + copiesAhead))
  const inHand = new Map(workers.map((worker) => [worker, 0]))
  const parts: LoadedPart[] = []
  const buffers = new PayloadBuffers()
  const clockStart = monotonicMs()

  async function onWorker(batch: number, part: HandedPart): Promise<void> {
    signal.throwIfAborted()
    const worker = workers.reduce((a, b) => (inHand.get(b)! < inHand.get(a)! ? b : a))
    inHand.set(worker, inHand.get(worker)! + 1)
    await loadPart(worker, part, { batch, clockStart, buffers, signal, fail, onLoaded: (loaded) => parts.push(loaded) })
    inHand.set(worker, inHand.get(worker)! - 1)
  }

  const open = new Set<Promise<void>>()
  const hand = (batch: number, part: HandedPart): void => {
    const running = limit(() => onWorker(batch, part)).finally(() => open.delete(running))
    running.catch(() => {})
    open.add(running)
  }
  try {
    for await (const { batch, parts: batchParts } of work) {
      signal.throwIfAborted()
      if (dispatch === 'split') {
        for (const part of batchParts) hand(batch, encodedInTurn(part, buffers))
        await Promise.all(open)
      } else {
        // Encoded while others are loaded: one for each worker, unless it may send that many ahead,
        // so that a worker that is free need not wait for it.
        for (const part of batchParts) hand(batch, encodedAhead(part, buffers))
        if (open.size >= Math.max(2, 1 + copiesAhead) * workers.length) await Promise.race(open)
      }
    }
    await Promise.all(open)
    signal.throwIfAborted()
    await Promise.all(workers.map((worker) => commitLoad(worker, parts)))
    await slowDown(clockStart, monotonicMs() - clockStart, options.slowDownBy, signal)
  } catch (error) {
    fail(error)
    await Promise.allSettled(open)
    throw signal.reason
  }
  return { clockStart, totalMs: monotonicMs() - clockStart, parts }
}
