import { packConfig } from '../../calls/packed-config.js'
import type { Peer } from '../../calls/port-calls.js'
import { monotonicMs } from '../../clock.js'
import { windowOf } from '../../input/batches.js'
import { specOf } from '../../input/with-spec.js'
import { splitEvenly } from '../dispatch.js'
import { summed } from '../event-loop.js'
import { noOpenCopies, type OpenCopies } from '../open-copies.js'
import { slowDown } from '../slow-down.js'
import type { Load, LoadJob, Workers } from '../workers.js'
import { assignFiles } from './assign-files.js'
import { makeBarrier } from './barrier.js'
import type { ThreadCalls, ThreadJob, ThreadLoad } from './thread-job.js'
import type { ThreadPool } from './thread-pool.js'

/** Time that threads may take to end after an abort before they are terminated. */
const abortPatienceMs = 3_000

/**
 * Calls `task` with workers that live on threads of the pool, each with a connection of its own,
 * and disconnects them, however `task` ends. A file is read by one thread from its beginning to its
 * end, so that threads without a file stay idle; a thread's batches span the files that it was
 * given. `queue`: each thread loads its own batches, one by one. `split`: in each round every
 * thread loads one part of a batch, and all are awaited. Throws `InputError` for files that cannot
 * be read on a thread.
 */
export async function withThreadWorkers<T>(
  job: LoadJob,
  pool: ThreadPool,
  task: (workers: Workers) => Promise<T>,
): Promise<T> {
  const { treatment } = job
  const { workers, source } = treatment
  const failure = new AbortController()
  const signal = AbortSignal.any([job.signal, failure.signal])
  const openCopies = noOpenCopies(workers)
  const jobs = threadJobs(job, openCopies)
  const assign = assignFiles(job.files, workers, source)
  const barrier = makeBarrier(workers)
  const threads: Peer<ThreadCalls>[] = []
  // A busy thread receives no message, and its `analyse` may never end.
  let patience: NodeJS.Timeout | undefined
  const giveUp = (): void => {
    patience = setTimeout(() => void pool.close(), abortPatienceMs)
  }
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    for (const [worker, thread] of pool.take(workers).entries()) {
      threads.push(thread.open(jobs[worker]!, { nextFile: () => assign(worker), endRound: () => barrier.arrive() }))
    }
    const prepareStart = monotonicMs()
    await together(threads, signal, (thread) => thread.call('prepare'))
    const connectStart = monotonicMs()
    const backends = await together(threads, signal, (thread) => thread.call('connect'))
    return await task({
      pids: backends.flatMap((backend) => backend?.pid ?? []),
      roundTripMs: backends[0]?.roundTripMs ?? null,
      connectMs: monotonicMs() - connectStart,
      openCopies,
      fail: (reason) => failure.abort(reason),
      prepareMs: source === 'prepared' ? connectStart - prepareStart : null,
      async load() {
        const clockStart = monotonicMs()
        const loads = await together(threads, signal, (thread) =>
          thread.call('load', clockStart).finally(() => barrier.leave()),
        )
        const loadMs = Math.max(...loads.map(({ endedAt }) => endedAt)) - clockStart
        if (job.slowDownBy === 0) return merged(loads, clockStart, loadMs)
        await slowDown(clockStart, loadMs, job.slowDownBy, signal)
        return merged(loads, clockStart, monotonicMs() - clockStart)
      },
      query: async (sql) => {
        await Promise.all(threads.map((thread) => thread.call('query', sql)))
      },
    })
  } finally {
    await Promise.allSettled(threads.map((thread) => thread.call('end')))
    signal.removeEventListener('abort', giveUp)
    clearTimeout(patience)
    for (const thread of threads) thread.close()
  }
}

/** The job that each thread is given of the trial. */
function threadJobs(
  { input, table, files, treatment, server, observeLoops, timeRoundTrip }: LoadJob,
  openCopies: OpenCopies,
): ThreadJob[] {
  const { workers, dispatch, batchSize } = treatment
  const batchesTaken = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT))
  const parts = splitEvenly(batchSize, workers)
  const specs = files.map(({ file, ...place }) => ({ ...place, spec: specOf(file, 'thread') }))
  return Array.from({ length: workers }, (_, worker) => {
    const part = dispatch === 'split' ? parts[worker] : { from: 0, to: batchSize }
    return {
      worker,
      treatment,
      partRecords: part ? part.to - part.from : 0,
      window: windowOf(input, table),
      files: specs,
      server: server && { ...server[worker]!, config: packConfig(server[worker]!.config, 'thread') },
      batchesTaken,
      openCopies,
      observeLoop: observeLoops,
      timeRoundTrip: timeRoundTrip && worker === 0,
    }
  })
}

/**
 * Calls all threads and waits for all. The first failure, or an abort, aborts the others and is
 * thrown once all have finished.
 */
async function together<T>(
  threads: readonly Peer<ThreadCalls>[],
  signal: AbortSignal,
  call: (thread: Peer<ThreadCalls>) => Promise<T>,
): Promise<T[]> {
  signal.throwIfAborted()
  const failures: unknown[] = []
  const abort = (): void => {
    for (const thread of threads) thread.call('abort').catch(() => {})
  }
  signal.addEventListener('abort', abort, { once: true })
  const calls = threads.map((thread) => call(thread))
  for (const one of calls) {
    one.catch((error) => {
      if (failures.push(error) === 1) abort()
    })
  }
  const outcomes = await Promise.allSettled(calls)
  signal.removeEventListener('abort', abort)
  signal.throwIfAborted()
  return outcomes.map((outcome) => {
    if (outcome.status === 'rejected') throw failures[0]
    return outcome.value
  })
}

function merged(loads: readonly ThreadLoad[], clockStart: number, totalMs: number): Load {
  const sum = (measure: 'readMs' | 'analyseMs' | 'badRecords' | 'workMs'): number =>
    loads.reduce((total, load) => total + (load[measure] ?? 0), 0)
  const parts = loads.flatMap((load) => load.parts)
  return {
    ...summed(
      parts.sort((a, b) => a.startMs + a.copyMs - (b.startMs + b.copyMs)),
      loads.length,
    ),
    clockStart,
    totalMs,
    readMs: sum('readMs'),
    analyseMs: sum('analyseMs'),
    workMs: loads[0]?.workMs == null ? null : sum('workMs'),
    badRecords: sum('badRecords'),
    loops: loads.flatMap(({ loop }) => loop ?? []),
  }
}
