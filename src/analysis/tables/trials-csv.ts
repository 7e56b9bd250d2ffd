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

/** Writes the CSV of `trialsCsv` to a file, replacing it. */
export function writeTrialsCsv(study: Study, path: string, options: TrialRowsOptions = {}): void {
  writeWhole(path, trialsCsv(study, options))
}
