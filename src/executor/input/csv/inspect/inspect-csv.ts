import { InputError } from '../../../errors.js'
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

/** Returns what was understood. Throws `InputError` for what the files leave open. */
function decided({ open, records, header }: Inspection, understood: UnderstoodCsv, stated: StatedCsv): UnderstoodCsv {
  if (open.length > 0) throw leftOpen(open)
  if (records === 0) throw new InputError(noRecords(header, stated))
  return understood
}
