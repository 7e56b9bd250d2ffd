import { numericTokens, tokenValue } from './numeric-tokens.js'
import type { Phrase } from './phrase.js'
import { quoted } from './quoted.js'

/**
 * Returns a phrase of words copied verbatim, with the numbers in them: a statement of the note, the
 * name of a processor, a server's reason. The numbers are named `<name>.1`, `<name>.2`, … in their
 * order. Not for sentences whose numbers were computed: those are phrases from the start.
 */
export function verbatim(name: string, words: string, meaning: string): Phrase {
  const numbers = numericTokens(words).map(({ text }, k) =>
    quoted(`${name}.${k + 1}`, tokenValue(text), text, `${meaning}: ${words}`),
  )
  return { text: words, numbers }
}
