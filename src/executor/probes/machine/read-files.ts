import type pg from 'pg'
import { readOwn } from '../own-system.js'

/**
 * Reads files of a machine's `/proc` and `/sys`, in the order of their paths; empty for one that is
 * not there.
 */
export type ReadFiles = (paths: readonly string[]) => Promise<readonly string[]>

/** Reads files of this machine. */
export const ownFiles: ReadFiles = async (paths) => paths.map(readOwn)

/** Reads files of the server's host through SQL; rejects where the server refuses. */
export const serverFiles =
  (client: pg.Client): ReadFiles =>
  async (paths) => {
    const { rows } = await client.query<{ content: string | null }>(
      `SELECT pg_read_file(path, 0, 1000, true) AS content
       FROM unnest($1::text[]) WITH ORDINALITY AS file (path, place) ORDER BY place`,
      [paths],
    )
    return rows.map(({ content }) => content ?? '')
  }
