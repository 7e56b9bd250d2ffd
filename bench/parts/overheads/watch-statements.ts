import pg from 'pg'

/** A statement that a connection of this process has ended. */
export interface WatchedStatement {
  readonly sql: string
  /** The connection's `application_name`. */
  readonly application: string
  /** Milliseconds from the call to its result. */
  readonly durationMs: number
  /** By the clock of `performance.now()`. */
  readonly endedAt: number
}

type Query = (this: pg.Client, ...given: unknown[]) => unknown

/**
 * Tells of every statement of SQL that this process's own thread runs through `pg` while `task`
 * runs. COPY and the connections of other threads are not seen.
 */
export async function watchStatements<T>(
  onStatement: (statement: WatchedStatement) => void,
  task: () => Promise<T>,
): Promise<T> {
  const clients = pg.Client.prototype as unknown as { query: Query }
  const { query } = clients
  clients.query = function watched(...given) {
    const startedAt = performance.now()
    const result = query.apply(this, given)
    const sql = typeof given[0] === 'string' ? given[0] : (given[0] as { text?: unknown } | undefined)?.text
    if (typeof sql === 'string' && result instanceof Promise) {
      const { connectionParameters } = this as unknown as { connectionParameters: { application_name?: string } }
      const ended = (): void => {
        const endedAt = performance.now()
        const application = connectionParameters.application_name ?? ''
        onStatement({ sql, application, durationMs: endedAt - startedAt, endedAt })
      }
      result.then(ended, ended)
    }
    return result
  }
  try {
    return await task()
  } finally {
    clients.query = query
  }
}
