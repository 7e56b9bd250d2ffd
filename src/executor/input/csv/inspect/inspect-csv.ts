import { InputError } from '../../../errors.js'
import { badKindText } from '../../bad-records.js'
import type { Input, ReadingOptions } from '../../input.js'
import type { StatedCsv } from '../csv-options.js'
import { csvInput, type UnderstoodCsv } from '../understood.js'
import { inspectFiles, leftOpen } from './inspect-files.js'
import type { Inspection } from './inspection.js'
import { noRecords } from './words/words.js'

/** Finds out what the options of `csv` do not state, and returns the input. */
export async function inspectCsv(path: string, stated: StatedCsv, options: ReadingOptions = {}): Promise<Input> {
  const { inspection, understood } = await inspectFiles(path, stated, options)
  return csvInput(stated, decided(inspection, understood, stated))
}

/**
 * Returns what was understood. Throws `InputError` for what the files leave open, and where no
 * record can be read.
 */
function decided(
  { open, records, header, badRecords }: Inspection,
  understood: UnderstoodCsv,
  stated: StatedCsv,
): UnderstoodCsv {
  if (open.length > 0) throw leftOpen(open)
  const bad = badRecords.reduce((sum, { lines }) => sum + lines, 0)
  if (stated.columns === null && bad > 0 && bad >= records)
    throw new InputError(`No record can be read: ${badRecords.map(badKindText).join('; ')}`)
  if (records === 0) throw new InputError(noRecords(header, stated))
  return understood
}
