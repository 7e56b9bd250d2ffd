import type { Estimate } from 'copylab/analysis'
import { median, signedRank } from 'copylab/statistics'

/** One time as a multiple of another, within rounds. */
export interface Ratio extends Estimate {
  /**
   * Median of the rounds' ratios; `value` is the Hodges–Lehmann estimate, back-transformed from the
   * log ratios.
   */
  readonly median: number
}

/**
 * The ratio a/b of times of the same rounds: Hodges–Lehmann estimate with the exact signed-rank
 * interval of the log ratios. The interval is null for fewer than 6 rounds, which cannot reach 95
 * %.
 */
export function ratioWithinRounds(a: readonly number[], b: readonly number[]): Ratio {
  const logs = a.map((ms, round) => Math.log(ms / b[round]!))
  const { value, interval, n } = signedRank(logs).estimate
  return {
    value: Math.exp(value),
    interval: interval && {
      level: interval.level,
      lower: Math.exp(interval.lower),
      upper: Math.exp(interval.upper),
    },
    n,
    median: Math.exp(median(logs)),
  }
}

/** The ratio b/a of a ratio a/b. */
export function inverse({ value, interval, n, median }: Ratio): Ratio {
  return {
    value: 1 / value,
    interval: interval && { level: interval.level, lower: 1 / interval.upper, upper: 1 / interval.lower },
    n,
    median: 1 / median,
  }
}
