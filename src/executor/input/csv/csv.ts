import type { InputToInspect } from '../input.js'
import { type CsvOptions, checkedCsv } from './csv-options.js'
import { inspectCsv } from './inspect/inspect-csv.js'

export type { AnalyseFields, CsvLine as Line } from './csv-file.js'
export type { CsvColumn, CsvOptions } from './csv-options.js'

/**
 * Your own CSV files: those of a folder, by name, or a single one. What the options state must
 * hold, and is refused with file, line and remedy where it does not; what they leave out is found
 * out from all records before anything is measured, said in words and written into the plan. What
 * the records leave open is refused, with the option that decides it. A field that its column
 * cannot hold is a bad record, which ends the study unless `onBadRecord` is `'skip'`.
 *
 * @throws `TypeError` or `RangeError` at once for invalid options.
 * @example
 * const input = csv('my-data', {
 *   columns: { id: 'int8', item: 'text', price: 'numeric', sold: 'date' },
 *   primaryKey: ['id'],
 * })
 */
export function csv(path: string, options: CsvOptions = {}): InputToInspect {
  const stated = checkedCsv(options)
  return { name: stated.name, inspect: (reading) => inspectCsv(path, stated, reading) }
}
