import {
  type Connection,
  embedded,
  flights,
  type Input,
  type InputFacts,
  LostRecordsError,
  type Server,
} from 'copylab/executor'
import { withClient } from '#copylab/executor/connect.js'
import { qualifiedTable } from '#copylab/executor/footprint/mark.js'
import { claimSchema, dropSchema } from '#copylab/executor/footprint/own-schema.js'
import { createTable } from '#copylab/executor/table/make-table.js'
import { checkpoint } from '#copylab/executor/trial/table.js'
import { checksumSql } from '#copylab/executor/verify/checksum.js'
import { survey } from '#copylab/executor/verify/survey.js'
import { defaultTreatment } from '#copylab/study/treatment.js'
import type { BenchOptions } from '../part.js'

/** A server, a table of the bench's own on it, and what the table has to hold after a load. */
export interface Workbench {
  readonly connection: Connection
  readonly input: Input
  /** The input's files that hold records of its window, by name, in order. */
  readonly files: readonly string[]
  readonly schema: string
  /** The table's name as SQL spells it. */
  readonly table: string
  /** Its columns in order, as SQL spells a list of them. */
  readonly columns: string
  readonly truth: InputFacts
  /** The server that is running already, for `withTrials`. */
  readonly server: Server
  /**
   * Makes the table again, issues CHECKPOINT, calls `task` and hands on its answer when the table
   * then holds exactly the input's records. Throws `LostRecordsError` otherwise.
   */
  load<T>(task: () => Promise<T>): Promise<T>
}

const schema = 'copylab_bench'
/**
 * Starts the embedded server, works out what the input amounts to, flights without one, and removes
 * the bench's schema afterwards.
 */
export async function withWorkbench<T>(
  { records, progress, signal }: BenchOptions,
  task: (bench: Workbench) => Promise<T>,
  input: Input = flights({ records }),
): Promise<T> {
  const files = await input.files({ signal, onStep: progress })
  progress('reading the input once')
  const { facts: truth, files: placed } = await survey(input, input.fits, files, { signal })
  return embedded().use(
    (connection) =>
      withClient({ ...connection.config, application_name: 'copylab/bench' }, async (control) => {
        const table = qualifiedTable(schema)
        const load = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
          await createTable({ control, schema, table: input.fits, definition: null, meanings: {} }, defaultTreatment)
          await checkpoint(control, null)
          const answer = await work()
          const found = await control.query<{ records: string; checksum: string }>(checksumSql(input.fits, table))
          const actual = { records: Number(found.rows[0]?.records), checksum: String(found.rows[0]?.checksum) }
          if (actual.records !== truth.records || actual.checksum !== truth.checksum) {
            throw new LostRecordsError(truth, actual)
          }
          return answer
        }
        await claimSchema(control, schema)
        try {
          return await task({
            connection,
            input,
            files: placed.map(({ file }) => file.name),
            schema,
            table,
            columns: input.fits.columns.map(({ name }) => name).join(', '),
            truth,
            server: running(connection),
            load,
          })
        } finally {
          await dropSchema(control, schema).catch(() => {})
        }
      }),
    { signal, onStep: progress },
  )
}

/** A server that others have started and will stop. */
function running(connection: Connection): Server {
  return { describe: () => ({ kind: connection.facts.kind }), use: (task) => task(connection) }
}
