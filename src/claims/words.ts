import type { Phrase } from '../analysis/text/phrase.js'
import { type AnalysisResult, analysisWords } from '../analysis/words.js'
import { designWords } from './design/design-words.js'
import type { StudyDesign } from './design/study-design.js'
import type { ClaimVerdict } from './judge-claims.js'
import type { Question } from './question.js'
import { claimVerdictWords } from './words/claim-words.js'
import { questionWords } from './words/question-words.js'

/**
 * A result that has words: of the analysis, a verdict on a claim, or the size of a study that is to
 * give one. Plain data; `result` names its kind.
 */
export type Result = AnalysisResult | ClaimVerdict | Question | StudyDesign

/**
 * Returns the sentences of a result, each with the numbers in it. Most results have one sentence.
 * An explanation has two, what changed and whether that is contention or the client, and a third
 * where the waits for locks are known; of one treatment, up to three, the activities, the sides,
 * and the client's own work; deviations begin with the preregistration; controls have none where
 * the study has none; a design has one for blocks, one for sessions and one for what it assumes.
 *
 * @example
 * const [sentence] = wordsOf(compare(study, { a: { workers: 2 }, b: { workers: 4 } }))
 */
export function wordsOf(result: Result): readonly Phrase[] {
  switch (result.result) {
    case 'claim-verdict':
      return [claimVerdictWords(result)]
    case 'question':
      return questionWords(result)
    case 'study-design':
      return designWords(result)
    default:
      return analysisWords(result)
  }
}

/**
 * Returns the sentences of results as text, in order.
 *
 * @example
 * console.log(sentencesOf(explain(study, { from: { workers: 2 }, to: { workers: 4 } })).join('\n'))
 */
export function sentencesOf(...results: readonly Result[]): string[] {
  return results.flatMap((result) => wordsOf(result).map(({ text }) => text))
}
