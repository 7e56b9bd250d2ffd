import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import type { Settings, Variant } from '../rounds/contestant.js'
import type { FindPeer, LoadingArena } from './peer.js'
import { findPython, type PythonSession, startPython } from './python.js'

interface PythonLoader {
  readonly name: string
  readonly file: string
  readonly packages: readonly string[]
  readonly settings: Settings
  /**
   * Settings that are tried in addition to the number of workers; each is sent to the program as it
   * stands.
   */
  readonly forms: readonly Settings[]
}

/**
 * A loader in Python that stays up between runs with its records in memory; its clock runs inside
 * it.
 */
function pythonLoader({ name, file, packages, settings, forms }: PythonLoader): FindPeer<LoadingArena> {
  return async () => {
    const python = await findPython(name, packages)
    if (python.state === 'missing') return python
    return {
      state: 'found',
      name,
      versions: python.versions,
      contestant: ({ bench, payload, programs }) => {
        let session: PythonSession | undefined
        const started = async (): Promise<PythonSession> => {
          if (session) return session
          const program = startPython(programs, file)
          const table = bench.table.split('.').at(-1)
          const columns = bench.input.fits.columns.map((column) => column.name)
          const types = bench.input.fits.columns.map((column) => column.type)
          await program.ask({
            csv: payload.whole.csv,
            text: payload.text,
            binary: payload.binary,
            schema: bench.schema,
            table,
            columns,
            types,
          })
          session = program
          return program
        }
        return {
          name,
          kind: 'peer',
          clock: 'inside Python, from the first COPY to the last commit; connected and records in memory before',
          settings: { batchSize, garbageCollection: 'records frozen (gc.freeze) before the clock', ...settings },
          variants: forms.flatMap((form) =>
            workerCounts.map(
              (workers): Variant => ({
                workers,
                settings: form,
                run: async () => {
                  const program = await started()
                  return bench.load(async () => (await program.ask<{ ms: number }>({ workers, ...form })).ms)
                },
              }),
            ),
          ),
        }
      },
    }
  }
}

/**
 * asyncpg's binary COPY of records that are tuples in memory, on asyncio's own event loop and on
 * uvloop.
 */
export const findAsyncpg = pythonLoader({
  name: 'asyncpg copy_records_to_table',
  file: 'load_asyncpg.py',
  packages: ['asyncpg', 'uvloop'],
  settings: { encoding: 'binary, encoded inside the clock', workersAre: 'connections on one event loop' },
  forms: [{ loop: 'asyncio' }, { loop: 'uvloop' }],
})

/**
 * psycopg's COPY: of tuples in memory, encoded inside the clock by several processes, or of blocks
 * made before the clock, sent by threads.
 */
export const findPsycopg = pythonLoader({
  name: 'psycopg copy',
  file: 'load_psycopg.py',
  packages: ['psycopg', 'psycopg-binary'],
  settings: {},
  forms: [
    { form: 'binary rows by processes' },
    { form: 'ready-made text blocks by threads' },
    { form: 'ready-made binary blocks by threads' },
  ],
})
