import { checkedMetric, type Metric, type MetricFacts, metrics } from './metric.js'

/** Minimum and maximum share, 0.05 for 5 %; null for no maximum. */
export type Shares = readonly [number, number | null]

/**
 * A claim on the ratio a/b. `lessBy` and `moreBy` concern the numbers: [0.05, 0.15] is a ratio of
 * 0.85 to 0.95, or of 1.05 to 1.15. `fasterBy` and `slowerBy` are the one that is better or worse
 * for the metric. `ratio` gives the bounds.
 */
export type Claim =
  | { readonly fasterBy: Shares }
  | { readonly slowerBy: Shares }
  | { readonly lessBy: Shares }
  | { readonly moreBy: Shares }
  | { readonly ratio: Shares }

/** A claim as bounds of the ratio a/b. */
export interface ClaimBounds {
  /** Lower bound of the ratio. */
  readonly lower: number
  /** Upper bound of the ratio; null for none. */
  readonly upper: number | null
  /** Minimum claimed difference from equality, as a share; 0 when none is claimed. */
  readonly least: number
  /** Direction of the claim. */
  readonly way: 'less' | 'more' | 'ratio'
  /** The claimed shares, or ratios for `ratio`; null for no maximum. */
  readonly shares: Shares
}

/** The part of a metric's facts that a claim about it depends on. */
export type ClaimedFacts = Pick<MetricFacts, 'goal' | 'kind'>

const claimKinds: readonly string[] = ['fasterBy', 'slowerBy', 'lessBy', 'moreBy', 'ratio']

/**
 * Checks a claim on a metric; used before anything is measured and before the claim is judged.
 * Throws `RangeError` for an unknown metric, for shares out of order, and for "faster" of a metric
 * that is neither a time nor a speed.
 */
export function checkedClaim(
  claim: Claim,
  metric: string,
  option = 'claim',
): { readonly metric: Metric; readonly bounds: ClaimBounds } {
  const known = checkedMetric(metric)
  return { metric: known, bounds: claimBounds(claim, metrics[known], known, option) }
}

/**
 * Returns a claim as bounds of a ratio. `name` is the quantity and `option` the claim in error
 * messages. Throws `RangeError` for a claim that cannot be judged.
 */
export function claimBounds(claim: Claim, facts: ClaimedFacts, name: string, option = 'claim'): ClaimBounds {
  const stated = Object.entries(claim ?? {}) as [string, Shares | undefined][]
  const [kind, given] = stated[0] ?? ['', undefined]
  if (stated.length !== 1 || !claimKinds.includes(kind)) {
    throw new RangeError(
      `Expected \`${option}\` to be one of ${claimKinds.join(', ')} with two shares in ascending order, such as { fasterBy: [0.05, 0.15] }, got ${JSON.stringify(claim)}`,
    )
  }
  if ((kind === 'fasterBy' || kind === 'slowerBy') && facts.kind === 'amount') {
    throw new RangeError(
      `Expected \`${option}\` to be one of \`lessBy\`, \`moreBy\` or \`ratio\` for ${name}, got \`${kind}\``,
    )
  }
  const [least, most] = checkedShares(given, option)
  if (kind === 'ratio') {
    const apart = least > 1 ? least - 1 : most !== null && most < 1 ? 1 - most : 0
    return { lower: least, upper: most, least: apart, way: 'ratio', shares: [least, most] }
  }
  const isLess = kind === 'lessBy' || kind === (facts.goal === 'min' ? 'fasterBy' : 'slowerBy')
  if (!isLess)
    return { lower: 1 + least, upper: most === null ? null : 1 + most, least, way: 'more', shares: [least, most] }
  if (least >= 1) throw new RangeError(`Expected \`${option}\` to be less by under 1, got ${JSON.stringify(given)}`)
  const greatest = most === null || most >= 1 ? null : most
  return {
    lower: greatest === null ? 0 : 1 - greatest,
    upper: 1 - least,
    least,
    way: 'less',
    shares: [least, greatest],
  }
}

function checkedShares(given: Shares | undefined, option: string): Shares {
  const [least, most = null] = Array.isArray(given) && given.length <= 2 ? (given as Shares) : [Number.NaN, null]
  const open = most === null || most === Number.POSITIVE_INFINITY
  if (!(Number.isFinite(least) && least >= 0 && (open || most > least))) {
    throw new RangeError(
      `Expected \`${option}\` to be two shares in ascending order, such as [0.05, 0.15], got ${JSON.stringify(given)}`,
    )
  }
  return [least, open ? null : most]
}
