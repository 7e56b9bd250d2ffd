import type { StatedReport } from '../claims.js'
import { changeOf } from './change.js'
import { withFixed } from './contrasts.js'
import { type ClaimTest, type Evidence, noEstimate, studyWith } from './judged.js'

/** Reports a metric under two treatments that set it, without a test. */
export function reportTest({ metric, ...stated }: StatedReport, { studies, fixed, level }: Evidence): ClaimTest | null {
  const { a, b } = withFixed(stated, fixed)
  const study = studyWith(studies, [a, b])
  if (!study) return null
  const { change, ...basis } = changeOf(study, { from: b, to: a, metric, level })
  return {
    study: study.plan.name,
    judged: {
      verdict: null,
      ...noEstimate,
      ...basis,
      found: { kind: 'report', a: change?.to ?? null, b: change?.from ?? null },
    },
  }
}
