import { join } from 'node:path'
import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import { flightsFolder } from '../places.js'
import type { Variant } from '../rounds/contestant.js'
import type { Arena, FindPeer } from './peer.js'
import { findPython, startPython } from './python.js'

const name = 'Python importer: asyncio, asyncpg'

/**
 * The importer of the working note, written out: csv, analysis, batches, one chunk per worker, all
 * awaited.
 */
export const findImporter: FindPeer<Arena> = async () => {
  const python = await findPython(name, ['asyncpg'])
  if (python.state === 'missing') return python
  return {
    state: 'found',
    name,
    versions: python.versions,
    contestant: (arena) => ({
      name,
      kind: 'peer',
      clock: 'inside Python, from the first file to the last commit; started and connected before',
      settings: { batchSize, dispatch: 'split', encoding: 'binary', source: 'pipeline' },
      variants: workerCounts.map(
        (workers): Variant => ({
          workers,
          settings: {},
          run: () => arena.bench.load(() => importFiles(arena, workers)),
        }),
      ),
    }),
  }
}

/** Returns the time in milliseconds. Each run is a process of its own, as an import is. */
async function importFiles({ bench, programs }: Arena, workers: number): Promise<number> {
  const program = startPython(programs, 'importer.py')
  const { ms } = await program.ask<{ ms: number }>({
    files: bench.files.map((file) => join(flightsFolder, file)),
    offset: bench.input.offset,
    limit: bench.input.limit,
    schema: bench.schema,
    table: bench.table.split('.').at(-1),
    columns: bench.input.fits.columns.map((column) => column.name),
    workers,
    batch_size: batchSize,
  })
  await program.finish()
  return ms
}
