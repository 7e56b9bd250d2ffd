import { escapeMarkdown } from '../../format.js'
import type { Phrase } from './phrase.js'
import { verbatim } from './verbatim.js'

/**
 * Returns sentences about what an input does not state and was found out from its files, with the
 * numbers in them; none for an input that states everything.
 *
 * @example
 * say(inputWords(await inspected(csv('my-data'))))
 */
export function inputWords({ found = [] }: { readonly found?: readonly string[] }): Phrase[] {
  return found.map((sentence) => ({
    ...verbatim('input', sentence, 'found out from the files'),
    markdown: sentence
      .split(/(`[^`]+`)/)
      .map(codeOrText)
      .join(''),
  }))
}

/** Names of columns stand between backticks, every second part. */
function codeOrText(part: string, place: number): string {
  return place % 2 === 1 ? part : escapeMarkdown(part)
}
