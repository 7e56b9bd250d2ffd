import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import type { Connection } from 'copylab/executor'
import type pg from 'pg'
import { to as copyTo } from 'pg-copy-streams'
import { withClient } from '#copylab/executor/connect.js'

/** Bytes of the header that COPY … TO (FORMAT binary) writes. */
const headerBytes = 19
const trailer = Buffer.from([0xff, 0xff])

/**
 * Has the server write the rows that copylab's last trial loaded, by COPY … TO in binary, and cuts
 * them into files of so many records for each batch size, each a whole stream of COPY in
 * `<folder>/<batch size>`.
 */
export async function writeParts(connection: Connection, folder: string, batchSizes: readonly number[]): Promise<void> {
  const rows = await withClient(connection.config, async (client) => {
    const table = await trialTable(client)
    return buffer(client.query(copyTo(`COPY (SELECT * FROM ${table}) TO STDOUT (FORMAT binary)`)))
  })
  const starts = startsOfTuples(rows)
  const records = starts.length - 1
  for (const size of new Set(batchSizes)) {
    const own = join(folder, String(size))
    mkdirSync(own, { recursive: true })
    for (let from = 0, part = 0; from < records; from += size, part++) {
      const tuples = rows.subarray(starts[from], starts[Math.min(from + size, records)])
      const file = join(own, `${String(part).padStart(5, '0')}.bin`)
      writeFileSync(file, Buffer.concat([rows.subarray(0, headerBytes), tuples, trailer]))
      chmodSync(file, 0o644)
    }
  }
}

/** Where each tuple of a binary COPY begins, and where the last one ends. */
function startsOfTuples(rows: Buffer): number[] {
  const starts: number[] = []
  let at = headerBytes
  for (;;) {
    starts.push(at)
    const fields = rows.readInt16BE(at)
    if (fields === -1) return starts
    at += 2
    for (let field = 0; field < fields; field++) at += 4 + Math.max(0, rows.readInt32BE(at))
  }
}

/**
 * The table of copylab's trials, which stands until its next trial or the end of its session; no
 * other program uses the embedded server.
 */
async function trialTable(client: pg.Client): Promise<string> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT format('%I.%I', schemaname, tablename) AS name FROM pg_tables WHERE schemaname LIKE 'copylab\\_trial-%'`,
  )
  if (rows.length !== 1) throw new Error(`Expected one table of a trial to take the rows from, found ${rows.length}`)
  return rows[0]!.name
}
