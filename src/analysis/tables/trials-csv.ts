import { inMessage } from '../../check.js'
import type { Study } from '../../study/study.js'
import { writeWhole } from '../../writable.js'
import { type TrialRowsOptions, trialRows } from './rows.js'
import { tableCsv } from './tables.js'

/**
 * Returns a study's trials as CSV (RFC 4180, lines end in a newline), one line per trial with the
 * columns of `trialRows`; by default of the completed, measured trials. Numbers are written in
 * full, null as nothing; of no trials, an empty text.
 */
export function trialsCsv(study: Study, options: TrialRowsOptions = {}): string {
  return tableCsv(trialRows(study, options))
}

/**
 * Writes a study's trials to a CSV file (RFC 4180), over what is there: one line per completed,
 * measured trial, with its place, its treatment and its measures in full. A value that is null is
 * empty.
 *
 * @throws `Error` naming the file where it cannot be written; `RangeError` for an unknown phase or
 * state.
 * @example
 * writeTrialsCsv(study, 'trials.csv')
 */
export function writeTrialsCsv(study: Study, path: string, options: TrialRowsOptions = {}): void {
  if (typeof path !== 'string') throw new TypeError(`Expected the path of a file to write, got ${inMessage(path)}`)
  writeWhole(path, trialsCsv(study, options))
}
