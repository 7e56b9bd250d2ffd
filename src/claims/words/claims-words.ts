import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { verbatim } from '../../analysis/text/verbatim.js'
import type { Claims } from '../claims.js'

/**
 * States what is put to the test: the title of the claims and the first of them; nothing for no
 * claims.
 *
 * @example
 * say(claimsWords(readClaims()))
 */
export function claimsWords({ title, claims }: Pick<Claims, 'title' | 'claims'>): Phrase[] {
  const [first] = claims
  if (!first) return []
  const what = title === null ? 'claims about such loads' : verbatim('title', title, 'title of the claims')
  return [phrase`What is put to the test: ${what}; the first of them: ${verbatim('claim', first.claim, 'claimed')}`]
}
