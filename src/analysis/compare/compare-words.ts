import { metrics } from '../../study/metric.js'
import { basisPhrase, componentsPhrase, replicateNoun } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import { claimPhrase, floorPhrase, withinMargin } from '../text/claim-words.js'
import { describedAs, type Fragment, type Phrase, phrase, prefixed } from '../text/phrase.js'
import { clocksPhrase } from '../text/program-clock.js'
import { countedThings, quotedShare } from '../text/quoted.js'
import { contrastPhrase, estimatePhrase, metricPhrase } from '../text/sentence.js'
import { partsWords } from '../verdict/verdict-words.js'
import type { Comparison } from './compare.js'

/**
 * States a comparison's answer: what was compared, by how much, how sure, on how many blocks, the
 * verdict, and what would decide it.
 */
export function comparisonWords(comparison: Comparison): Phrase {
  const { metric, estimate, components } = comparison
  const contrast = contrastPhrase(comparison)
  const subject = metric === 'totalMs' ? contrast : phrase`${contrast}, ${metricPhrase(metric)}`
  const basis = estimate ? phrase`, ${basisPhrase(comparison)}` : ''
  const varies = components ? phrase`; ${componentsPhrase(components)}` : ''
  const answer = phrase`${subject}: ${differenceOrNone(comparison)}${basis}: ${verdictPhrase(comparison)}`
  return describedAs(
    `${contrast.text}, ${metrics[metric].label}`,
    phrase`${answer}${varies}${putBackPhrase(comparison)}${clocksPhrase(comparison.clocks)}`,
  )
}

/**
 * States a comparison in short, for the line of progress: "2 workers vs 4 at 10K: 4.4 % less time
 * (95 % CI 2.7 to 6.1), undecided". A single block has a value and no interval, and the text says
 * so.
 */
export function soFarText(comparison: Comparison): string {
  const { contrast, estimate, verdict, metric } = comparison
  if (!estimate) return `${contrast}: no block with both yet`
  const measured = `${contrast}: ${estimatePhrase(estimate, metric).text}`
  return estimate.interval
    ? `${measured}, ${verdict}`
    : `${measured.replace(', no interval', '')} in 1 ${replicateNoun(comparison)}, which tells nothing yet`
}

function putBackPhrase({ withExcluded, metric }: Comparison): Fragment {
  if (!withExcluded) return ''
  const { estimate, verdict } = withExcluded
  const other = phrase`${differenceOrNone({ metric, estimate })}, ${basisPhrase(withExcluded)}`
  return phrase`; with the excluded trials put back: ${prefixed('withExcluded', other)}: ${verdict}`
}

function differenceOrNone({ estimate, metric }: Pick<Comparison, 'estimate' | 'metric'>): Fragment {
  return estimate ? estimatePhrase(estimate, metric) : 'no block with both'
}

function verdictPhrase(comparison: Comparison): Phrase {
  const { verdict, margin } = comparison
  const parts = partsWords(comparison, margin)
  const claimed = claimOf(comparison)
  switch (verdict) {
    case 'supported':
    case 'refuted':
      return phrase`${verdict} (${claimed}; ${parts})`
    case 'equivalent':
      return phrase`equivalent, ${withinMargin(margin)} (${claimed}; ${parts})`
    case 'undecided':
      return undecidedPhrase(comparison)
    default:
      return assertNever(verdict)
  }
}

function claimOf({ claim, metric }: Comparison): Phrase {
  return claimPhrase(claim, metrics[metric])
}

function undecidedPhrase(comparison: Comparison): Phrase {
  const { minBlocks, claim, margin, blocksToDecide, sessionsToDecide, better } = comparison
  const count = replicateCount(comparison)
  const more = `more ${replicateNoun(comparison)}s`
  if (count < minBlocks) return phrase`undecided (${claimOf(comparison)}); ${floorPhrase(comparison)}`
  const undecided = phrase`undecided (${claimOf(comparison)}; ${partsWords(comparison, margin)})`
  if (better !== null) return phrase`${undecided}; ${more} narrow the interval`
  if (blocksToDecide === null) return undecided
  if (count >= (sessionsToDecide ?? blocksToDecide))
    return phrase`${undecided}; the interval crosses a bound of the claim, and narrows with ${more}`
  const effect = quotedShare('minEffect', claim.least > 0 ? claim.least : margin, 'least difference that matters')
  const fresh = countedThings('blocksToDecide', blocksToDecide, 'block', 'blocks that would tell it from none')
  const needed =
    sessionsToDecide === null
      ? fresh
      : phrase`${fresh} in ${countedThings('sessionsToDecide', sessionsToDecide, 'session')}`
  return phrase`${undecided}; about ${needed} would tell ${effect} % from no difference`
}

function assertNever(verdict: never): never {
  throw new TypeError(`Unknown verdict ${String(verdict)}`)
}
