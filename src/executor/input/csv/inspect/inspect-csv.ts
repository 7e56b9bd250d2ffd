import { plainFormat } from '../../file-spec.js'
import type { Input, ReadingOptions } from '../../input.js'
import type { StatedCsv } from '../csv-options.js'
import { listFiles } from '../folder/list-files.js'
import { csvInput, type UnderstoodCsv } from '../understood.js'

/** Finds out what the options of `csv` do not state, and returns the input. */
export async function inspectCsv(folder: string, stated: StatedCsv, _options: ReadingOptions = {}): Promise<Input> {
  const files = listFiles(folder, stated.pattern ?? /\.csv$/i)
  const columns = stated.columns ?? []
  const understood: UnderstoodCsv = {
    files: files.map((file) => ({
      ...file,
      compression: null,
      skipLines: stated.skipLines ?? 0,
      header: stated.header ?? true,
      targets: null,
    })),
    format: {
      ...plainFormat({ columns: columns.map(({ column }) => column), primaryKey: stated.primaryKey }),
      ...(stated.delimiter === null ? {} : { delimiter: stated.delimiter }),
      decimal: stated.decimal ?? '.',
      thousands: stated.thousands ?? null,
      formats: columns.map(({ format }) => format),
      analyse: stated.analyse?.toString() ?? null,
    },
    header: stated.header ?? true,
    found: [],
  }
  return csvInput(stated, understood)
}
