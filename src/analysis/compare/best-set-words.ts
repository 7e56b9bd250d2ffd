import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import { levelPhrase, subjectPhrase } from '../text/levels.js'
import { describedAs, listed, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { countedThings, quotedCount, quotedShare } from '../text/quoted.js'
import { type BestSet, bestMean } from './best-set.js'

/**
 * States which levels may be the best: "10K: not shown to be worse than the best: 2 workers alone
 * …".
 */
export function bestSetWords(set: BestSet): Phrase {
  const { study, at, fixed, best, level, candidates, over } = set
  const where = subjectPhrase(fixed)
  if (!best) return phrase`${where}${tooFewBlocks(set)}`
  const first = bestMean(set)!
  const names = listed(best.map(({ treatment }, k) => prefixed(`best.${k + 1}`, levelPhrase(over, treatment))))
  const alone = best.length === 1 ? ' alone' : ''
  const lowest = prefixed('lowest', levelPhrase(over, first.treatment))
  const levels = countedThings('levels', candidates.length, 'level', 'levels that were compared')
  const basis = phrase`${levels}, ${basisPhrase(set, 'complete blocks')}`
  const sentence = phrase`${where}not shown to be worse than the best: ${names}${alone} (lowest mean: ${lowest}), of ${basis}, ${quotedShare('level', level, 'level of all intervals together')} % sure of all at once`
  return describedAs(`best set of ${study}${at === '' ? '' : ` at ${at}`}`, sentence)
}

/** States why there is no best set: "a best set needs at least 6 complete blocks, there are 3". */
export function tooFewBlocks({ minBlocks, ...basis }: Pick<BestSet, 'blocks' | 'sessions' | 'minBlocks'>): Phrase {
  const count = replicateCount(basis)
  const noun = replicateNoun(basis)
  const thing = noun === 'block' ? 'complete block' : 'session'
  const least = countedThings('minBlocks', minBlocks, thing, `fewest ${noun}s that have a best set`)
  const there = quotedCount(`${noun}s`, count, `${thing}s`)
  return phrase`a best set needs at least ${least}, there ${count === 1 ? 'is' : 'are'} ${there}`
}
