import { resolve } from 'node:path'
import { InputError } from '../../../errors.js'
import { badKindText } from '../../bad-records.js'
import type { FilledTable, Input, InspectOptions } from '../../input.js'
import type { StatedCsv } from '../csv-options.js'
import { listFiles } from '../folder/list-files.js'
import { csvInput, type UnderstoodCsv } from '../understood.js'
import { type Inspected, inspectFiles, leftOpen } from './inspect-files.js'
import type { Inspection } from './inspection.js'
import { noRecords } from './words/words.js'

/** Number of inspections that are kept. */
const maxKept = 8

/** The last inspections of this process, by what was asked and by the files as they were. */
const kept = new Map<string, Inspected>()

/**
 * Finds out what the options of `csv` do not state, and returns the input. Files that have not
 * changed since this process inspected them with the same options are not read again.
 */
export async function inspectCsv(path: string, given: StatedCsv, options: InspectOptions = {}): Promise<Input> {
  const asked = questionOf(path, given, options.fills)
  const inspected = kept.get(asked) ?? (await inspectFiles(path, given, options))
  // The last one asked for is the last to go.
  kept.delete(asked)
  kept.set(asked, inspected)
  for (const [oldest] of kept) if (kept.size > maxKept) kept.delete(oldest)
  const { inspection, understood, stated } = inspected
  return csvInput(stated, decided(inspection, understood, stated))
}

/**
 * A text that is the same for the same options and files: a file that changes, also while it is
 * inspected, has another stamp from then on.
 */
function questionOf(path: string, stated: StatedCsv, fills: FilledTable | undefined): string {
  const { files, passedOver } = listFiles(path, stated.pattern)
  const stamps = files.map(({ name, stamp }) => [name, stamp])
  return JSON.stringify([resolve(path), stated, fills, stamps, passedOver], (_, value: unknown) =>
    value === undefined || value instanceof RegExp || typeof value === 'function' ? String(value) : value,
  )
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
