import { fullName } from '../../project.js'
import type { DamagedLine } from '../study.js'
import type { JournalContents } from './journal.js'
import type { JournalError } from './journal-error.js'

/** What a reader of journals has to know, beside what they hold. */
export type JournalWarning =
  | { readonly kind: 'damaged'; readonly journal: string; readonly damaged: readonly DamagedLine[] }
  /** Lines of it were written before lines carried digests. */
  | { readonly kind: 'unproven'; readonly journal: string }
  /** A journal that cannot be read, beside others that can. */
  | { readonly kind: 'refused'; readonly journal: string; readonly error: JournalError }

/** What a reader has to know of a journal that was read. */
export function warningsOf(path: string, { damaged, unproven }: JournalContents): JournalWarning[] {
  const journal = fullName(path)
  return [
    ...(damaged.length > 0 ? [{ kind: 'damaged', journal, damaged } as const] : []),
    ...(unproven ? [{ kind: 'unproven', journal } as const] : []),
  ]
}
