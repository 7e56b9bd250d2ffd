import type { ReadingOptions } from '../../input.js'
import { type CsvOptions, checkedCsv } from '../csv-options.js'
import { inspectFiles } from './inspect-files.js'
import type { Inspection } from './inspection.js'
import { callOf, ddlOf } from './words/code.js'

/** What CSV files hold, in several forms. */
export interface FolderInspection {
  readonly inspection: Inspection
  /** Sentences about what was found out. */
  readonly words: readonly string[]
  /** The call of `csv` that states it. */
  readonly code: string
  /** The statement that creates the table. */
  readonly ddl: string
}

/**
 * Finds out what CSV files hold, from all of their records, and measures nothing. What the options
 * state is taken as it is; what the files leave open stands in `inspection.open`, with the option
 * that decides it.
 *
 * @throws `TypeError` or `RangeError` for invalid options; `InputError` for files that cannot be
 * read.
 * @example
 * const { words, code } = await inspectFolder('my-data')
 * console.log([...words, code].join('\n'))
 */
export async function inspectFolder(
  path: string,
  options: CsvOptions = {},
  reading: ReadingOptions = {},
): Promise<FolderInspection> {
  const { inspection } = await inspectFiles(path, checkedCsv(options), reading)
  return {
    inspection,
    words: inspection.found,
    code: callOf(path, inspection, options.pattern),
    ddl: ddlOf(path, inspection),
  }
}
