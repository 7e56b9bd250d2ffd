import type { ClaimBounds } from '../../study/claim.js'
import { type Metric, type MetricFacts, metrics } from '../../study/metric.js'
import { replicateNoun } from '../replicates/basis-words.js'
import type { Basis } from '../replicates/replicates.js'
import { type Fragment, type Phrase, phrase, prefixed, type QuotedNumber } from './phrase.js'
import { countedThings, quoted, quotedShare } from './quoted.js'

/** Words for a smaller and a larger value of a quantity. */
export type DirectionWords = Pick<MetricFacts, 'less' | 'more'>

/**
 * Writes a claimed ratio, with its numbers `least` and `most`: "5–15 % faster", "more", "a ratio of
 * 1.1 to 1.3".
 */
export function bandPhrase({ way, shares: [least, most] }: ClaimBounds, words: DirectionWords): Phrase {
  if (way !== 'ratio') return phrase`${sharesPhrase(least, most)}${words[way]}`
  if (least === 0 && most !== null) return phrase`a ratio of at most ${ratioNumber('most', most)}`
  return most === null
    ? phrase`a ratio of ${ratioNumber('least', least)} or more`
    : phrase`a ratio of ${ratioNumber('least', least)} to ${ratioNumber('most', most)}`
}

/** Writes a claim about a metric as text: "5–15 % faster". */
export function bandText(bounds: ClaimBounds, metric: Metric): string {
  return bandPhrase(bounds, metrics[metric]).text
}

function ratioNumber(name: 'least' | 'most', ratio: number): QuotedNumber {
  return quoted(name, ratio, String(ratio), `${name} ratio that is claimed`)
}

function sharesPhrase(least: number, most: number | null): Fragment {
  const percent = (name: 'least' | 'most', share: number): QuotedNumber =>
    quotedShare(name, share, `${name} that is claimed`)
  if (most === null) return least === 0 ? '' : phrase`at least ${percent('least', least)} % `
  return least === 0
    ? phrase`up to ${percent('most', most)} % `
    : phrase`${percent('least', least)}–${percent('most', most)} % `
}

/** Writes a claim with its bounds: "claim: 5–15 % faster". */
export function claimPhrase(bounds: ClaimBounds, words: DirectionWords): Phrase {
  return phrase`claim: ${prefixed('claim', bandPhrase(bounds, words))}`
}

/** Writes a margin: "within ±5 %". */
export function withinMargin(margin: number): Phrase {
  return phrase`within ±${quotedShare('margin', margin, 'largest difference that does not matter')} %`
}

/** Writes what a verdict needs: "a verdict needs at least 6 blocks", "… at least 6 sessions". */
export function floorPhrase({ minBlocks, sessions }: Pick<Basis, 'sessions'> & { readonly minBlocks: number }): Phrase {
  const noun = replicateNoun({ sessions })
  return phrase`a verdict needs at least ${countedThings('minBlocks', minBlocks, noun, `fewest ${noun}s that a verdict is given for`)}`
}
