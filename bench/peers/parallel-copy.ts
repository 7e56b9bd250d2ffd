import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import type { WrittenForm } from '../loading/csv-forms.js'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import { peersFolder } from '../places.js'
import type { Variant } from '../rounds/contestant.js'
import type { Arena, FilesArena, FindPeer, FoundPeer, LoadingArena, MissingPeer } from './peer.js'
import { outputOf } from './programs.js'

const name = 'timescaledb-parallel-copy'

/** The Go tool that cuts one CSV file into batches for several connections. */
export const findParallelCopy: FindPeer<LoadingArena> = () => found(({ payload }) => [name, payload.whole.csv])

/** That tool with files of a day each, which are joined before its clock. */
export const findParallelCopyOfFiles: FindPeer<FilesArena> = () =>
  found(({ form }) => [`${name}, ${form.name}`, joinedFile(form)])

async function found<In extends Arena>(
  loads: (arena: In) => readonly [contestant: string, file: string],
): Promise<FoundPeer<In> | MissingPeer> {
  for (const command of [join(peersFolder, 'bin', name), name]) {
    const said = await outputOf(command, ['--version'])
    if (said === null) continue
    return {
      state: 'found',
      name,
      versions: { [name]: /v?\d+\.\d+\.\d+\S*/.exec(said)?.[0] ?? 'unknown' },
      contestant: (arena) => {
        const [contestant, file] = loads(arena)
        return {
          name: contestant,
          kind: 'peer',
          clock: 'the whole command: start, connecting, load',
          settings: { batchSize, format: 'csv', input: 'one file' },
          variants: workerCounts.map(
            (workers): Variant => ({
              workers,
              settings: {},
              run: () => arena.bench.load(() => copyCsv(arena, command, file, workers)),
            }),
          ),
        }
      },
    }
  }
  return {
    state: 'missing',
    name,
    reason: 'it is neither in bench/peers/bin nor on the PATH',
    remedy: `GOBIN="$PWD/bench/peers/bin" go install github.com/timescale/${name}/cmd/${name}@v0.10.0`,
  }
}

/** One file of all lines but the headers, which is removed with the form's folder. */
function joinedFile({ folder, files }: WrittenForm): string {
  const path = `${folder}.csv`
  const lines = (file: string): string => readFileSync(file, 'utf8').replace(/^.*\n/, '')
  if (!existsSync(path)) writeFileSync(path, files.map(lines).join(''))
  return path
}

/**
 * Returns the time in milliseconds. The connection string leaves everything to the PG* variables
 * but what the tool would set otherwise.
 */
async function copyCsv({ bench, programs }: Arena, command: string, file: string, workers: number): Promise<number> {
  const start = performance.now()
  await programs.run(command, [
    '--connection=sslmode=disable',
    `--schema=${bench.schema}`,
    `--table=${bench.table.split('.').at(-1)}`,
    `--columns=${bench.columns.replaceAll(' ', '')}`,
    `--file=${file}`,
    `--workers=${workers}`,
    `--batch-size=${batchSize}`,
  ])
  return performance.now() - start
}
