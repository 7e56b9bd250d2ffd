import { fewestReplicates } from '../../analysis/replicates/replicates.js'
import type { Verdict } from '../../analysis/verdict/verdict.js'
import type { Level, Selection } from '../../study/treatment.js'
import type { StatedShift } from '../claims.js'
import {
  type ClaimTest,
  claimedSet,
  type Evidence,
  type LevelsAt,
  noEstimate,
  treatmentsIn,
  varyAlone,
} from './judged.js'

/**
 * Tests whether the best levels of one factor rise or fall with another, by the sets of best levels
 * at two of its levels: supported where every best level of one set lies beyond every one of the
 * other, refuted where none does.
 */
export function shiftTest({ of, by, between, metric, best }: StatedShift, evidence: Evidence): ClaimTest | null {
  const { [of]: _of, [by]: _by, ...held } = evidence.fixed
  const wheres = between.map((level): Selection => ({ ...held, [by]: level }))
  const study = evidence.studies.find((one) => wheres.every((where) => varyAlone(treatmentsIn(one, where), of)))
  if (!study) return null
  const sets = wheres.map((where) => claimedSet(study, of, where, metric, evidence))
  const [low, high] = sets.map(
    (set, k): LevelsAt => ({ at: between[k]!, best: set.best?.map(({ treatment }): Level => treatment[of]) ?? null }),
  ) as [LevelsAt, LevelsAt]
  return {
    study: study.plan.name,
    judged: {
      verdict: best === 'rises' ? risesFrom(low, high) : risesFrom(high, low),
      ...noEstimate,
      ...fewestReplicates(sets),
      found: { kind: 'shift', low, high },
    },
  }
}

function risesFrom({ best: lower }: LevelsAt, { best: upper }: LevelsAt): Verdict {
  if (!lower?.length || !upper?.length) return 'undecided'
  const [from, to] = [lower.map(Number), upper.map(Number)]
  if (Math.min(...to) > Math.max(...from)) return 'supported'
  return Math.max(...to) <= Math.min(...from) ? 'refuted' : 'undecided'
}
