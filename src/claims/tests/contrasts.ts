import type { Comparison } from '../../analysis/compare/compare.js'
import { compare } from '../../analysis/compare/compare.js'
import type { Verdict } from '../../analysis/compare/verdict.js'
import type { Study } from '../../study/study.js'
import { varyingFactors } from '../../study/treatment.js'
import type { StatedContrasts } from '../claims.js'
import { type ClaimTest, type Evidence, type FoundContrast, studyWith } from './judged.js'

/** One or more contrasts, all of which must hold: an intersection–union test, which needs no adjustment (Berger 1982). */
export function contrastsTest({ contrasts }: StatedContrasts, evidence: Evidence): ClaimTest | null {
  const { studies, fixed, margin } = evidence
  const full = contrasts.map(({ a, b, ...rest }) => ({ ...rest, a: { ...fixed, ...a }, b: { ...fixed, ...b } }))
  const study = studyWith(
    studies,
    full.flatMap(({ a, b }) => [a, b]),
  )
  if (!study) return null
  return {
    study: study.plan.name,
    judgeAt(level) {
      const found = full.map((contrast) => compare(study, { ...contrast, level, margin }))
      const { estimate, claim } = found[0]!
      return {
        verdict: ofAll(found.map(({ verdict }) => verdict)),
        estimate,
        scale: 'ratio',
        estimates: found.length,
        band: { lower: claim.lower, upper: claim.upper },
        blocks: Math.min(...found.map(({ blocks }) => blocks)),
        found: { kind: 'contrasts', contrasts: found.map((comparison) => foundContrast(study, comparison)) },
      }
    },
  }
}

/** Supported when all are, refuted when one is, equivalent when all are. */
function ofAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('refuted')) return 'refuted'
  const [first] = verdicts
  return first && verdicts.every((verdict) => verdict === first) ? first : 'undecided'
}

/** A comparison with what tells its treatments from the others of their study. */
export function foundContrast({ plan }: Study, comparison: Comparison): FoundContrast {
  return { comparison, named: varyingFactors(plan.treatments) }
}
