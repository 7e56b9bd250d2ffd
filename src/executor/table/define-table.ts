import type { Design } from '../../study/design.js'
import { checkDistribution } from '../../study/table/check-distribution.js'
import { checkLayouts } from '../../study/table/check-layouts.js'
import type { Definition, TableSource } from '../../study/table/definition.js'
import type { Table } from '../../study/table/table.js'
import { withClient } from '../connect.js'
import { DatabaseError } from '../errors.js'
import { type Input, type InputToInspect, type InspectOptions, inspected, type ReadingOptions } from '../input/input.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Server } from '../server/server.js'
import { readDefinition } from './define/read-definition.js'
import { checkEncodings, loadedTable, recordColumns } from './loaded-table.js'
import { sourceName } from './source-name.js'

/** Where names without a schema are found, as in the user's own sessions by default. */
export const namesPath = '"$user", public'

/** What is to be loaded into which table. */
export interface LoadGiven {
  readonly server: Server
  readonly input: Input | InputToInspect
  /** What the table is made like, or by; null for one that fits the records. */
  readonly source: TableSource | null
  readonly study: string
  readonly design: Pick<Design, 'treatments' | 'meanings'>
}

/** A load whose table and input are known. */
export interface DefinedLoad {
  /** How the table is made; null where it is made from its columns alone. */
  readonly definition: Definition | null
  readonly input: Input
  /** The columns that are filled: those of the records, as a defined table has them. */
  readonly table: Table
}

/**
 * Finds out how the table is made, then what the input holds, which may be long. Throws `TypeError`
 * where the treatments ask for what the table does not have, or the records do not fit it, and what
 * reading the definition and the input throws.
 */
export async function defineLoad(
  { server, input: given, source, study, design }: LoadGiven,
  reading: ReadingOptions,
): Promise<DefinedLoad> {
  const definition = source === null ? null : await defineTable(server, source, study, reading)
  checkLayouts({ definition, ...design })
  const input = await inspected(given, { ...reading, ...filledBy(definition) })
  const table = definition === null ? input.fits : loadedTable(definition, input.fits)
  checkDistribution({ definition, ...design }, table)
  checkEncodings({ definition, table, treatments: design.treatments })
  return { definition, input, table }
}

/**
 * Reads on the server how a study's table is made. Throws `DatabaseError` for a table that does not
 * exist or cannot be made like, and for statements that the server refuses.
 */
async function defineTable(
  server: Server,
  source: TableSource,
  study: string,
  { signal, onStep }: ReadingOptions,
): Promise<Definition> {
  return server.use(
    (connection) => {
      onStep?.(`reading how ${sourceName(source)} is made`)
      const reading = withClient(
        ownConfig(connection, `copylab/${study}/definition`, { search_path: namesPath }),
        (client) => readDefinition(client, source),
        { signal },
      )
      return reading.catch((error: unknown) => {
        throw 'like' in source && connection.facts.kind === 'embedded' ? namingServer(error) : error
      })
    },
    { signal, onStep },
  )
}

/**
 * Adds, to an error about a table that is looked for on copylab's own server, how to name another.
 */
function namingServer(error: unknown): unknown {
  if (!(error instanceof DatabaseError)) return error
  return new DatabaseError(
    `${error.message}. This is copylab's own server: name yours by --server url (\`server: 'url'\`)`,
    {
      cause: error.cause,
    },
  )
}

/** What the input is told of a defined table. */
function filledBy(definition: Definition | null): Pick<InspectOptions, 'fills'> {
  if (definition === null) return {}
  return { fills: { name: sourceName(definition.source), columns: recordColumns(definition) } }
}
