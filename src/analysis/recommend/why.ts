import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { explain } from '../explain/explain.js'
import type { Contribution } from '../explain/wall-clock/contributions.js'
import { type Estimate, excludesZero } from '../statistics/estimate.js'

/** Largest loss of time of another setting against the recommended one. */
export interface RecommendationWhy {
  /** The other setting. */
  readonly against: Treatment
  /** The largest contribution to the change of the time from the recommended one to the other. */
  readonly largest: Pick<Contribution, 'name' | 'label'>
  /** That contribution, in milliseconds of the wall clock per worker. */
  readonly change: Estimate
}

/**
 * Determines what takes most of the time that another setting needs beyond a chosen one; null where
 * the time does not grow or the waits were not read, and where no contribution above zero is
 * distinguishable from it.
 */
export function whyBetter(study: Study, chosen: Treatment, against: Treatment): RecommendationWhy | null {
  const { changeMs, contributions, level, blocks, sessions } = explain(study, { from: chosen, to: against })
  if (!changeMs || !excludesZero(changeMs) || changeMs.value < 0) return null
  const grown = contributions.filter(({ name, lower }) => name !== 'unaccounted' && lower !== null && lower > 0)
  if (grown.length === 0) return null
  const { name, label, perWorkerMs, lower, upper } = grown.reduce((a, b) => (b.perWorkerMs > a.perWorkerMs ? b : a))
  const interval = { level, lower: lower!, upper: upper! }
  return { against, largest: { name, label }, change: { value: perWorkerMs, interval, n: sessions ?? blocks } }
}
