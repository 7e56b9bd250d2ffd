/**
 * Lists of numbers that notebooks handed to `showNumbers` before `say`, `showTable` and `show`
 * handed on the numbers of what they show.
 */

import { methodNumbers as constants } from '../../analysis/text/method-numbers.js'
import type { Phrase, QuotedNumber } from '../../analysis/text/phrase.js'
import { type MentionedValues, settingsNumbers } from '../../analysis/text/setting-numbers.js'
import type { Claims } from '../../claims/claims.js'
import type { ReportedNote } from '../../claims/note/reported-note.js'
import { statedClaimWords } from '../../claims/words/claim-words.js'
import { type Result, wordsOf } from '../../claims/words.js'

/** Values that `quotedNumbers` takes: results, phrases, lists of numbers, values that were set. */
export type Quotable = Result | Phrase | QuotedNumber | MentionedValues | readonly Quotable[]

/**
 * The constants of the method that a text may name.
 *
 * @deprecated An exported chapter knows them by itself.
 */
export const methodNumbers: () => QuotedNumber[] = constants

/**
 * The numbers that the words of results quote, each named by the result's name and its own.
 *
 * @deprecated `say`, `showTable` and `show` hand on the numbers of what they show.
 */
export function quotedNumbers(results: { readonly [name: string]: Quotable }): QuotedNumber[] {
  return Object.entries(results).flatMap(([name, value]) => named(name, numbersIn(value)))
}

/**
 * The numbers of the working note's runs.
 *
 * @deprecated `showTable(note.runs)` hands them on.
 */
export function noteNumbers({ records, runs }: ReportedNote): QuotedNumber[] {
  const inSeconds = runs.map(({ workers, batchSize, totalMs, insertMs, recordsPerSecond }) => ({
    workers,
    batchSize,
    total: totalMs === null ? null : totalMs / 1000,
    insert: insertMs / 1000,
    recordsPerSecond,
  }))
  return settingsNumbers({ records, runs: inSeconds })
}

/**
 * The numbers in the words of claims, by the claims' ids.
 *
 * @deprecated `showTable(claims)` hands them on.
 */
export function claimsNumbers({ claims }: Pick<Claims, 'claims'>): QuotedNumber[] {
  return claims.flatMap((claim) => named(claim.id, statedClaimWords(claim).numbers))
}

function numbersIn(value: Quotable): readonly QuotedNumber[] {
  if (isList(value)) return value.flatMap((one, k) => (isNumber(one) ? [one] : named(String(k + 1), numbersIn(one))))
  if (typeof value !== 'object' || value === null)
    return settingsNumbers(value).map((one) => ({ ...one, name: 'value' }))
  if (isNumber(value)) return [value]
  if (isResult(value)) return wordsOf(value).flatMap(({ numbers }) => numbers)
  if (isPhrase(value)) return value.numbers
  return settingsNumbers(value)
}

const isList = (value: Quotable): value is readonly Quotable[] => Array.isArray(value)
const isResult = (value: object): value is Result => 'result' in value
const isPhrase = (value: object): value is Phrase => 'numbers' in value && 'text' in value
const isNumber = (value: Quotable): value is QuotedNumber =>
  typeof value === 'object' && value !== null && 'meaning' in value && 'text' in value

function named(name: string, numbers: readonly QuotedNumber[]): QuotedNumber[] {
  return numbers.map((number) => ({ ...number, name: `${name}.${number.name}` }))
}
