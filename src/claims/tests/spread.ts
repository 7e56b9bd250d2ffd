import { compareSpread } from '../../analysis/compare/compare-spread.js'
import { varyingFactors } from '../../study/treatment.js'
import type { StatedSpread } from '../claims.js'
import { withFixed } from './contrasts.js'
import { type ClaimTest, type Evidence, studyWith } from './judged.js'

/**
 * Tests the ratio of two spreads over blocks, or over the means of sessions (Pitman 1939; Morgan
 * 1939), against the claimed band.
 */
export function spreadTest({ metric, claim, ...stated }: StatedSpread, evidence: Evidence): ClaimTest | null {
  const { level, margin } = evidence
  const { a, b } = withFixed(stated, evidence.fixed)
  const study = studyWith(evidence.studies, [a, b])
  if (!study) return null
  const spread = compareSpread(study, { a, b, metric, claim, level, margin })
  const { verdict, estimate, blocks, sessions, direction, size, matters } = spread
  return {
    study: study.plan.name,
    judged: {
      verdict,
      parts: { direction, size, matters },
      margin: spread.margin,
      reproduced: null,
      estimate,
      scale: 'ratio',
      estimates: 1,
      band: { lower: spread.claim.lower, upper: spread.claim.upper },
      blocks,
      sessions,
      found: { kind: 'spread', spread, named: varyingFactors(study.plan.treatments) },
    },
  }
}
