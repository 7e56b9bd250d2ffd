import type { Claim, Shares } from '../../study/claim.js'
import { type Metric, type MetricFacts, metrics } from '../../study/metric.js'
import type { Interval } from '../statistics/estimate.js'
import { type Part, phrase, type QuotedNumber } from '../text/phrase.js'
import { quoted, quotedShare } from '../text/quoted.js'

/** What one interval says about a claim; `judge` tells when. */
export type Verdict = 'supported' | 'refuted' | 'equivalent' | 'undecided'

/** A claim as bounds of the ratio a/b. */
export interface Band {
  readonly lower: number
  /** Null for no upper bound. */
  readonly upper: number | null
  /** The least difference from equality that it claims, as a share; 0 when it claims none. */
  readonly least: number
  /** "5–15 % faster" */
  readonly text: string
  /** The numbers in `text`: `least` and `most`. */
  readonly numbers: readonly QuotedNumber[]
}

/** No verdict rests on fewer blocks, however low the level. */
export const sampleFloor = 6

/** A claim as bounds of the ratio a/b. Throws `RangeError` for shares out of order, and for "faster" of a metric that is no time and no speed. */
export function bandOf(claim: Claim, metric: Metric): Band {
  return bandOfFacts(claim, metrics[metric], metric)
}

/** The part of a metric's facts that a claim about it rests on. */
export type ClaimedFacts = Pick<MetricFacts, 'goal' | 'kind' | 'less' | 'more'>

/** The same for a quantity that is no metric itself, such as the spread of one; `name` is what errors call it. */
export function bandOfFacts(claim: Claim, facts: ClaimedFacts, name: string): Band {
  const [kind, shares] = (Object.entries(claim)[0] ?? ['', undefined]) as [string, Shares | undefined]
  if ((kind === 'fasterBy' || kind === 'slowerBy') && facts.kind === 'amount') {
    throw new RangeError(`Expected a \`claim\` of \`lessBy\`, \`moreBy\` or \`ratio\` for ${name}, got \`${kind}\``)
  }
  const fasterIsLess = facts.goal === 'min'
  switch (kind) {
    case 'fasterBy':
      return fasterIsLess ? lessBand(shares, facts) : moreBand(shares, facts)
    case 'slowerBy':
      return fasterIsLess ? moreBand(shares, facts) : lessBand(shares, facts)
    case 'lessBy':
      return lessBand(shares, facts)
    case 'moreBy':
      return moreBand(shares, facts)
    case 'ratio':
      return ratioBand(shares)
    default:
      throw new RangeError(
        `Expected \`claim\` to be one of fasterBy, slowerBy, lessBy, moreBy, ratio, got ${JSON.stringify(claim)}`,
      )
  }
}

function lessBand(given: Shares | undefined, { less }: ClaimedFacts): Band {
  const [least, most] = checkedShares(given, 0)
  if (least >= 1) throw new RangeError(`Expected a \`claim\` of less by under 1, got ${JSON.stringify(given)}`)
  const greatest = most === null || most >= 1 ? null : most
  return {
    lower: greatest === null ? 0 : 1 - greatest,
    upper: 1 - least,
    least,
    ...phrase`${sharesPhrase(least, greatest)}${less}`,
  }
}

function moreBand(given: Shares | undefined, { more }: ClaimedFacts): Band {
  const [least, most] = checkedShares(given, 0)
  return {
    lower: 1 + least,
    upper: most === null ? null : 1 + most,
    least,
    ...phrase`${sharesPhrase(least, most)}${more}`,
  }
}

function ratioBand(given: Shares | undefined): Band {
  const [lower, upper] = checkedShares(given, 0)
  const least = lower > 1 ? lower - 1 : upper !== null && upper < 1 ? 1 - upper : 0
  return {
    lower,
    upper,
    least,
    ...(upper === null
      ? phrase`a ratio of ${ratioNumber('least', lower)} or more`
      : phrase`a ratio of ${ratioNumber('least', lower)} to ${ratioNumber('most', upper)}`),
  }
}

function checkedShares(given: Shares | undefined, from: number): Shares {
  const [least, most = null] = given ?? [Number.NaN, null]
  const open = most === null || most === Number.POSITIVE_INFINITY
  if (!(Number.isFinite(least) && least >= from && (open || most > least))) {
    throw new RangeError(
      `Expected a \`claim\` of two shares in ascending order, such as [0.05, 0.15], got ${JSON.stringify(given)}`,
    )
  }
  return [least, open ? null : most]
}

function ratioNumber(name: 'least' | 'most', ratio: number): QuotedNumber {
  return quoted(name, ratio, String(ratio), `${name} ratio that is claimed`)
}

function sharesPhrase(least: number, most: number | null): Part {
  const percent = (name: 'least' | 'most', share: number): QuotedNumber =>
    quotedShare(name, share, `${name} that is claimed`)
  if (most === null) return least === 0 ? '' : phrase`at least ${percent('least', least)} % `
  return least === 0
    ? phrase`up to ${percent('most', most)} % `
    : phrase`${percent('least', least)}–${percent('most', most)} % `
}

/**
 * The verdict of a ratio's interval on a claim, first rule first:
 * 1. supported: the whole interval lies in the claim's band, and either the claim names a least difference or the interval is not
 *    within the margin;
 * 2. equivalent: the whole interval lies within the margin, 1/(1 + margin) to 1 + margin: there may be a difference, but none that matters;
 * 3. refuted: the whole interval lies outside the band, be it a difference the other way or one larger than claimed;
 * 4. undecided: anything else.
 */
export function judge(interval: Interval, band: Band, margin: number): Verdict {
  const upper = band.upper ?? Number.POSITIVE_INFINITY
  const inBand = interval.lower >= band.lower && interval.upper <= upper
  const inMargin = interval.lower >= 1 / (1 + margin) && interval.upper <= 1 + margin
  if (inBand && (band.least > 0 || !inMargin)) return 'supported'
  if (inMargin) return 'equivalent'
  if (interval.lower > upper || interval.upper < band.lower) return 'refuted'
  return 'undecided'
}
