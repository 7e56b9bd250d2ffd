import type { Row } from '../../study/table/table.js'
import { Records } from '../records/records.js'
import type { PlacedFile, Window } from './batches.js'
import type { RawRecords } from './input.js'

/** A record of the window, and where it stands. */
export interface PlacedRecord {
  /** Position in the input, from 0. */
  readonly position: number
  /** Its file and its first line, "file:line". */
  readonly place: string
  readonly row: Row
  /** The record by columns, alone; valid until the next is requested. */
  readonly records: Records
}

/** Reads files again whose places are known, record by record; bad records are left out. */
export async function* readAgain(
  { table, offset }: Pick<Window, 'table' | 'offset'>,
  files: readonly PlacedFile[],
  signal: AbortSignal,
): AsyncGenerator<PlacedRecord> {
  for (const { file, first, records: count } of files) {
    const records = new Records(table)
    const end = first + count
    let position = first
    for await (const raw of file.read()) {
      signal.throwIfAborted()
      for (let k = 0; k < raw.count && position < end; k++, position++) {
        const row = rowAt(raw, k, records)
        if (row !== null && position >= offset)
          yield { position, place: `${file.name}:${raw.lines(k)[0]}`, row, records }
      }
      if (position >= end) break
    }
  }
}

/** The record at a position of the chunk; null for a bad one. */
function rowAt(raw: RawRecords, k: number, records: Records): Row | null {
  records.truncate(0)
  try {
    raw.analyse(k, k + 1, records)
  } catch {
    return null
  }
  return records.row(0)
}
