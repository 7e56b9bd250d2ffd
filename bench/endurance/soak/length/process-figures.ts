import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** What a process holds, read by itself after a garbage collection. */
export interface ProcessFigures {
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
  const { heapUsed, external, arrayBuffers } = process.memoryUsage()
  return {
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

/** Time in which every thread of a process that stands still has collected its garbage. */
const settledMs = 300

/** Resident memory of another process, once its threads have settled; null without `/proc`. */
export async function residentBytes(pid: number): Promise<number | null> {
  if (process.platform !== 'linux') return null
  await sleep(settledMs)
  const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
  return kibibytes === undefined ? null : Number(kibibytes) * 1024
}
