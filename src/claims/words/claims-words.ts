import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { verbatim } from '../../analysis/text/verbatim.js'
import type { Claims } from '../claims.js'

/**
 * States what is put to the test: the title of the claims, their source, and the first of them;
 * nothing for no claims.
 *
 * @example
 * say(claimsWords(readClaims()))
 */
export function claimsWords({ title, source, claims }: Pick<Claims, 'title' | 'source' | 'claims'>): Phrase[] {
  const [first] = claims
  if (!first) return []
  const named = title === null ? 'claims about such loads' : verbatim('title', title, 'title of the claims')
  const what = source === null ? named : phrase`${named} (${verbatim('source', source, 'source of the claims')})`
  return [phrase`What is put to the test: ${what}; the first of them: ${verbatim('claim', first.claim, 'claimed')}`]
}
