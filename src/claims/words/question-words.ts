import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { contrastWords, levelWordsOf } from '../../analysis/text/selection-words.js'
import { verdictRulesWords } from '../../analysis/verdict/verdict-words.js'
import { type Question, statedBatchSize } from '../question.js'

/**
 * States a question: the rules by which a claim is judged; what is asked where no claim is, and,
 * where the comparison is not the one that the claim states, that it decides nothing about the
 * claim.
 */
export function questionWords(question: Question): readonly Phrase[] {
  const { id, a, b, at, stated } = question
  if (id === null || stated === null)
    return [...verdictRulesWords(), phrase`What is asked is whether the first is slower: ${contrastWords(a, b)}`]
  const otherWorkers = a.workers !== stated.a.workers || b.workers !== stated.b.workers
  const own = statedBatchSize(stated)
  return [
    ...verdictRulesWords(),
    ...(otherWorkers
      ? [
          phrase`${id} is about ${contrastWords(stated.a, stated.b)}, which was not measured: the comparison here is ${contrastWords(a, b)}, and decides nothing about ${id}`,
        ]
      : own !== null && own !== at.batchSize
        ? [otherBatchSizePhrase(id, own, at.batchSize)]
        : []),
  ]
}

/** States that a comparison at another batch size than a claim's decides nothing about it. */
export function otherBatchSizePhrase(id: string, own: number, used: number): Phrase {
  const [stated, compared] = [own, used].map((size) => levelWordsOf('batchSize', size))
  return phrase`${id} is about batches of ${stated!}, which were not measured: the comparison here is at ${compared!}, and decides nothing about ${id}`
}
