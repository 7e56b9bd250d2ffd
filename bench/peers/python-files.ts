import { workerCounts } from '../loading/trials.js'
import type { Variant } from '../rounds/contestant.js'
import type { FilesArena, FindPeer } from './peer.js'
import { findPython, type PythonSession, startPython } from './python.js'

interface FileLoader {
  readonly name: string
  readonly file: string
  readonly packages: readonly string[]
  /** Spelling of the timestamps, as its reader takes it. */
  readonly timestamps: { readonly isoFirst: string; readonly dayFirst: string }
  readonly workers: readonly number[]
}

/**
 * A loader in Python that reads CSV files itself and stays up between runs; its clock runs inside
 * it.
 */
function fileLoader({ name, file, packages, timestamps, workers }: FileLoader): FindPeer<FilesArena> {
  return async () => {
    const python = await findPython(name, packages)
    if (python.state === 'missing') return python
    return {
      state: 'found',
      name,
      versions: python.versions,
      contestant: ({ bench, form, programs }) => {
        let session: PythonSession | undefined
        const started = async (): Promise<PythonSession> => {
          if (session) return session
          const program = startPython(programs, file)
          await program.ask({
            schema: bench.schema,
            table: bench.table.split('.').at(-1),
            files: form.files,
            delimiter: form.delimiter,
            decimal: form.decimal,
            format: form.dayFirst ? timestamps.dayFirst : timestamps.isoFirst,
          })
          session = program
          return program
        }
        return {
          name: `${name}, ${form.name}`,
          kind: 'peer',
          clock: 'inside Python, from reading the first file to the last commit; connected before',
          settings: {},
          variants: workers.map(
            (count): Variant => ({
              workers: count,
              settings: {},
              run: async () => {
                const program = await started()
                return bench.load(async () => (await program.ask<{ ms: number }>({ workers: count })).ms)
              },
            }),
          ),
        }
      },
    }
  }
}

const strptime = { isoFirst: '%Y-%m-%d %H:%M', dayFirst: '%d.%m.%Y %H:%M' }

/** DuckDB's parallel reader and its one connection to the server. */
export const findDuckDb = fileLoader({
  name: 'DuckDB read_csv',
  file: 'load_duckdb.py',
  packages: ['duckdb', 'duckdb-extension-postgres-scanner'],
  timestamps: strptime,
  workers: [1],
})

/** Arrow's reader and ADBC, a process for each worker. */
export const findAdbc = fileLoader({
  name: 'Arrow and ADBC',
  file: 'load_adbc.py',
  packages: ['pyarrow', 'adbc-driver-postgresql'],
  timestamps: strptime,
  workers: workerCounts,
})
