import type { Study } from '../../study/study.js'
import { sameTreatment, type Treatment } from '../../study/treatment.js'
import { median } from '../statistics/numerics/quantile.js'

/**
 * How long one block of some treatments takes, in milliseconds: for each the median time from the start of its measured trials to the start of the trial that
 * followed, with all that lies between them: making the table anew, verifying. The median leaves out pauses between sessions. Null where one of them has no
 * such trial.
 */
export function blockTimeMs({ trials }: Pick<Study, 'trials'>, treatments: readonly Treatment[]): number | null {
  const started = trials.map(({ startedAt }) => Date.parse(startedAt))
  const times = treatments.map((treatment) => {
    const own = trials.flatMap((trial, k) => {
      if (trial.state !== 'completed' || trial.phase !== 'measured') return []
      if (!sameTreatment(trial.treatment, treatment) || k + 1 === trials.length) return []
      return [Math.max(trial.totalMs, started[k + 1]! - started[k]!)]
    })
    return own.length > 0 ? median(own) : null
  })
  return times.reduce<number | null>((sum, time) => (sum === null || time === null ? null : sum + time), 0)
}
