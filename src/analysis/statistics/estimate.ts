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
 * An uncertain number: its value, its interval (null where `n` observations cannot give one at the
 * given level) and the number of observations that it rests on.
 */
export interface Estimate {
  readonly value: number
  readonly interval: Interval | null
  readonly n: number
}

/** Option of the confidence level of an interval. */
export interface LevelOptions {
  /**
   * Confidence level, between 0 and 1.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** Maps both bounds of an interval by an increasing function. */
export function mapInterval({ level, lower, upper }: Interval, map: (value: number) => number): Interval {
  return { level, lower: map(lower), upper: map(upper) }
}

/** Maps the value and both bounds of an estimate by an increasing function. */
export function mapEstimate({ value, interval, n }: Estimate, map: (value: number) => number): Estimate {
  return { value: map(value), interval: interval && mapInterval(interval, map), n }
}

/** Returns the estimate of the negative number. */
export function negateEstimate({ value, interval, n }: Estimate): Estimate {
  return { value: -value, interval: interval && { ...interval, lower: -interval.upper, upper: -interval.lower }, n }
}

/**
 * Returns whether an interval distinguishes a number from zero: 0 lies outside it. False without an
 * interval.
 */
export function excludesZero({ interval }: Pick<Estimate, 'interval'>): boolean {
  return interval !== null && (interval.lower > 0 || interval.upper < 0)
}
