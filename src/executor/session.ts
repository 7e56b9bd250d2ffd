import type pg from 'pg'
import { withClient, withOption } from './connect.js'
import type { Input, InputFacts, InputFile } from './input/input.js'
import { requireConnections } from './server/inspect.js'
import type { Connection } from './server/server.js'
import { claimSchema, dropSchema, schemaOf } from './table.js'

/** What all trials of a session share. */
export interface Session {
  readonly study: string
  readonly schema: string
  readonly connection: Connection
  /** Resets and verifies; never loads. */
  readonly control: pg.Client
  readonly input: Input
  readonly files: readonly InputFile[]
  /** What the table must hold after each trial. */
  readonly truth: InputFacts
  readonly signal: AbortSignal
}

/**
 * Opens the control connection, sees to it that `workers` more can be opened, holds the study's schema while `task` runs, and removes it afterwards.
 * Throws `DatabaseError` when there are too few connections, or when the schema is in use or not copylab's own.
 */
export async function withSession<T>(
  setup: Omit<Session, 'schema' | 'control'>,
  workers: number,
  task: (session: Session) => Promise<T>,
): Promise<T> {
  const { study, connection } = setup
  return withClient(controlConfig(connection, study), async (control) => {
    await requireConnections(control, workers, connection.facts)
    const schema = schemaOf(study)
    await claimSchema(control, schema)
    try {
      return await task({ ...setup, schema, control })
    } finally {
      await dropSchema(control, schema).catch(() => {})
    }
  })
}

/** The control connection gives up on a lock that somebody else holds on the study's table, instead of waiting for ever. */
function controlConfig(connection: Connection, study: string): pg.ClientConfig {
  const options = withOption(connection, 'lock_timeout=10s')
  return { ...connection.config, application_name: `copylab/${study}/control`, options }
}
