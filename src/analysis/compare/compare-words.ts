import { type Metric, metrics } from '../../study/metric.js'
import type { Interval } from '../statistics/estimate.js'
import { claimPhrase, floorPhrase, withinMargin } from '../text/claim-words.js'
import { about, type Part, type Phrase, phrase, under } from '../text/phrase.js'
import { countedThings, quotedShare } from '../text/quoted.js'
import { contrastPhrase, differenceText, estimatePhrase, metricPhrase, percentText } from '../text/sentence.js'
import type { Comparison } from './compare.js'

/** A comparison's answer in words: what was compared, by how much, how sure, on how many blocks, the verdict, and what would decide it. */
export function comparisonWords(comparison: Comparison): Phrase {
  const { metric, estimate, blocks } = comparison
  const contrast = contrastPhrase(comparison)
  const subject = metric === 'totalMs' ? contrast : phrase`${contrast}, ${metricPhrase(metric)}`
  const basis = estimate ? phrase`, ${countedThings('blocks', blocks, 'block')}` : ''
  const answer = phrase`${subject}: ${differenceOrNone(comparison)}${basis}: ${verdictPhrase(comparison)}`
  return about(`${contrast.text}, ${metrics[metric].label}`, phrase`${answer}${putBackPhrase(comparison)}`)
}

/**
 * A comparison in short, for the line of progress: "2 workers vs 4 at 10K: 4.4 % faster (95 % CI 2.7 to 6.1), undecided". A single block has a value and
 * no interval, and says so.
 */
export function soFarText({ contrast, estimate, verdict, level, metric }: Comparison): string {
  if (!estimate) return `${contrast}: no block with both yet`
  const value = differenceText(estimate.value, metric)
  if (!estimate.interval) return `${contrast}: ${value} in 1 block, which tells nothing yet`
  const percent = Number((level * 100).toPrecision(4))
  return `${contrast}: ${value} (${percent} % CI ${rangeText(estimate.interval, metric)}), ${verdict}`
}

/** The bounds of a ratio as differences: "2.7 to 6.1" of what the estimate is, "30 % slower to 29 % faster" on both sides of no difference. */
function rangeText({ lower, upper }: Interval, metric: Metric): string {
  if (lower < 1 && upper > 1) return `${differenceText(upper, metric)} to ${differenceText(lower, metric)}`
  const [least, most] = [lower, upper].map((bound) => Math.abs(bound - 1) * 100).sort((one, other) => one - other)
  return `${percentText(least!)} to ${percentText(most!)}`
}

function putBackPhrase({ withExcluded, metric }: Comparison): Part {
  if (!withExcluded) return ''
  const { estimate, blocks, verdict } = withExcluded
  const other = phrase`${differenceOrNone({ metric, estimate })}, ${countedThings('blocks', blocks, 'block')}`
  return phrase`; with the excluded trials put back: ${under('withExcluded', other)}: ${verdict}`
}

function differenceOrNone({ estimate, metric }: Pick<Comparison, 'estimate' | 'metric'>): Part {
  return estimate ? estimatePhrase(estimate, metric) : 'no block with both'
}

function verdictPhrase(comparison: Comparison): Phrase {
  const { verdict, margin } = comparison
  const claimed = claimOf(comparison)
  switch (verdict) {
    case 'supported':
      return phrase`supported (${claimed})`
    case 'refuted':
      return phrase`refuted (${claimed}${isMoreThanClaimed(comparison) ? ', it is more' : ''})`
    case 'equivalent':
      return phrase`equivalent, ${withinMargin(margin)} (${claimed})`
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
  const { blocks, leastBlocks, claim, margin, blocksToDecide, better, estimate, metric } = comparison
  const undecided = phrase`undecided (${claimOf(comparison)})`
  if (blocks < leastBlocks) return phrase`${undecided}; ${floorPhrase(leastBlocks)}`
  if (better !== null && estimate) {
    const { less, more } = metrics[metric]
    return phrase`${undecided}; it is ${estimate.value < 1 ? less : more}, but by how much is open until more blocks narrow the interval`
  }
  if (blocksToDecide === null) return undecided
  if (blocks >= blocksToDecide)
    return phrase`${undecided}; the interval crosses a bound of the claim, and narrows with more blocks`
  const effect = quotedShare('leastEffect', claim.least > 0 ? claim.least : margin, 'least difference that matters')
  const needed = countedThings('blocksToDecide', blocksToDecide, 'block', 'blocks that would tell it from none')
  return phrase`${undecided}; about ${needed} would tell ${effect} % from no difference`
}

function isMoreThanClaimed({ estimate, claim }: Pick<Comparison, 'estimate' | 'claim'>): boolean {
  if (!estimate || claim.least === 0) return false
  return claim.lower >= 1 ? claim.upper !== null && estimate.value > claim.upper : estimate.value < claim.lower
}

function assertNever(verdict: never): never {
  throw new TypeError(`Unknown verdict ${String(verdict)}`)
}
