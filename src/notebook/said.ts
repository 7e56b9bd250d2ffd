import type { Phrase } from '../analysis/text/phrase.js'
import { type Result, wordsOf } from '../claims/words.js'

/**
 * Values that a cell can say: results, phrases, plain sentences, lists of them; null and undefined
 * say nothing.
 */
export type Sayable = Result | Phrase | string | null | undefined | readonly Sayable[]

/**
 * The sentences of values, one by one; a plain sentence has no numbers. Throws `TypeError` for a
 * value that has no words.
 */
export function saidPhrases(said: Sayable): readonly Phrase[] {
  if (said === null || said === undefined) return []
  if (typeof said === 'string') return [{ text: said, numbers: [] }]
  if (isList(said)) return said.flatMap(saidPhrases)
  if (typeof said === 'object' && 'result' in said) return wordsOf(said)
  if (typeof said === 'object' && 'text' in said && 'numbers' in said) return [said]
  throw new TypeError(
    `Expected results of copylab/analysis, phrases or text to say, got ${JSON.stringify(said) ?? typeof said}`,
  )
}

function isList(said: Sayable): said is readonly Sayable[] {
  return Array.isArray(said)
}
