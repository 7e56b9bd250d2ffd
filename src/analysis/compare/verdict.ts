import type { ClaimBounds } from '../../study/claim.js'
import type { Interval } from '../statistics/estimate.js'

/** What one interval says about a claim; `judge` tells when. */
export type Verdict = 'supported' | 'refuted' | 'equivalent' | 'undecided'

/** No verdict rests on fewer blocks, however low the level. */
export const sampleFloor = 6

/**
 * The verdict of a ratio's interval on a claim, first rule first:
 * 1. supported: the whole interval lies in the claim's band, and either the claim names a least difference or the interval is not
 *    within the margin;
 * 2. equivalent: the whole interval lies within the margin, 1/(1 + margin) to 1 + margin: there may be a difference, but none that matters;
 * 3. refuted: the whole interval lies outside the band, be it a difference the other way or one larger than claimed;
 * 4. undecided: anything else.
 */
export function judge(interval: Interval, claim: ClaimBounds, margin: number): Verdict {
  const upper = claim.upper ?? Number.POSITIVE_INFINITY
  const inBand = interval.lower >= claim.lower && interval.upper <= upper
  const inMargin = interval.lower >= 1 / (1 + margin) && interval.upper <= 1 + margin
  if (inBand && (claim.least > 0 || !inMargin)) return 'supported'
  if (inMargin) return 'equivalent'
  if (interval.lower > upper || interval.upper < claim.lower) return 'refuted'
  return 'undecided'
}
