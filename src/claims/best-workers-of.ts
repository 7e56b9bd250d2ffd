import { type BestSet, type BestWorkersOptions, bestSet, bestWorkers } from '../analysis/compare/best-set.js'
import type { Study } from '../study/study.js'
import type { Claims } from './claims.js'
import { setLevel } from './family.js'
import { familyOf } from './judge-claims.js'

/**
 * The worker counts that are not shown to be worse than the best, as `bestWorkers` gives them,
 * where a claim of the file is about such a set at the level at which the claim takes it: the set
 * is the one that the claim's verdict rests on. `level` is that of the other sets.
 */
export function bestWorkersOf(claims: Claims, study: Study, options: BestWorkersOptions = {}): BestSet[] {
  const family = familyOf(claims, [study])
  return bestWorkers(study, options).map((set) => {
    const [first] = set.candidates
    const { metric } = set
    const level = first && setLevel(claims, family, { over: 'workers', metric, treatment: first.treatment })
    if (!first || level === null) return set
    return bestSet(study, 'workers', { where: set.fixed, metric, level })
  })
}
