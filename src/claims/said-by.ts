import { bandOfFacts } from '../analysis/compare/verdict.js'
import type { Phrase, QuotedNumber } from '../analysis/text/phrase.js'
import type { Claim } from '../study/claim.js'
import { type Metric, type MetricFacts, metrics } from '../study/metric.js'

/** What a result of the analysis says: the one place where claims ask for its words. */
export function saidBy({
  sentence,
  numbers,
}: {
  readonly sentence: string
  readonly numbers: readonly QuotedNumber[]
}): Phrase {
  return { text: sentence, numbers }
}

/** What is claimed of a metric, in words: "5–15 % faster". */
export function bandWords(claim: Claim, metric: Metric): Phrase {
  return wordsOfBand(claim, metrics[metric], metric)
}

/** What is claimed of a spread, in words: "less". */
export function spreadBandWords(claim: Claim): Phrase {
  return wordsOfBand(claim, { goal: 'min', kind: 'amount', less: 'less', more: 'more' }, 'a spread')
}

function wordsOfBand(claim: Claim, facts: Pick<MetricFacts, 'goal' | 'kind' | 'less' | 'more'>, name: string): Phrase {
  const { text, numbers } = bandOfFacts(claim, facts, name)
  return { text, numbers }
}
