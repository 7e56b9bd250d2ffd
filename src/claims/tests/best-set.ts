import type { BestSet } from '../../analysis/compare/best-set.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Level, levelsOf } from '../../study/treatment.js'
import type { StatedBestSet } from '../claims.js'
import { type ClaimTest, claimedSet, type Evidence, marginOf, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/** Whether one level of a factor is best, by comparisons with the best (Hsu 1984). */
export function bestSetTest(test: StatedBestSet, evidence: Evidence): ClaimTest | null {
  const { over, metric, expected } = test
  const { [over]: _, ...where } = { ...evidence.fixed, ...test.where }
  const fits = (study: Study): boolean => {
    const own = treatmentsIn(study, where)
    return varyAlone(own, over) && (levelsOf(own, over) as readonly Level[]).includes(expected)
  }
  const study = evidence.studies.find(fits)
  if (!study) return null
  const margin = marginOf(evidence, [study])
  const set = claimedSet(study, over, where, metric, evidence)
  return {
    study: study.plan.name,
    judged: {
      ...noEstimate,
      verdict: judgeSet(set, test, margin),
      margin,
      blocks: set.blocks,
      found: { kind: 'best-set', set },
    },
  }
}

/**
 * Refuted when the level is not among the best. One that is claimed to be best alone is so where
 * the set holds nothing else, and none is better by what matters where the best differ by no more
 * than the margin; one that is claimed to be among the best must be at most the margin worse than
 * any.
 */
function judgeSet({ best, over, metric }: BestSet, { expected, alone = true }: StatedBestSet, margin: number): Verdict {
  if (!best) return 'undecided'
  const own = best.find(({ treatment }) => treatment[over] === expected)
  if (!own) return 'refuted'
  if (!alone) return worseThanBest(own.toBestOther, metric) <= margin ? 'supported' : 'undecided'
  if (best.length === 1) return 'supported'
  return best.every((one) => worseThanBest(one.toBestOther, metric) <= margin) ? 'equivalent' : 'undecided'
}

/**
 * The most that a level may be worse than the best, as a share of the best: the far end of Hsu's
 * interval.
 */
export function worseThanBest({ interval }: Estimate, metric: Metric): number {
  if (interval === null) return Number.POSITIVE_INFINITY
  return metrics[metric].goal === 'min' ? interval.upper - 1 : 1 / interval.lower - 1
}
