import { MessageChannel, Worker } from 'node:worker_threads'
import { builtFile } from '../../../project.js'
import { connectPort, type Peer } from '../../calls/port-calls.js'
import type { MainCalls, ThreadCalls, ThreadJob, ThreadOrder } from './thread-job.js'

/** A thread that does its shares of trials one after the other. */
export interface PoolThread {
  /** Hands a job over. The peer's calls reject when the thread ends before it has answered. */
  open(job: ThreadJob, ours: MainCalls): Peer<ThreadCalls>
}

/**
 * Threads that stay for the trials to come: a fresh one runs code that is not compiled yet, and
 * would be slow in short trials.
 */
export interface ThreadPool {
  /** Returns the first `count` threads; those that do not exist yet, or have ended, are started. */
  take(count: number): readonly PoolThread[]
  /** Ends all threads, whatever they do. */
  close(): Promise<void>
}

/** A pool without threads. They never keep the process alive by themselves. */
export function makeThreadPool(): ThreadPool {
  const threads: Thread[] = []
  return {
    take(count) {
      while (threads.length < count) {
        const thread = startThread()
        threads.push(thread)
        void thread.ended.then(() => threads.splice(threads.indexOf(thread), 1))
      }
      return threads.slice(0, count).map((thread) => ({ open: (job, ours) => open(thread, job, ours) }))
    },
    async close() {
      await Promise.all(threads.map(({ worker }) => worker.terminate()))
    },
  }
}

interface Thread {
  readonly worker: Worker
  /** Resolves when the thread has ended, with the reason as text. */
  readonly ended: Promise<string>
}

function startThread(): Thread {
  // The flags of this process may name a loader, or a script that it evaluates.
  const worker = new Worker(builtFile('executor/load/threads/thread-main.js'), { execArgv: [], name: 'copylab worker' })
  worker.unref()
  let reason: string | null = null
  worker.on('error', (error) => {
    reason = error.message
  })
  const ended = new Promise<string>((resolve) => {
    worker.once('exit', (code) => resolve(reason ?? `exit code ${code}`))
  })
  return { worker, ended }
}

function open({ worker, ended }: Thread, job: ThreadJob, ours: MainCalls): Peer<ThreadCalls> {
  const { port1, port2 } = new MessageChannel()
  const peer = connectPort<MainCalls, ThreadCalls>(
    port1,
    ours,
    async () => new Error(`The thread of worker ${job.worker} ended before its work was done: ${await ended}`),
  )
  worker.postMessage({ job, port: port2 } satisfies ThreadOrder, [port2])
  return peer
}
