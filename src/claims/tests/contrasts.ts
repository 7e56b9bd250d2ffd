import type { Comparison } from '../../analysis/compare/compare.js'
import { compare } from '../../analysis/compare/compare.js'
import { fewestReplicates } from '../../analysis/replicates/replicates.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import type { Study } from '../../study/study.js'
import { type Selection, varyingFactors } from '../../study/treatment.js'
import type { StatedContrasts } from '../claims.js'
import { type ClaimTest, type Evidence, type FoundContrast, studyWith } from './judged.js'

/**
 * Tests one or more contrasts, all of which must hold; each takes its part of the error rate, since
 * one alone can refute the claim.
 */
export function contrastsTest({ contrasts }: StatedContrasts, evidence: Evidence): ClaimTest | null {
  const { level, margin } = evidence
  const there = pairsIn(contrasts, evidence)
  if (!there) return null
  const { study, pairs } = there
  const found = pairs.map((contrast) => compare(study, { ...contrast, level, margin }))
  const { estimate, claim, direction, size, matters } = found[0]!
  return {
    study: study.plan.name,
    judged: {
      verdict: ofAll(found.map(({ verdict }) => verdict)),
      parts: found.length === 1 ? { direction, size, matters } : null,
      margin: found[0]!.margin,
      reproduced: null,
      estimate,
      scale: 'ratio',
      estimates: found.length,
      band: { lower: claim.lower, upper: claim.upper },
      ...fewestReplicates(found),
      found: { kind: 'contrasts', contrasts: found.map((comparison) => foundContrast(study, comparison)) },
    },
  }
}

/**
 * Returns pairs of treatments with the levels that the claims hold fixed, and the first study that
 * ran them all; null where none did.
 */
export function pairsIn<Pair extends { readonly a: Selection; readonly b: Selection }>(
  stated: readonly Pair[],
  { studies, fixed }: Pick<Evidence, 'studies' | 'fixed'>,
): { readonly study: Study; readonly pairs: readonly Pair[] } | null {
  const pairs = stated.map((one) => withFixed(one, fixed))
  const study = studyWith(
    studies,
    pairs.flatMap(({ a, b }) => [a, b]),
  )
  return study && { study, pairs }
}

/** Returns two treatments with the levels that the claims hold fixed. */
export function withFixed<Pair extends { readonly a: Selection; readonly b: Selection }>(
  pair: Pair,
  fixed: Selection,
): Pair {
  return { ...pair, a: { ...fixed, ...pair.a }, b: { ...fixed, ...pair.b } }
}

/** Combines verdicts: supported when all are, refuted when one is, equivalent when all are. */
function ofAll(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('refuted')) return 'refuted'
  const [first] = verdicts
  return first && verdicts.every((verdict) => verdict === first) ? first : 'undecided'
}

/**
 * Returns a comparison with the factors that distinguish its treatments from the others of their
 * study.
 */
export function foundContrast({ plan }: Study, comparison: Comparison): FoundContrast {
  return { comparison, named: varyingFactors(plan.treatments) }
}
