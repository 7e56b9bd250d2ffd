import type pg from 'pg'
import { verbatim } from '../statement-names.js'

/**
 * Calls `task` in a transaction that is rolled back, however it ends. `begin` is the statement that
 * begins it.
 */
export async function inRolledBack<T>(client: pg.Client, begin: string, task: () => Promise<T>): Promise<T> {
  await client.query(begin)
  try {
    return await task()
  } finally {
    // It fails only where the connection is lost, which the task's own error says.
    await client.query('ROLLBACK').catch(() => {})
  }
}

/** Returns the columns of a query as they are; for messages and for what is shown. */
export async function selectRows<T extends object>(
  client: pg.Client,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  return (await client.query<T>(sql, [...values])).rows
}

/**
 * Returns the columns of a query with all text marked by `verbatim`; for what becomes statements.
 */
export async function selectVerbatim<T extends object>(
  client: pg.Client,
  sql: string,
  values: readonly unknown[],
): Promise<T[]> {
  const rows = await selectRows<T>(client, sql, values)
  return rows.map((row) => marked(row) as T)
}

function marked(value: unknown): unknown {
  if (typeof value === 'string') return verbatim(value)
  if (Array.isArray(value)) return value.map(marked)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, marked(each)]))
}

/**
 * Makes the server write every name outside of `pg_catalog` with its schema, for the rest of the
 * transaction.
 */
export async function qualifyNames(client: pg.Client): Promise<void> {
  await client.query(
    "SELECT set_config('search_path', '', true), set_config('standard_conforming_strings', 'on', true)",
  )
}
