import { readdirSync } from 'node:fs'

/** What a process holds, read by itself after a garbage collection. */
export interface ProcessFigures {
  readonly rss: number
  readonly heapUsed: number
  readonly external: number
  readonly arrayBuffers: number
  /** Open descriptors and threads; null where the system has no `/proc`. */
  readonly descriptors: number | null
  readonly threads: number | null
}

/** Reads the figures of this process. Needs `--expose-gc`. */
export function processFigures(): ProcessFigures {
  if (!globalThis.gc) throw new Error('Expected Node.js to be started with --expose-gc')
  // What a first collection lets go of may own what a second one frees.
  globalThis.gc()
  globalThis.gc()
  const { rss, heapUsed, external, arrayBuffers } = process.memoryUsage()
  return {
    rss,
    heapUsed,
    external,
    arrayBuffers,
    descriptors: entriesOf('/proc/self/fd'),
    threads: entriesOf('/proc/self/task'),
  }
}

function entriesOf(folder: string): number | null {
  return process.platform === 'linux' ? readdirSync(folder).length : null
}
