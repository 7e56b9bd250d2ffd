import { checkOptions, inMessage } from '../check.js'
import * as stored from '../study/journal/studies.js'
import type { Study } from '../study/study.js'

/** Prints a warning: on standard error of a command, below a cell in a notebook. */
export function warn(text: string): void {
  console.warn(text)
}

/**
 * Reads a study from disk, with no server. Of several plans under one name it takes the one whose
 * last session began last, or the one that `hash` names. Damaged lines of its journal are not
 * counted; `onWarning`, by default `console.warn`, is called with a text about them.
 *
 * @throws `RangeError` when there is no such study, naming those there are; `JournalError` when its
 * journal cannot be read or its plan cannot be trusted.
 * @example
 * const study = readStudy('reference-workers')
 */
export function readStudy(name: string, options: stored.ReadOptions & { readonly hash?: string } = {}): Study {
  checkOptions(options, { folder: true, onWarning: true, hash: true })
  if (typeof name !== 'string') throw new TypeError(`Expected the name of a study, got ${inMessage(name)}`)
  return stored.readStudy(name, { onWarning: warn, ...options })
}

/**
 * Reads every study in a folder, `data/studies` by default, in the order of their names, and of
 * several plans under one name the one whose last session began last first. A journal that cannot
 * be read, or whose plan cannot be trusted, does not hide the others: `onWarning`, by default
 * `console.warn`, is called with a text about it.
 *
 * @throws `TypeError` for options that there are not.
 * @example
 * showTable(studyRows(readStudies()))
 */
export function readStudies(options: stored.ReadOptions = {}): Study[] {
  checkOptions(options, { folder: true, onWarning: true })
  return [...findStudies(options).studies]
}

/** `readStudies`, with the journals that could not be read. */
export function findStudies(options: stored.ReadOptions = {}): stored.FoundStudies {
  const { onWarning = warn } = options
  const found = stored.findStudies({ ...options, onWarning })
  for (const error of found.refused) onWarning(error.message)
  return found
}
