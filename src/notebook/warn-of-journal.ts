import type { JournalWarning } from '../study/journal/journal-warning.js'
import { journalWarningWords } from '../study/journal/journal-warning-words.js'

/** Journals of which it was told that they carry no digests: that does not change, so that it is said once. */
const toldUnproven = new Set<string>()

/** Says on standard error, which a cell shows, what is wrong with a journal that is read. */
export function warnOfJournal(warning: JournalWarning): void {
  if (warning.kind === 'unproven') {
    if (toldUnproven.has(warning.journal)) return
    toldUnproven.add(warning.journal)
  }
  for (const text of journalWarningWords(warning)) console.warn(`Warning: ${text}`)
}
