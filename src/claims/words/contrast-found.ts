import { type Phrase, phrase } from '../../analysis/text/phrase.js'
import { contrastWords } from '../../analysis/text/selection-words.js'
import { estimatePhrase } from '../../analysis/text/sentence.js'
import { factorNames } from '../../study/treatment.js'
import { type FoundContrast, levelsAt } from '../tests/judged.js'

/**
 * States the finding of a contrast: "2 workers vs 4 at 10K: 3.7 % less time (95 % CI 1.7 to 5.7)".
 */
export function contrastFound({ comparison, named }: FoundContrast): Phrase {
  const { estimate, metric } = comparison
  const measured = estimate ? estimatePhrase(estimate, metric) : 'no block with both'
  return phrase`${treatmentsWords(comparison, named)}: ${measured}`
}

/**
 * Writes two treatments, by the levels in which they differ and those that distinguish them from
 * others of their study.
 */
export function treatmentsWords(
  { a, b }: Pick<FoundContrast['comparison'], 'a' | 'b'>,
  named: FoundContrast['named'],
): Phrase {
  const differing = factorNames.filter((factor) => a[factor] !== b[factor])
  const shown = factorNames.filter((factor) => ['workers', 'batchSize', ...differing, ...named].includes(factor))
  return contrastWords(levelsAt(a, shown), levelsAt(b, shown))
}
