import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Study } from '../../study/study.js'
import { sameTreatment, type Treatment } from '../../study/treatment.js'
import { median } from '../statistics/numerics/quantile.js'

/**
 * Computes the time that one block of some treatments takes, in milliseconds: for each the median
 * time from the start of its measured trials to the start of the next trial of the same block,
 * including creating the table again and verifying. Null where one of them has no such trial.
 */
export function blockTimeMs(study: Pick<Study, 'trials'>, treatments: readonly Treatment[]): number | null {
  const trials = undisturbedTrials(study)
  const times = treatments.map((treatment) => {
    const own = trials.flatMap((trial, k) => {
      const next = trials[k + 1]
      if (trial.state !== 'completed' || trial.phase !== 'measured' || next?.block !== trial.block) return []
      if (!sameTreatment(trial.treatment, treatment)) return []
      return [Math.max(trial.totalMs, Date.parse(next.startedAt) - Date.parse(trial.startedAt))]
    })
    return own.length > 0 ? median(own) : null
  })
  return times.reduce<number | null>((sum, time) => (sum === null || time === null ? null : sum + time), 0)
}
