import { basisPhrase, replicateNoun } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import { formatNumber } from '../tables/tables.js'
import { claimPhrase, floorPhrase, withinMargin } from '../text/claim-words.js'
import { describedAs, type Phrase, phrase } from '../text/phrase.js'
import { clocksPhrase } from '../text/program-clock.js'
import { countedThings } from '../text/quoted.js'
import { contrastPhrase, measuredPhrase, metricPhrase, percentPhrase } from '../text/sentence.js'
import { type SpreadComparison, spreadFacts } from './compare-spread.js'

/** States how much more or less the first treatment varies than the second, with the verdict. */
export function spreadWords(comparison: SpreadComparison): Phrase {
  const { metric, estimate, verdict, claim, minBlocks, margin } = comparison
  const contrast = contrastPhrase(comparison)
  const subject = phrase`${contrast}: spread (SD of log ${metricPhrase(metric)}${comparison.sessions === null ? '' : ', of the means of sessions'})`
  const claimed = phrase`(${claimPhrase(claim, spreadFacts)})`
  const basis = basisPhrase(comparison)
  const count = replicateCount(comparison)
  const noun = replicateNoun(comparison)
  if (!estimate) {
    const fewest = countedThings('minSpread', 2, noun, `fewest ${noun}s that have a spread`)
    const reason = count < 2 ? phrase`not known below ${fewest}` : phrase`none, the values are all equal`
    return phrase`${subject} ${reason}, ${basis}: ${verdict} ${claimed}`
  }
  const ratio = (value: number): string => formatNumber(value, value < 1 ? 2 : value < 10 ? 1 : 0)
  const spreads = phrase`${percentPhrase('a.spread', estimate.sdA, 'spread of the first')} against ${percentPhrase('b.spread', estimate.sdB, 'spread of the second')}`
  const measured = phrase`${spreads}, ratio ${measuredPhrase(estimate, ratio, 'ratio of the spreads')}`
  const within = verdict === 'equivalent' ? phrase`, ${withinMargin(margin)}` : ''
  const floor = count < minBlocks ? phrase`; ${floorPhrase(comparison)}` : ''
  return describedAs(
    contrast.text,
    phrase`${subject} ${measured}, ${basis}: ${verdict}${within} ${claimed}${floor}${clocksPhrase(comparison.clocks)}`,
  )
}
