import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { type ActivityChange, explain } from '../explain/explain.js'
import { excludesZero } from '../statistics/estimate.js'

/** Largest loss of time of another setting against the recommended one. */
export interface RecommendationWhy {
  /** The other setting. */
  readonly against: Treatment
  /** The change of the workers' time that grew most, from the recommended setting to the other. */
  readonly largest: ActivityChange
}

/**
 * Determines the activity that takes most of the time that another setting needs beyond a chosen
 * one; null where the workers' time does not grow or the waits were not read, and where no
 * activity's growth is distinguishable from zero.
 */
export function whyBetter(study: Study, chosen: Treatment, against: Treatment): RecommendationWhy | null {
  const { wall, activities } = explain(study, { from: chosen, to: against })
  if (!wall || !excludesZero(wall.change) || wall.change.value < 0) return null
  const grown = activities.filter(({ change }) => excludesZero(change) && change.value > 0)
  if (grown.length === 0) return null
  return { against, largest: grown.reduce((a, b) => (b.change.value > a.change.value ? b : a)) }
}
