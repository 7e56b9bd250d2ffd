import type { Phrase } from '../../analysis/text/phrase.js'
import type { Claims } from '../claims.js'
import { noteArithmetic, noteArithmeticWords } from './note-arithmetic.js'
import type { ReportedNote } from './reported-note.js'

/**
 * The statements of the working note in addition to its claims, and the results that follow from
 * its own numbers.
 */
export interface Note extends ReportedNote {
  /**
   * Limits that follow from the note's own numbers, in sentences that `say` takes; empty for a note
   * without a complete run and predicted insert times.
   */
  readonly arithmetic: readonly Phrase[]
}

/**
 * The working note that came with a file of claims, such as `data/claims.json`.
 *
 * @throws `RangeError` for claims without one.
 * @example
 * say(noteOf(readClaims()).arithmetic)
 */
export function noteOf({ note }: Pick<Claims, 'note'>): Note {
  const { records, runs, predicted } = (note ?? {}) as Partial<ReportedNote>
  if (typeof records === 'number' && Array.isArray(runs) && predicted) {
    const reported = { records, runs, predicted }
    const isComplete = runs.some(({ totalMs }) => totalMs !== null) && predicted.insertMs !== undefined
    return { ...reported, arithmetic: isComplete ? noteArithmeticWords(noteArithmetic(reported)) : [] }
  }
  throw new RangeError(
    'Expected claims with a `note` of `records`, `runs` and `predicted`, as data/claims.json has, got claims without',
  )
}
