import { mean } from '../statistics/numerics/moments.js'

/** How log ratios vary within sessions, and between them. */
export interface SessionSpread {
  /** Number of sessions that have a value. */
  readonly sessions: number
  /**
   * Deviations from the session's own mean, enlarged so that their mean square is the variance
   * within sessions; deviations from the mean of all where sessions are too short for that.
   */
  readonly deviations: readonly number[]
  /** The root of the mean square of the deviations. */
  readonly sd: number
  /**
   * Standard deviation between sessions, of their true means; 0 where their means differ by no more
   * than chance. Null below 6 sessions, and where they are too short.
   */
  readonly sessionSd: number | null
}

/** Number of sessions below which their standard deviation is not estimated. */
export const minSessions = 6

/** Degrees of freedom below which the spread within sessions is not estimated: of 6 blocks. */
const minFreedom = 5

/**
 * Splits the variance of log ratios into that within sessions and that between them, by the mean
 * squares of a one-way analysis of variance with unequal groups (Searle, Casella & McCulloch 1992,
 * Variance Components, chapter 3). `sessions` holds the session of each value.
 */
export function sessionSpread(logRatios: readonly number[], sessions: readonly number[]): SessionSpread {
  const groups = [...new Set(sessions)].map((session) => logRatios.filter((_, k) => sessions[k] === session))
  const n = logRatios.length
  const count = groups.length
  const centre = mean(logRatios)
  const isShort = count > 1 && n - count < minFreedom
  const deviations = isShort ? enlarged([logRatios], n - 1) : enlarged(groups, n - count)
  const within = mean(deviations.map((one) => one ** 2))
  const spread = { sessions: count, deviations, sd: Math.sqrt(within) }
  if (isShort || count < minSessions) return { ...spread, sessionSd: null }
  const between = groups.reduce((sum, own) => sum + own.length * (mean(own) - centre) ** 2, 0) / (count - 1)
  const perSession = (n - groups.reduce((sum, own) => sum + own.length ** 2, 0) / n) / (count - 1)
  return { ...spread, sessionSd: Math.sqrt(Math.max(0, between - within) / perSession) }
}

/** Deviations from the mean of each group, with the mean square of `freedom` degrees of freedom. */
function enlarged(groups: readonly (readonly number[])[], freedom: number): number[] {
  const n = groups.reduce((sum, own) => sum + own.length, 0)
  const factor = Math.sqrt(n / freedom)
  return groups.flatMap((own) => {
    const centre = mean(own)
    return own.map((value) => (value - centre) * factor)
  })
}
