/**
 * A two-sided confidence interval. `level` is the level that is achieved, which an exact method
 * cannot choose freely.
 */
export interface Interval {
  readonly level: number
  readonly lower: number
  readonly upper: number
}

/**
 * An uncertain number: its value, its interval (null where `n` cannot give one at the level asked
 * for) and the observations behind it.
 */
export interface Estimate {
  readonly value: number
  readonly interval: Interval | null
  readonly n: number
}

/** How sure an interval is to be. */
export interface LevelOptions {
  /**
   * Confidence level, between 0 and 1.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** The same interval on the scale that an increasing function leads to. */
export function mapInterval({ level, lower, upper }: Interval, map: (value: number) => number): Interval {
  return { level, lower: map(lower), upper: map(upper) }
}

/**
 * The same estimate on the scale that an increasing function leads to: its value and both bounds
 * are mapped.
 */
export function mapEstimate({ value, interval, n }: Estimate, map: (value: number) => number): Estimate {
  return { value: map(value), interval: interval && mapInterval(interval, map), n }
}

/**
 * Whether an interval tells a number from nothing: 0 lies outside it. False without an interval.
 */
export function excludesZero({ interval }: Pick<Estimate, 'interval'>): boolean {
  return interval !== null && (interval.lower > 0 || interval.upper < 0)
}
