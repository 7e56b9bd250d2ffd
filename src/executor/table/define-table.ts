import type { Definition, TableSource } from '../../study/table/definition.js'
import { withClient } from '../connect.js'
import { DatabaseError } from '../errors.js'
import type { InspectOptions, ReadingOptions } from '../input/input.js'
import { ownConfig } from '../server/reach/own-config.js'
import type { Server } from '../server/server.js'
import { readDefinition } from './define/read-definition.js'
import { recordColumns } from './loaded-table.js'
import { sourceName } from './source-name.js'

/** Where names without a schema are found, as in the user's own sessions by default. */
export const namesPath = '"$user", public'

/**
 * Reads on the server how a study's table is made, before the input is. Throws `DatabaseError` for
 * a table that does not exist or cannot be made like, and for statements that the server refuses.
 */
export async function defineTable(
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
export function filledBy(definition: Definition | null): Pick<InspectOptions, 'fills'> {
  if (definition === null) return {}
  return { fills: { name: sourceName(definition.source), columns: recordColumns(definition) } }
}
