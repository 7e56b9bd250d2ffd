import { existsSync, readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { withClients } from '#copylab/executor/connect.js'
import { backendPid } from '#copylab/executor/load/event-loop.js'
import { scheduleOf } from '#copylab/executor/probes/proc.js'
import type { Contestant } from '../rounds/contestant.js'
import { workerCounts } from './trials.js'
import type { Workbench } from './workbench.js'

/** How the server reads files by itself: the options of its COPY. */
type FileFormat = 'FORMAT binary' | 'FORMAT csv, HEADER true'

/**
 * The server's own limit: it reads the same payload from files, so that no client and no socket
 * takes part.
 */
export function limit(
  bench: Workbench,
  files: readonly string[],
  signal: AbortSignal,
  format: FileFormat = 'FORMAT binary',
): Contestant {
  return {
    name: 'limit: COPY FROM file',
    kind: 'limit',
    clock: 'from the first statement to the last answer; connected before',
    settings: { encoding: format === 'FORMAT binary' ? 'binary' : 'csv', dispatch: 'queue' },
    variants: workerCounts.map((workers) => ({
      workers,
      settings: {},
      run: async () => (await loadFromFiles(bench, files, workers, { signal, format })).ms,
    })),
  }
}

/**
 * Result of the server's own load: its time, and the CPU time of its backends, null where `/proc`
 * cannot be read; both in milliseconds.
 */
export interface ServerLoad {
  readonly ms: number
  readonly backendCpuMs: number | null
}

/** Each backend takes the next file from one queue. */
export function loadFromFiles(
  bench: Workbench,
  files: readonly string[],
  backends: number,
  { signal, format = 'FORMAT binary' }: { readonly signal: AbortSignal; readonly format?: FileFormat },
): Promise<ServerLoad> {
  const { connection, table, columns } = bench
  return bench.load(() =>
    withClients(new Array(backends).fill(connection.config), async (clients) => {
      const queue = files.values()
      const pids = clients.map(backendPid)
      const before = cpuMsOf(pids)
      const start = performance.now()
      const copying = clients.map(async (client) => {
        for (const file of queue) {
          signal.throwIfAborted()
          await client.query(`COPY ${table} (${columns}) FROM ${pg.escapeLiteral(file)} (${format})`)
        }
      })
      await Promise.all(copying)
      const ms = performance.now() - start
      const after = cpuMsOf(pids)
      return { ms, backendCpuMs: before === null || after === null ? null : after - before }
    }),
  )
}

/** CPU time that processes of this machine have used. */
function cpuMsOf(pids: readonly number[]): number | null {
  const times = pids.map((pid) => {
    const file = `/proc/${pid}/schedstat`
    return existsSync(file) ? (scheduleOf(readFileSync(file, 'utf8'))?.cpuMs ?? null) : null
  })
  return times.reduce<number | null>((sum, time) => (sum === null || time === null ? null : sum + time), 0)
}
