import { compareSpread } from '../../analysis/compare/compare-spread.js'
import { varyingFactors } from '../../study/treatment.js'
import type { StatedSpread } from '../claims.js'
import { type ClaimTest, type Evidence, studyWith } from './judged.js'

/** The ratio of two spreads over blocks (Pitman 1939; Morgan 1939), against the band that is claimed of it. */
export function spreadTest({ metric, claim, ...stated }: StatedSpread, evidence: Evidence): ClaimTest | null {
  const { studies, fixed, margin } = evidence
  const [a, b] = [stated.a, stated.b].map((one) => ({ ...fixed, ...one })) as [typeof stated.a, typeof stated.b]
  const study = studyWith(studies, [a, b])
  if (!study) return null
  return {
    study: study.plan.name,
    judgeAt(level) {
      const spread = compareSpread(study, { a, b, metric, claim, level, margin })
      const { lower, upper } = spread.claim
      return {
        verdict: spread.verdict,
        estimate: spread.estimate,
        scale: 'ratio',
        estimates: 1,
        band: { lower, upper },
        blocks: spread.blocks,
        found: { kind: 'spread', spread, named: varyingFactors(study.plan.treatments) },
      }
    },
  }
}
