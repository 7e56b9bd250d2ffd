import { warnOfJournal } from '../notebook/warn-of-journal.js'
import { type ReadOptions, readStudies as readAll, readStudy as readOne } from '../study/journal/studies.js'
import type { Study } from '../study/study.js'

/**
 * Reads a study from disk, with no server. Of several plans under one name it takes the one whose last session began last, or the
 * one that `hash` names. Lines of its journal that are damaged are not counted, and told to `onWarning`: unless told, on standard error. Throws `RangeError`
 * when there is no such study, naming those there are, and `JournalError` where its journal cannot be read.
 */
export function readStudy(name: string, options: ReadOptions & { readonly hash?: string } = {}): Study {
  return readOne(name, { onWarning: warnOfJournal, ...options })
}

/**
 * Every study in a folder, by name, and of several plans under one name the one whose last session began last first. Damage, and a journal that cannot be
 * read, is told to `onWarning`: unless told, on standard error. It hides no other study.
 */
export function readStudies(options: ReadOptions = {}): Study[] {
  return readAll({ onWarning: warnOfJournal, ...options })
}
