import type { BestSet } from './best-set.js'
import { type Metric, metrics } from './metrics.js'
import { listText } from './sentence.js'
import type { Estimate } from './statistics/estimate.js'
import { formatNumber } from './tables.js'
import { counted, levelsOf } from './treatments.js'

/** A worker count that is among the best in every setting. */
export interface CommonChoice {
  readonly workers: number
  /** The most that it may be worse than the best, as a share of the best, in the setting where that is largest: the far end of Hsu's interval. */
  readonly atMost: number
}

/** Whether one worker count serves several settings, and which. Plain data. */
export interface WorkerRule {
  /** The settings that were measured, in words: the rule says nothing of others. */
  readonly settings: readonly string[]
  /** Null where a setting has too few blocks to say. */
  readonly common: readonly CommonChoice[] | null
  readonly sentence: string
}

/** What worker counts are among the best in all of some settings, and how much such a rule may cost. Throws `RangeError` without a setting. */
export function workerRule(sets: readonly BestSet[]): WorkerRule {
  const [first] = sets
  if (!first) throw new RangeError('Expected at least one best set to make a rule of, got none')
  const settings = sets.map(({ at, study }) => (at === '' ? study : at))
  if (sets.some(({ best }) => best === null)) {
    return {
      settings,
      common: null,
      sentence: 'a rule needs more blocks: a setting has too few to name its best worker counts',
    }
  }
  const treatments = first.best!.map(({ treatment }) => treatment)
  const common = levelsOf(treatments, 'workers').flatMap((workers): CommonChoice[] => {
    const own = sets.map(({ best }) => best!.find(({ treatment }) => treatment.workers === workers))
    if (own.includes(undefined)) return []
    return [{ workers, atMost: Math.max(...own.map((one, k) => worseThanBest(one!.toBestOther, sets[k]!.metric))) }]
  })
  const names = common.map(
    ({ workers, atMost }) =>
      `${counted(workers, 'worker')}, at most ${formatNumber(atMost * 100, 1)} % worse than the best in any`,
  )
  const sentence =
    common.length === 0
      ? 'no worker count is among the best in all of them: choose by setting'
      : `among the best in all of them, so a rule for these settings alone: ${listText(names)}`
  return { settings, common, sentence }
}

/** The most that a level may be worse than the best, as a share of the best: the far end of Hsu's interval. */
export function worseThanBest({ interval }: Estimate, metric: Metric): number {
  if (interval === null) return Number.POSITIVE_INFINITY
  return metrics[metric].goal === 'min' ? interval.upper - 1 : 1 / interval.lower - 1
}
