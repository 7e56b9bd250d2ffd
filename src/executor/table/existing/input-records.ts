import { setImmediate } from 'node:timers/promises'
import pg from 'pg'
import type { Table } from '../../../study/table/table.js'
import { DatabaseError } from '../../errors.js'
import { isDisconnected } from '../../footprint/change.js'
import { type PlacedFile, readPlacedFiles, windowOf } from '../../input/batches.js'
import type { Input } from '../../input/input.js'
import { copyWith } from '../../load/copy.js'
import { makeEncoder, makePayloadBuffer } from '../../load/encode/encode.js'

const { escapeIdentifier } = pg

/** Records of one COPY. */
const batchSize = 10_000

/** The records that trials load, and the table that they fill. */
export interface RecordsToLoad {
  readonly input: Input
  readonly files: readonly PlacedFile[]
  readonly table: Table
  readonly signal: AbortSignal
}

/**
 * Copies the first records of the input, in its order and at most `limit`, into a table of
 * copylab's own with the same columns; returns their number. Throws `DatabaseError` where the
 * server does not take one of them.
 */
export async function copyRecords(
  control: pg.Client,
  name: string,
  { input, files, table, signal }: RecordsToLoad,
  limit: number,
): Promise<number> {
  const columns = table.columns.map((column) => escapeIdentifier(column.name)).join(', ')
  const copy = copyWith(control, `COPY ${name} (${columns}) FROM STDIN`)
  const encoder = makeEncoder(table, 'text')
  const buffer = makePayloadBuffer()
  let copied = 0
  for await (const { records, release } of readPlacedFiles(windowOf(input, table), files, { batchSize, signal })) {
    const count = Math.min(records.length, limit - copied)
    try {
      await copy(encoder.encode(records, 0, count, buffer), count, signal)
    } catch (cause) {
      if (isDisconnected(cause)) throw cause
      throw new DatabaseError(
        `The server does not take the input's records, which \`existingRows\` needs (${(cause as Error).message}): correct them, or the table's columns`,
        { cause },
      )
    }
    copied += count
    release()
    if (copied === limit) break
    // Synthetic input never yields to the event loop by itself.
    await setImmediate()
  }
  return copied
}
