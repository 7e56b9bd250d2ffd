import { type BestSet, bestSet } from '../../analysis/compare/best-set.js'
import type { Verdict } from '../../analysis/compare/verdict.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Level, levelsOf } from '../../study/treatment.js'
import type { StatedBestSet } from '../claims.js'
import { type ClaimTest, type Evidence, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/** Whether one level of a factor alone is best, by comparisons with the best (Hsu 1984). */
export function bestSetTest(test: StatedBestSet, { studies, fixed, margin }: Evidence): ClaimTest | null {
  const { over, metric, expected } = test
  const { [over]: _, ...where } = { ...fixed, ...test.where }
  const fits = (study: Study): boolean => {
    const own = treatmentsIn(study, where)
    return varyAlone(own, over) && (levelsOf(own, over) as readonly Level[]).includes(expected)
  }
  const study = studies.find(fits)
  if (!study) return null
  return {
    study: study.plan.name,
    judgeAt(level) {
      const set = bestSet(study, over, { where, metric, level })
      const verdict = judgeSet(set, expected, margin)
      return { verdict, ...noEstimate, blocks: set.blocks, found: { kind: 'best-set', set } }
    },
  }
}

/** Refuted when the level is not among the best, equivalent when the best differ by no more than the margin. */
function judgeSet({ best, over, metric }: BestSet, expected: Level, margin: number): Verdict {
  if (!best) return 'undecided'
  if (!best.some(({ treatment }) => treatment[over] === expected)) return 'refuted'
  if (best.length === 1) return 'supported'
  return best.every((one) => worseThanBest(one.toBestOther, metric) <= margin) ? 'equivalent' : 'undecided'
}

/** The most that a level may be worse than the best, as a share of the best: the far end of Hsu's interval. */
export function worseThanBest({ interval }: Estimate, metric: Metric): number {
  if (interval === null) return Number.POSITIVE_INFINITY
  return metrics[metric].goal === 'min' ? interval.upper - 1 : 1 / interval.lower - 1
}
