import { batchSize } from '../loading/payload.js'
import { workerCounts } from '../loading/trials.js'
import type { Settings, Variant } from '../rounds/contestant.js'
import type { Arena, FilesArena, FindPeer, LoadingArena } from './peer.js'
import { findPython, type PythonSession, startPython } from './python.js'

interface PythonLoader<In extends Arena> {
  readonly name: string
  readonly file: string
  readonly packages: readonly string[]
  readonly clock: string
  readonly settings: Settings
  /**
   * Settings that are tried in addition to the number of workers; each is sent to the program as it
   * stands.
   */
  readonly forms: readonly Settings[]
  readonly workers: readonly number[]
  /** What the program is told of the arena in addition to the table: its files. */
  readonly job: (arena: In) => Readonly<Record<string, unknown>>
  /** What distinguishes it from the same loader in another arena. */
  readonly of?: (arena: In) => string
}

/** A loader in Python that stays up between runs; its clock runs inside it. */
function pythonLoader<In extends Arena>({
  name,
  file,
  packages,
  clock,
  settings,
  forms,
  workers,
  job,
  of,
}: PythonLoader<In>): FindPeer<In> {
  return async () => {
    const python = await findPython(name, packages)
    if (python.state === 'missing') return python
    return {
      state: 'found',
      name,
      versions: python.versions,
      contestant: (arena) => {
        const { bench, programs } = arena
        let session: PythonSession | undefined
        const started = async (): Promise<PythonSession> => {
          if (session) return session
          const program = startPython(programs, file)
          await program.ask({ schema: bench.schema, table: bench.table.split('.').at(-1), ...job(arena) })
          session = program
          return program
        }
        return {
          name: of ? `${name}, ${of(arena)}` : name,
          kind: 'peer',
          clock,
          settings,
          variants: forms.flatMap((form) =>
            workers.map(
              (count): Variant => ({
                workers: count,
                settings: form,
                run: async () => {
                  const program = await started()
                  return bench.load(async () => (await program.ask<{ ms: number }>({ workers: count, ...form })).ms)
                },
              }),
            ),
          ),
        }
      },
    }
  }
}

/** A loader of records that it has in memory, or of blocks that are ready. */
function recordLoader(
  own: Pick<PythonLoader<LoadingArena>, 'name' | 'file' | 'packages' | 'settings' | 'forms'>,
): FindPeer<LoadingArena> {
  return pythonLoader({
    ...own,
    clock: 'inside Python, from the first COPY to the last commit; connected and records in memory before',
    settings: { batchSize, garbageCollection: 'records frozen (gc.freeze) before the clock', ...own.settings },
    workers: workerCounts,
    job: ({ bench: { input }, payload }) => ({
      csv: payload.whole.csv,
      text: payload.text,
      binary: payload.binary,
      columns: input.fits.columns.map((column) => column.name),
      types: input.fits.columns.map((column) => column.type),
    }),
  })
}

/** A loader that reads CSV files itself. */
function fileLoader(
  own: Pick<PythonLoader<FilesArena>, 'name' | 'file' | 'packages' | 'workers'>,
): FindPeer<FilesArena> {
  return pythonLoader({
    ...own,
    clock: 'inside Python, from reading the first file to the last commit; connected before',
    settings: {},
    forms: [{}],
    job: ({ form: { files, delimiter, decimal, dayFirst } }) => ({
      files,
      delimiter,
      decimal,
      format: dayFirst ? '%d.%m.%Y %H:%M' : '%Y-%m-%d %H:%M',
    }),
    of: ({ form }) => form.name,
  })
}

/** DuckDB's parallel reader and its one connection to the server. */
export const findDuckDb = fileLoader({
  name: 'DuckDB read_csv',
  file: 'load_duckdb.py',
  packages: ['duckdb', 'duckdb-extension-postgres-scanner'],
  workers: [1],
})

/** Arrow's reader and ADBC, a process for each worker. */
export const findAdbc = fileLoader({
  name: 'Arrow and ADBC',
  file: 'load_adbc.py',
  packages: ['pyarrow', 'adbc-driver-postgresql'],
  workers: workerCounts,
})

/**
 * asyncpg's binary COPY of records that are tuples in memory, on asyncio's own event loop and on
 * uvloop.
 */
export const findAsyncpg = recordLoader({
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
export const findPsycopg = recordLoader({
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
