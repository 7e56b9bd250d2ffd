import normal from '@stdlib/stats-base-dists-normal'
import t from '@stdlib/stats-base-dists-t'
import { checkedNumber } from '../../check.js'
import { defaultLevel, defaultPower } from '../defaults.js'
import { fewest } from './numerics/fewest.js'

/** An effect to be detected, and the certainty of detecting it. */
export interface RequiredBlocksOptions {
  /**
   * Standard deviation of the log ratio within a block: about the coefficient of variation of the
   * ratio.
   */
  readonly sd: number
  /** The true difference as a share: 0.05 for a ratio of 1.05. */
  readonly effect: number
  /**
   * Probability of detecting it, between 0 and 1.
   *
   * @default 0.9
   */
  readonly power?: number
  /**
   * Level of the two-sided interval, between 0 and 1.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** Number of blocks at which the search stops: more than anyone runs. */
const maxBlocks = 1_000_000

/**
 * Returns the fewest blocks, 2 at least, with which a paired t test of log ratios detects an effect
 * with the power asked for: the power is that of the noncentral t distribution at log(1 + effect)
 * (Cohen 1988, Statistical Power Analysis for the Behavioral Sciences; R's
 * `power.t.test(type = "paired")`).
 *
 * @throws `RangeError` when more than a million blocks would be needed, for an `sd` that is no
 * number from 0, an `effect` that is not above 0, and a power or level that does not lie between 0
 * and 1.
 * @example
 * requiredBlocks({ sd: 0.04, effect: 0.05 }) // 10
 */
export function requiredBlocks({
  sd,
  effect,
  power = defaultPower,
  level = defaultLevel,
}: RequiredBlocksOptions): number {
  checkedNumber('sd', sd, { from: 0 })
  checkedNumber('effect', effect, { above: 0 })
  checkedNumber('power', power, { above: 0, below: 1 })
  checkedNumber('level', level, { above: 0, below: 1 })
  if (sd === 0) return 2
  const standardised = Math.log1p(effect) / sd
  const blocks = fewest((n) => pairedPower(n, standardised, level) >= power, 2, maxBlocks)
  if (blocks === null) {
    throw new RangeError(`Expected an \`effect\` that ${maxBlocks} blocks can detect, got ${effect} with \`sd\` ${sd}`)
  }
  return blocks
}

/**
 * Computes P(T > critical) for a noncentral t variable T = (Z + δ)/S: the normal tail beyond
 * critical·s − δ, averaged over the distribution of S = √(χ²/df) by Simpson's rule. The density is
 * scaled by its own sum, which avoids the gamma function.
 */
function pairedPower(n: number, standardised: number, level: number): number {
  const df = n - 1
  const critical = t.quantile((1 + level) / 2, df)
  const noncentrality = standardised * Math.sqrt(n)
  const steps = 400
  const widest = 10 / Math.sqrt(2 * df)
  const from = Math.max(0, 1 - widest)
  const width = (1 + widest - from) / steps
  let weights = 0
  let sum = 0
  for (let k = 0; k <= steps; k++) {
    const s = from + k * width
    const simpson = k === 0 || k === steps ? 1 : k % 2 === 1 ? 4 : 2
    const logDensity =
      s === 0 ? (df === 1 ? df / 2 : Number.NEGATIVE_INFINITY) : (df - 1) * Math.log(s) + (df * (1 - s * s)) / 2
    const weight = simpson * Math.exp(logDensity)
    weights += weight
    sum += weight * normal.cdf(noncentrality - critical * s, 0, 1)
  }
  return sum / weights
}
