import type { BadKind } from '../../bad-records.js'
import { readBatches, windowOf } from '../../batches.js'
import type { Input, ReadingOptions } from '../../input.js'
import { type CsvOptions, checkedCsv } from '../csv-options.js'
import { csvInput } from '../understood.js'
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
  const stated = checkedCsv(options)
  const { inspection: found, understood } = await inspectFiles(path, stated, reading)
  const statesValues = stated.columns !== null || Object.keys(stated.formats).length > 0
  const canBeRead = found.open.length === 0 && found.records > 0
  const inspection =
    statesValues && canBeRead
      ? { ...found, badRecords: await badRecordsIn(csvInput(stated, understood), reading) }
      : found
  return {
    inspection,
    words: inspection.found,
    code: callOf(path, inspection, options.pattern),
    ddl: ddlOf(path, inspection),
  }
}

/** Reads the records by what is stated of their values, and returns those that do not hold it. */
async function badRecordsIn(input: Input, { signal, onStep }: ReadingOptions): Promise<readonly BadKind[]> {
  onStep?.('comparing the records with what is stated of them')
  const window = { ...windowOf(input, input.fits), onBadRecord: 'gather' } as const
  const reader = readBatches(window, await input.files(), { batchSize: 10_000, signal })
  for await (const { release } of reader) release()
  return reader.badRecords.list()
}
