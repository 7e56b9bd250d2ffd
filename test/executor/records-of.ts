import type { InputFile, RawRecords } from '../../src/executor/input/input.js'
import { Records } from '../../src/executor/records/records.js'
import type { Row, Table } from '../../src/study/table/table.js'

/** Rows as records. */
export function recordsOf(table: Table, rows: readonly Row[]): Records {
  const records = new Records(table)
  for (const row of rows) records.append(row)
  return records
}

/** Records as rows. */
export function rowsOf(records: Records): Row[] {
  return Array.from({ length: records.length }, (_, position) => records.row(position))
}

/** Raw records that are rows already, the first on the line given. */
export function rawRows(rows: readonly Row[], firstLine = 1): RawRecords {
  return {
    count: rows.length,
    lines: (position) => [firstLine + position, firstLine + position],
    analyse(from, end, to) {
      for (let position = from; position < end; position++) to.append(rows[position]!)
    },
  }
}

/**
 * A file of the same table whose rows are other ones: `change` makes of each row of a pass as many
 * as it likes.
 */
export function changedFile(
  file: InputFile,
  table: Table,
  change: (row: Row, index: number) => readonly Row[],
): InputFile {
  return {
    name: file.name,
    ...(file.records === undefined ? {} : { records: file.records }),
    async *read() {
      for await (const raw of file.read()) {
        const records = new Records(table)
        raw.analyse(0, raw.count, records)
        yield rawRows(rowsOf(records).flatMap(change))
      }
    },
  }
}
