import { type Result, sentencesOf } from '../../src/entries/analysis.js'

/** The sentence of a result; the first of several. */
export function sentenceOf(result: Result): string {
  return sentencesOf(result)[0] ?? ''
}
