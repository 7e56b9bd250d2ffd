import { type Comparison, compare } from '../../analysis/compare/compare.js'
import { fewestReplicates, replicateCount } from '../../analysis/replicates/replicates.js'
import type { StatedMeasurement } from '../claims.js'
import { foundContrast, pairsIn } from './contrasts.js'
import type { ClaimTest, Evidence, Reproduced } from './judged.js'

/**
 * Tests whether ratios that the source measured are found here too: one machine cannot refute what
 * another one measured.
 */
export function measurementTest({ measured }: StatedMeasurement, evidence: Evidence): ClaimTest | null {
  const { level, margin } = evidence
  const there = pairsIn(measured, evidence)
  if (!there) return null
  const { study, pairs } = there
  const found = pairs.map(({ a, b, metric, ratio }) =>
    compare(study, { a, b, metric, level, margin, claim: ratio < 1 ? { lessBy: [0, null] } : { moreBy: [0, null] } }),
  )
  const each = found.map((one, k) => reproducedBy(one, measured[k]!.ratio))
  return {
    study: study.plan.name,
    judged: {
      verdict: null,
      parts: null,
      margin: null,
      reproduced: each.includes('not reproduced here')
        ? 'not reproduced here'
        : each.every((one) => one === 'reproduced')
          ? 'reproduced'
          : 'open',
      estimate: found[0]!.estimate,
      scale: 'ratio',
      estimates: found.length,
      band: null,
      ...fewestReplicates(found),
      found: { kind: 'measurement', contrasts: found.map((comparison) => foundContrast(study, comparison)) },
    },
  }
}

function reproducedBy(comparison: Comparison, ratio: number): Reproduced {
  const { estimate, minBlocks, direction } = comparison
  const interval = replicateCount(comparison) < minBlocks ? null : estimate?.interval
  if (!interval) return 'open'
  if (ratio < interval.lower || ratio > interval.upper) return 'not reproduced here'
  return direction === 'confirmed' ? 'reproduced' : 'open'
}
