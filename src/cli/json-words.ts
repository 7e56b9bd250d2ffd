import { tooFewBlocks } from '../analysis/compare/best-set-words.js'
import { spreadFacts } from '../analysis/compare/compare-spread.js'
import { reasonWords } from '../analysis/explain/explain-words.js'
import { recommendationMethodWords } from '../analysis/recommend/recommendation-words.js'
import { caveatWords, resultWords } from '../analysis/tables/diff-studies-words.js'
import { bandPhrase } from '../analysis/text/claim-words.js'
import { claimVerdictRows, metrics, type Result, wordsOf } from '../entries/analysis.js'

/**
 * A value as `--json` prints it: every result in it, at whatever depth, has in addition to its
 * numbers the sentences that state them (`sentence`, or the field that replaces it) and the
 * `numbers` in those sentences.
 */
export function withWords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withWords)
  if (typeof value !== 'object' || value === null) return value
  const inner = Object.fromEntries(Object.entries(value).map(([name, member]) => [name, withWords(member)]))
  return 'result' in value ? { ...inner, ...wordFields(value as Result) } : inner
}

/** The fields of a result that are words, or made of words. */
function wordFields(result: Result): object {
  const phrases = wordsOf(result)
  const texts = phrases.map(({ text }) => text)
  const numbers = phrases.flatMap((one) => one.numbers)
  switch (result.result) {
    case 'comparison':
      return {
        claim: { ...result.claim, ...bandPhrase(result.claim, metrics[result.metric]) },
        sentence: texts[0],
        numbers,
      }
    case 'spread-comparison':
      return { claim: { ...result.claim, ...bandPhrase(result.claim, spreadFacts) }, sentence: texts[0], numbers }
    case 'controls':
      return { sentence: texts[0] ?? null, numbers }
    case 'best-set':
      return { reason: result.best ? null : tooFewBlocks(result).text, sentence: texts[0], numbers }
    case 'recommendation':
      return { sentence: texts[0], sentences: texts, method: recommendationMethodWords(result.method).text, numbers }
    case 'explanation':
      return { sentence: texts[0], sentences: texts, reason: reasonWords(result.reason).text, numbers }
    case 'causes':
    case 'time-spent':
      return { sentences: texts, numbers }
    case 'finding':
      return { message: texts[0], numbers }
    case 'deviations':
      return { preregistered: result.preregistered && texts[0], deviations: texts.slice(1), numbers }
    case 'study-differences':
      return {
        caveat: caveatWords(result).text,
        results: result.results.map((one) => ({ ...one, sentence: resultWords(one, result.metric).text })),
        sentences: texts,
      }
    case 'study-design':
      return {
        claim: { ...result.claim, ...bandPhrase(result.claim, metrics[result.metric]) },
        sentences: texts,
        numbers,
      }
    case 'claim-verdict':
      return { ...claimVerdictRows([result])[0], sentence: texts[0], numbers, found: undefined }
    default:
      return { sentence: texts[0], numbers }
  }
}
