import { numericTokens, tokenValue } from './numeric-tokens.js'
import type { QuotedNumber } from './phrase.js'
import { quoted } from './quoted.js'

/**
 * The numbers in words that are a source of their own and were not computed: a statement of the note, the name of a processor. Named `<name>.1`,
 * `<name>.2`, … in their order.
 */
export function numbersInWords(name: string, words: string, meaning: string): QuotedNumber[] {
  return numericTokens(words).map(({ text }, k) =>
    quoted(`${name}.${k + 1}`, tokenValue(text), text, `${meaning}: ${words}`),
  )
}
