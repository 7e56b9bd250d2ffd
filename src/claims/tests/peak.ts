import { bestSet } from '../../analysis/compare/best-set.js'
import { sampleFloor } from '../../analysis/compare/verdict.js'
import { fitScaling, misfitP, type Scaling } from '../../analysis/scaling/scaling.js'
import type { StatedPeak } from '../claims.js'
import { type ClaimTest, type Evidence, noEstimate, treatmentsIn, varyAlone } from './judged.js'

/**
 * Whether throughput falls beyond an optimum: by the peak of the scalability law, where the law fits, supported when its interval ends below the most
 * workers that were measured, refuted when there is none. Where the law misses the means, by comparisons with the best: supported when the most
 * workers are not among the best, refuted when they alone are.
 */
export function peakTest({ where: stated }: StatedPeak, { studies, fixed }: Evidence): ClaimTest | null {
  const { workers: _, ...where } = { ...fixed, ...stated }
  const study = studies.find((one) => {
    const own = treatmentsIn(one, where)
    return own.length >= 3 && varyAlone(own, 'workers')
  })
  if (!study) return null
  const lawAt = (level?: number): Scaling => fitScaling(study, { where, level })[0]!
  const law = lawAt()
  const most = Math.max(...treatmentsIn(study, where).map(({ workers }) => workers))
  const isMissed = law.fit.status !== 'converged' || (law.lackOfFit !== null && law.lackOfFit.p < misfitP)
  return {
    study: study.plan.name,
    judgeAt(level) {
      if (isMissed) {
        const set = bestSet(study, 'workers', { where, metric: 'recordsPerSecond', level })
        const isBest = set.best?.some(({ treatment }) => treatment.workers === most)
        const verdict = isBest === false ? 'supported' : isBest && set.best?.length === 1 ? 'refuted' : 'undecided'
        return { verdict, ...noEstimate, blocks: set.blocks, found: { kind: 'peak', law, set } }
      }
      const atLevel = lawAt(level)
      const { fit, blocks } = atLevel
      const peak = fit.status === 'converged' ? fit.peak : null
      const interval = blocks >= sampleFloor ? (peak?.workers.interval ?? null) : null
      const isBelow = interval !== null && interval.upper < most
      const isBeyond = blocks >= sampleFloor && (peak === null || (interval !== null && interval.lower > most))
      return {
        verdict: isBelow ? 'supported' : isBeyond ? 'refuted' : 'undecided',
        estimate: peak?.workers ?? null,
        scale: 'workers',
        estimates: 1,
        band: { lower: 1, upper: most },
        blocks,
        found: { kind: 'peak', law: atLevel, set: null },
      }
    },
  }
}
