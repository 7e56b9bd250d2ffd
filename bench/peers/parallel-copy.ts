import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import { peersFolder } from '../places.js'
import type { Variant } from '../rounds/contestant.js'
import type { FindPeer, LoadingArena } from './peer.js'
import { outputOf } from './programs.js'

const name = 'timescaledb-parallel-copy'

/** The Go tool that cuts one CSV file into batches for several connections. */
export const findParallelCopy: FindPeer<LoadingArena> = async () => {
  for (const command of [join(peersFolder, 'bin', name), name]) {
    const said = await outputOf(command, ['--version'])
    if (said === null) continue
    return {
      state: 'found',
      name,
      versions: { [name]: /v?\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? 'unknown' },
      contestant: (arena) => ({
        name,
        kind: 'peer',
        clock: 'the whole command: start, connecting, load',
        settings: { batchSize, format: 'csv', input: 'one file' },
        variants: workerCounts.map(
          (workers): Variant => ({
            workers,
            settings: {},
            run: () => arena.bench.load(() => copyCsv(arena, command, workers)),
          }),
        ),
      }),
    }
  }
  return {
    state: 'missing',
    name,
    reason: 'it is neither in bench/peers/bin nor on the PATH',
    remedy: `GOBIN="$PWD/bench/peers/bin" go install github.com/timescale/${name}/cmd/${name}@v0.10.0`,
  }
}

/**
 * Returns the time in milliseconds. The connection string leaves everything to the PG* variables
 * but what the tool would set otherwise.
 */
async function copyCsv({ bench, payload, programs }: LoadingArena, command: string, workers: number): Promise<number> {
  const start = performance.now()
  await programs.run(command, [
    '--connection=sslmode=disable',
    `--schema=${bench.schema}`,
    `--table=${bench.table.split('.').at(-1)}`,
    `--columns=${bench.columns.replaceAll(' ', '')}`,
    `--file=${payload.whole.csv}`,
    `--workers=${workers}`,
    `--batch-size=${batchSize}`,
  ])
  return performance.now() - start
}
