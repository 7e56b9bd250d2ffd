import { withEventLoopWorkers } from './event-loop.js'
import type { ThreadPool } from './threads/thread-pool.js'
import { withThreadWorkers } from './threads/threads.js'
import type { LoadJob, Workers } from './workers.js'

/**
 * Calls `task` with the workers that the job's treatment asks for, and disconnects them, however
 * `task` ends. Threads come from the pool.
 */
export function withWorkers<T>(job: LoadJob, threads: ThreadPool, task: (workers: Workers) => Promise<T>): Promise<T> {
  switch (job.treatment.client) {
    case 'event-loop':
      return withEventLoopWorkers(job, task)
    case 'threads':
      return withThreadWorkers(job, threads, task)
    default:
      throw new TypeError(`Unknown client ${job.treatment.client satisfies never}`)
  }
}
