import { replicateCount } from '../../analysis/replicates/replicates.js'
import { fitScaling, isMissed } from '../../analysis/scaling/scaling.js'
import { minJudgedBlocks } from '../../analysis/verdict/verdict.js'
import type { StatedPeak } from '../claims.js'
import { type ClaimTest, claimedSet, type Evidence, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/**
 * Tests whether throughput falls beyond an optimum: by the peak of the scalability law, where the
 * law fits, supported when its interval ends below the most workers that were measured, refuted
 * when there is none. Where the law misses the means, by comparisons with the best total time,
 * whose best workers are those of throughput: supported when the most workers are not among the
 * best, refuted when they alone are.
 */
export function peakTest({ where: stated }: StatedPeak, evidence: Evidence): ClaimTest | null {
  const { workers: _, ...where } = { ...evidence.fixed, ...stated }
  const study = evidence.studies.find((one) => {
    const own = treatmentsIn(one, where)
    return own.length >= 3 && varyAlone(own, 'workers')
  })
  if (!study) return null
  const most = Math.max(...treatmentsIn(study, where).map(({ workers }) => workers))
  const law = fitScaling(study, { where, level: evidence.level })[0]!
  if (isMissed(law)) {
    const set = claimedSet(study, 'workers', where, 'totalMs', evidence)
    const isBest = set.best?.some(({ treatment }) => treatment.workers === most)
    const verdict = isBest === false ? 'supported' : isBest && set.best?.length === 1 ? 'refuted' : 'undecided'
    return {
      study: study.plan.name,
      judged: { verdict, ...noEstimate, blocks: set.blocks, sessions: set.sessions, found: { kind: 'peak', law, set } },
    }
  }
  const { fit, blocks, sessions } = law
  const isEnough = replicateCount(law) >= minJudgedBlocks
  const peak = fit.status === 'converged' ? fit.peak : null
  const interval = isEnough ? (peak?.workers.interval ?? null) : null
  const isBelow = interval !== null && interval.upper < most
  const isBeyond = isEnough && (peak === null || (interval !== null && interval.lower > most))
  return {
    study: study.plan.name,
    judged: {
      ...noEstimate,
      verdict: isBelow ? 'supported' : isBeyond ? 'refuted' : 'undecided',
      estimate: peak?.workers ?? null,
      scale: 'workers',
      estimates: 1,
      band: { lower: 1, upper: most },
      blocks,
      sessions,
      found: { kind: 'peak', law, set: null },
    },
  }
}
