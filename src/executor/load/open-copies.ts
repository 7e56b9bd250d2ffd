import type { Copy } from './copy.js'

/**
 * One number per worker, which threads share: 0 while it has no COPY open, else 1 and the turns
 * that its event loop has made since the COPY began, or the one before it was answered. A loop that
 * is busy makes none.
 */
export type OpenCopies = Int32Array

/** Least time between two turns that count. */
const turnMs = 100

/** No worker has a COPY open yet. */
export function noOpenCopies(workers: number): OpenCopies {
  return new Int32Array(new SharedArrayBuffer(workers * Int32Array.BYTES_PER_ELEMENT))
}

/** Returns the COPY of a worker, counted while it is open, whether or not others of its are. */
export function countedCopy(copy: Copy, open: OpenCopies, worker: number): Copy {
  let own = 0
  return async (payload, records, signal) => {
    own++
    if (own === 1) Atomics.store(open, worker, 1)
    try {
      return await copy(payload, records, signal)
    } finally {
      own--
      Atomics.store(open, worker, Math.sign(own))
    }
  }
}

/** Counts the turns of this thread's event loop for its workers, until the result is called. */
export function countTurns(open: OpenCopies, workers: readonly number[]): () => void {
  const timer = setInterval(() => {
    for (const worker of workers) if (Atomics.load(open, worker) > 0) Atomics.add(open, worker, 1)
  }, turnMs)
  return () => clearInterval(timer)
}
