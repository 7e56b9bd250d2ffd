import type pg from 'pg'
import { clientWorkOf } from '../../../study/factors/client-work.js'
import { unpackConfig } from '../../calls/packed-config.js'
import { connectPort } from '../../calls/port-calls.js'
import { monotonicMs } from '../../clock.js'
import { withClients } from '../../connect.js'
import { type PlacedFile, readPlacedFiles } from '../../input/batches.js'
import type { AnalyseFields } from '../../input/csv/csv-file.js'
import { makeFile } from '../../input/make-file.js'
import { makeExtraWork } from '../../interventions/client-work/extra-work.js'
import { roundTripOf } from '../../interventions/relay/round-trip.js'
import { type LoopReading, observeEventLoop } from '../../probes/event-loop.js'
import { cutBatches, prepareBatches, type WorkBatch } from '../cut-batches.js'
import { makeEncoder } from '../encode/encode.js'
import { backendPid } from '../event-loop.js'
import { countTurns } from '../open-copies.js'
import {
  commitLoad,
  encodedAhead,
  type HandedPart,
  type LoadedPart,
  loadPart,
  makeWorker,
  PayloadBuffers,
} from '../worker.js'
import { shortAnswerMs } from '../workers.js'
import type { MainCalls, ThreadCalls, ThreadLoad, ThreadOrder } from './thread-job.js'

/** Does one thread's share of a trial, as the main thread requests it through the order's port. */
export function serveJob({ job, port }: ThreadOrder, compile: (source: string) => AnalyseFields): void {
  const { worker, treatment, server } = job
  const failure = new AbortController()
  const { signal } = failure
  let files: readonly PlacedFile[] = []
  let prepared: readonly WorkBatch[] | null = null
  let client: pg.Client | undefined
  const { openCopies } = job
  const { copiesAhead } = treatment
  let current = makeWorker(worker, null, { openCopies, copiesAhead })
  let disconnect = (): void => {}
  let disconnected: Promise<void> = Promise.resolve()

  // Requested only once the thread's own part can be filled from it.
  async function* assignedFiles(): AsyncGenerator<PlacedFile> {
    while (job.partRecords > 0) {
      const index = await main.call('nextFile')
      signal.throwIfAborted()
      if (index === null) return
      yield files[index]!
    }
  }
  const extra = makeExtraWork(clientWorkOf(treatment.clientWork))
  const reading = { batchSize: Math.max(1, job.partRecords), signal, onAnalysed: extra?.with }
  const reader = readPlacedFiles(job.window, assignedFiles(), reading)
  const cut = { partsPerBatch: 1, recordsPerCopy: treatment.recordsPerCopy }
  const work = cutBatches(reader, cut, makeEncoder(job.window.table, treatment.encoding))

  async function loadAll(clockStart: number): Promise<Pick<ThreadLoad, 'parts' | 'endedAt'>> {
    const parts: LoadedPart[] = []
    let endedAt = clockStart
    const buffers = new PayloadBuffers()
    const fail = (error: unknown): void => failure.abort(error)
    const inRounds = treatment.dispatch === 'split'
    const loading = new Set<Promise<void>>()
    async function loadOne(batch: number, part: HandedPart): Promise<void> {
      await loadPart(current, part, {
        batch,
        clockStart,
        buffers,
        signal,
        fail,
        onLoaded: (loaded) => parts.push(loaded),
      })
      endedAt = monotonicMs()
      if (inRounds) await main.call('endRound')
    }
    const hand = (batch: number, part: HandedPart): void => {
      const running = loadOne(batch, part).finally(() => loading.delete(running))
      running.catch(fail)
      loading.add(running)
    }
    const fewerThan = async (count: number): Promise<void> => {
      while (loading.size >= count) await Promise.race(loading)
    }
    const atOnce = inRounds ? 1 : 1 + copiesAhead
    try {
      for await (const { batch: round, parts: own } of prepared ?? work) {
        // Read, analysed and encoded while the one before it is loaded.
        const part = encodedAhead(own[0]!, buffers)
        await fewerThan(atOnce)
        signal.throwIfAborted()
        hand(inRounds ? round : Atomics.add(job.batchesTaken, 0, 1), part)
        await fewerThan(Math.max(2, atOnce))
      }
      await fewerThan(1)
      signal.throwIfAborted()
      await commitLoad(current, parts)
      if (current.commit !== null) endedAt = monotonicMs()
    } catch (error) {
      fail(error)
      await Promise.allSettled(loading)
      throw error
    }
    return { parts, endedAt }
  }

  const ours: ThreadCalls = {
    async prepare() {
      files = job.files.map(({ spec, ...place }) => ({ ...place, file: makeFile(spec, compile) }))
      prepared = treatment.source === 'prepared' ? await prepareBatches(work) : null
    },
    connect: () =>
      new Promise((connected, failed) => {
        const over = new Promise<void>((resolve) => {
          disconnect = resolve
        })
        const whileConnected = async ([opened]: pg.Client[]): Promise<void> => {
          client = opened
          if (client && server) current = makeWorker(worker, { ...server, client }, { openCopies, copiesAhead })
          const roundTripMs = opened && job.timeRoundTrip ? await roundTripOf(opened) : null
          connected(opened ? { pid: backendPid(opened), roundTripMs } : null)
          await over
        }
        disconnected = withClients(server ? [unpackConfig(server.config)] : [], whileConnected, { signal }).catch(
          failed,
        )
      }),
    async load(clockStart) {
      const stopObserving = job.observeLoop ? observeEventLoop() : () => null
      const stopCounting = countTurns(openCopies, [worker])
      let loop: LoopReading | null = null
      const loaded = await loadAll(clockStart).finally(() => {
        stopCounting()
        loop = stopObserving()
      })
      return {
        ...loaded,
        readMs: prepared ? 0 : reader.readMs,
        analyseMs: prepared ? 0 : reader.analyseMs,
        workMs: extra?.ms ?? null,
        badRecords: reader.badRecords.count,
        loop,
      }
    },
    async query(sql) {
      await client?.query({ text: sql, query_timeout: shortAnswerMs } as pg.QueryConfig)
    },
    abort: () => failure.abort(),
    async end() {
      disconnect()
      await disconnected
    },
  }
  const main = connectPort<ThreadCalls, MainCalls>(port, ours, () => new Error('The main thread is gone'))
  port.once('close', () => {
    failure.abort()
    disconnect()
  })
}
