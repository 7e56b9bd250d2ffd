import { checkedInteger, checkOptions } from '../../../check.js'
import type { Column, Table } from '../../../study/table/table.js'
import type { Input } from '../input.js'
import { syntheticFile } from './synthetic-file.js'

/** Options of `synthetic`. */
export interface SyntheticOptions {
  /**
   * Number of records.
   * @default 100_000
   */
  readonly records?: number
  /**
   * Bytes of text in a record.
   * @default 200
   */
  readonly width?: number
  /**
   * Number of text columns that share the width.
   * @default 4
   */
  readonly columns?: number
  /**
   * Seed of the records: equal seeds give equal records.
   * @default 1
   */
  readonly seed?: number
  /**
   * Number of records to skip first.
   * @default 0
   */
  readonly offset?: number
}

/** Records of a file, and the number of files from which on they hold more: files take memory. */
const [minRecordsPerFile, maxFiles] = [5_000, 1_000]

/**
 * Synthetic records of any number and width, without files: a number from 0 and columns of random
 * characters. A record depends on the seed and its number alone.
 *
 * @throws `RangeError` for numbers that are not whole or too small.
 * @example
 * const input = synthetic({ records: 100_000, width: 400 })
 */
export function synthetic(options: SyntheticOptions = {}): Input {
  checkOptions(options, { records: true, width: true, columns: true, seed: true, offset: true })
  const { records = 100_000, width = 200, columns = 4, seed = 1, offset = 0 } = options
  checkedInteger('records', records, { from: 1 })
  checkedInteger('columns', columns, { from: 1 })
  checkedInteger('width', width, { from: columns, why: 'one byte for each column' })
  checkedInteger('seed', seed, { from: 0 })
  checkedInteger('offset', offset, { from: 0 })
  const widths = Array.from(
    { length: columns },
    (_, k) => Math.floor(((k + 1) * width) / columns) - Math.floor((k * width) / columns),
  )
  const texts = widths.map((_, k): Column => ({ name: `text_${k + 1}`, type: 'text', notNull: true }))
  const table: Table = { columns: [{ name: 'id', type: 'int8', notNull: true }, ...texts], primaryKey: ['id'] }
  const end = offset + records
  const recordsPerFile = Math.max(minRecordsPerFile, Math.ceil(end / maxFiles))
  return {
    name: 'synthetic',
    fits: table,
    offset,
    limit: records,
    onBadRecord: 'stop',
    describe: () => ({ kind: 'synthetic', records, width, columns, seed, offset }),
    files: async () =>
      Array.from({ length: Math.ceil(end / recordsPerFile) }, (_, k) => {
        const first = k * recordsPerFile
        const name = `synthetic-${String(k + 1).padStart(5, '0')}`
        const held = Math.min(recordsPerFile, end - first)
        return syntheticFile({ kind: 'synthetic', name, first, records: held, widths, seed })
      }),
  }
}
