import type { ClaimBounds } from '../../study/claim.js'
import type { Interval } from '../statistics/estimate.js'
import type { Rule } from './rule.js'

/** What one interval shows about a claim, by `verdictRules`. */
export type Verdict = 'supported' | 'refuted' | 'equivalent' | 'undecided'

/** Number of blocks below which no verdict is given, however low the level. */
export const minJudgedBlocks = 6

/**
 * The basis of a verdict: a ratio's interval, the claim about the ratio, and the largest difference
 * that does not matter, as a share.
 */
export interface Judged {
  readonly interval: Interval
  readonly claim: ClaimBounds
  readonly margin: number
}

/**
 * Returns whether an interval lies within the margin of no difference, 1/(1 + margin) to 1 +
 * margin.
 */
export function isInMargin({ lower, upper }: Interval, margin: number): boolean {
  return lower >= 1 / (1 + margin) && upper <= 1 + margin
}

function isInBand({ interval, claim }: Judged): boolean {
  return interval.lower >= claim.lower && interval.upper <= greatest(claim)
}

const greatest = ({ upper }: ClaimBounds): number => upper ?? Number.POSITIVE_INFINITY

/**
 * Returns whether a verdict is true where the ratio is known: supported and refuted by the band,
 * ends included, equivalent by the margin. `undecided` says nothing that could be true.
 */
export function isTrueOf(ratio: number, verdict: Verdict, claim: ClaimBounds, margin: number): boolean {
  const interval = { level: 1, lower: ratio, upper: ratio }
  switch (verdict) {
    case 'supported':
      return isInBand({ interval, claim, margin })
    case 'refuted':
      return !isInBand({ interval, claim, margin })
    case 'equivalent':
      return isInMargin(interval, margin)
    default:
      return false
  }
}

/** The rules of a verdict: the first that holds gives it. */
export const verdictRules: readonly Rule<Verdict, Judged>[] = [
  {
    word: 'supported',
    when: 'the whole interval lies in the claimed band, and the claim names a least difference or the interval is not within the margin',
    holds: (judged) => isInBand(judged) && (judged.claim.least > 0 || !isInMargin(judged.interval, judged.margin)),
  },
  {
    word: 'equivalent',
    when: 'the whole interval lies within the margin: there may be a difference, but none that matters',
    holds: ({ interval, margin }) => isInMargin(interval, margin),
  },
  {
    word: 'refuted',
    when: 'the whole interval lies outside the band, be it a difference the other way or one larger than claimed',
    holds: ({ interval, claim }) => interval.lower > greatest(claim) || interval.upper < claim.lower,
  },
  { word: 'undecided', when: 'anything else', holds: () => true },
]

/** Returns the verdict of a ratio's interval on a claim, by `verdictRules`. */
export function judge(interval: Interval, claim: ClaimBounds, margin: number): Verdict {
  return verdictRules.find(({ holds }) => holds({ interval, claim, margin }))!.word
}
