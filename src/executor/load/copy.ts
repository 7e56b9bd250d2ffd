import { pipeline } from 'node:stream/promises'
import type pg from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** Bytes per CopyData message: rows written one by one cap Node at a fraction of what a backend takes; from 4 KiB on it is flat. */
const chunkBytes = 65_536

function* chunks(payload: Uint8Array): Generator<Uint8Array> {
  for (let from = 0; from < payload.length; from += chunkBytes) yield payload.subarray(from, from + chunkBytes)
}

/**
 * One COPY: sends a complete payload with back-pressure and resolves to the server's row count when it is committed. An abort
 * sends CopyFail, so the server rolls the COPY back and the connection stays usable.
 */
export async function copy(client: pg.Client, sql: string, payload: Uint8Array, signal: AbortSignal): Promise<number> {
  const stream = client.query(copyFrom(sql))
  await pipeline(chunks(payload), stream, { signal })
  return stream.rowCount
}
