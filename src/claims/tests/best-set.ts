import type { BestSet } from '../../analysis/compare/best-set.js'
import type { Estimate } from '../../analysis/statistics/estimate.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { type Level, levelsOf } from '../../study/treatment.js'
import type { StatedBestSet } from '../claims.js'
import { type ClaimTest, claimedSet, type Evidence, marginOf, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/** Tests whether one level of a factor is best, by comparisons with the best (Hsu 1984). */
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
      sessions: set.sessions,
      found: { kind: 'best-set', set },
    },
  }
}

/**
 * Judges a set: refuted when the level is not among the best. A level that is claimed to be best
 * alone is so where the set holds nothing else; the claim is equivalent where the best levels
 * differ by no more than the margin. A level that is claimed to be among the best must be at most
 * the margin worse than any.
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
 * Returns the share of the best by which a level may be worse than the best at most: the far end of
 * Hsu's interval.
 */
export function worseThanBest({ interval }: Estimate, metric: Metric): number {
  if (interval === null) return Number.POSITIVE_INFINITY
  return metrics[metric].goal === 'min' ? interval.upper - 1 : 1 / interval.lower - 1
}
