import { chmodSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { withClient } from '#copylab/executor/connect.js'
import { temporaryFolder } from '../places.js'
import type { Workbench } from './workbench.js'

/** Records per part, which is one batch. */
export const batchSize = 10_000

/** The table's rows as files: in each format the same parts, in the order of the primary key. */
export interface Payload {
  readonly binary: readonly string[]
  /** PostgreSQL's text format. */
  readonly text: readonly string[]
  /** All rows in one file. */
  readonly whole: { readonly csv: string; readonly text: string }
  /** A folder that is removed with the files, for what else is temporary. */
  readonly folder: string
}

/**
 * Has the server write the rows that copylab's last trial loaded to files, by COPY … TO: in its own
 * words, and readable by whomever it runs as. Calls `task`, and removes the files.
 */
export async function withPayload<T>(
  { connection, columns }: Workbench,
  task: (payload: Payload) => Promise<T>,
): Promise<T> {
  const folder = join(temporaryFolder, String(process.pid))
  mkdirSync(folder, { recursive: true })
  try {
    // The server may run as another user.
    chmodSync(folder, 0o777)
    const payload = await withClient(connection.config, async (client) => {
      const table = await selectTrialTable(client)
      const copy = async (where: string, name: string, format: string): Promise<string> => {
        const file = join(folder, name)
        const rows = `SELECT ${columns} FROM ${table} ${where} ORDER BY flight_id`
        await client.query(`COPY (${rows}) TO ${pg.escapeLiteral(file)} (FORMAT ${format})`)
        return file
      }
      const parts = await selectParts(client, table)
      const write = async (format: string): Promise<string[]> => {
        const files: string[] = []
        for (const [part, { first, last }] of parts.entries()) {
          files.push(await copy(`WHERE flight_id BETWEEN ${first} AND ${last}`, `${part}.${format}`, format))
        }
        return files
      }
      return {
        binary: await write('binary'),
        text: await write('text'),
        whole: { csv: await copy('', 'all.csv', 'csv'), text: await copy('', 'all.text', 'text') },
        folder,
      }
    })
    return await task(payload)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/**
 * The table of copylab's trials, which stands until its next trial or the end of its session; no
 * other program uses the embedded server.
 */
async function selectTrialTable(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'copylab\\_trial-%'`,
  )
  if (rows.length !== 1) throw new Error(`Expected one table of a trial to take the payload from, found ${rows.length}`)
  return rows[0]!.name
}

/** The first and last key of every part. */
async function selectParts(client: pg.Client, table: string): Promise<{ first: string; last: string }[]> {
  const { rows } = await client.query<{ first: string; last: string }>(
    `SELECT min(flight_id) AS first, max(flight_id) AS last
     FROM (SELECT flight_id, (row_number() OVER (ORDER BY flight_id) - 1) / ${batchSize} AS part FROM ${table}) AS numbered
     GROUP BY part ORDER BY part`,
  )
  return rows
}
