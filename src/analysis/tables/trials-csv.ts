import type { Study } from '../../study/study.js'
import { writeWhole } from '../../writable.js'
import { type TrialRowsOptions, trialRows } from './rows.js'
import { tableCsv } from './tables.js'

/**
 * A study's trials as CSV (RFC 4180, lines end in a newline), one line per trial with the columns
 * of `trialRows`; the completed, measured trials unless told. Numbers are written in full, null as
 * nothing; of no trials, an empty text.
 */
export function trialsCsv(study: Study, options: TrialRowsOptions = {}): string {
  return tableCsv(trialRows(study, options))
}

/** Writes what `trialsCsv` gives to a file, over what is there. */
export function writeTrialsCsv(study: Study, path: string, options: TrialRowsOptions = {}): void {
  writeWhole(path, trialsCsv(study, options))
}
