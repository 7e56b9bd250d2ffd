import { performance } from 'node:perf_hooks'
import pg from 'pg'
import { withClients } from '#executor/connect.js'
import type { Contestant } from './contestant.js'
import { workerCounts } from './trials.js'
import type { Workbench } from './workbench.js'

/** The server's own limit: it reads the same binary payload from files, so that no client and no socket takes part. */
export function limit(bench: Workbench, files: readonly string[], signal: AbortSignal): Contestant {
  return {
    name: 'limit: COPY FROM file',
    kind: 'limit',
    clock: 'from the first statement to the last answer; connected before',
    settings: { encoding: 'binary', dispatch: 'queue' },
    variants: workerCounts.map((workers) => ({
      workers,
      settings: {},
      run: () => bench.load(() => copyFiles(bench, files, workers, signal)),
    })),
  }
}

/** Each backend takes the next file from one queue. Returns the time in milliseconds. */
function copyFiles(
  { connection, table, columns }: Workbench,
  files: readonly string[],
  backends: number,
  signal: AbortSignal,
): Promise<number> {
  return withClients(new Array(backends).fill(connection.config), async (clients) => {
    const queue = files.values()
    const start = performance.now()
    const copying = clients.map(async (client) => {
      for (const file of queue) {
        signal.throwIfAborted()
        await client.query(`COPY ${table} (${columns}) FROM ${pg.escapeLiteral(file)} (FORMAT binary)`)
      }
    })
    await Promise.all(copying)
    return performance.now() - start
  })
}
