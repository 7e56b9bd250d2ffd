import type { Phrase } from '../analysis/text/phrase.js'
import { planSentences } from '../analysis/validity/deviations-words.js'
import { standingWords } from '../analysis/validity/disturbed/busy-host-words.js'
import { threatSentence } from '../analysis/validity/threat-words.js'
import { inMessage } from '../check.js'
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
  if (typeof said === 'object' && 'result' in said) return ownSentences(said)
  if (typeof said === 'object' && 'text' in said && 'numbers' in said) return [said]
  throw new TypeError(`Expected results of copylab/analysis, phrases or text to say, got ${inMessage(said)}`)
}

/**
 * A result in sentences that stand by themselves in a list, where its words say a part of it: a
 * plan, what threatens validity, and a recommendation from a study that others disturbed.
 */
function ownSentences(result: Result): readonly Phrase[] {
  switch (result.result) {
    case 'deviations':
      return planSentences(result)
    case 'threat':
      return [threatSentence(result)]
    case 'recommendation':
      return [...(result.busyHost ? [standingWords(result.busyHost)] : []), ...wordsOf(result)]
    default:
      return wordsOf(result)
  }
}

function isList(said: Sayable): said is readonly Sayable[] {
  return Array.isArray(said)
}
