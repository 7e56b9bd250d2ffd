import * as sets from '../analysis/compare/best-set.js'
import { checkedOptions } from '../check.js'
import type { Study } from '../study/study.js'
import type { Claims } from './claims.js'
import { setLevel } from './family.js'
import { familyOf } from './judge-claims.js'

/** Which worker counts are compared, by what, and how sure. */
export interface BestWorkersOptions extends sets.BestSetsOptions {
  /**
   * Claims about the study: a set that one of them is about is taken at the level at which the
   * claim is judged, so that set and verdict agree. `level` is that of the other sets.
   */
  readonly claims?: Claims
}

/**
 * Gives the worker counts that are not shown to be worse than the best, one set for each level of
 * other factors, each batch size by default: Hsu's (1984) multiple comparisons with the best on the
 * logarithms of the values, blocks taken out. Below 6 complete blocks a set has no `best`. `say`
 * says sets, `plotBestSets` draws them.
 *
 * @throws `RangeError` where the study's treatments differ in factors that neither `by` nor `where`
 * names, and where a group has a single worker count; `TypeError` for options that there are not.
 * @example
 * say(bestWorkers(study))
 */
export function bestWorkers(study: Study, given: BestWorkersOptions = {}): sets.BestSet[] {
  const names = { metric: true, level: true, where: true, by: true, claims: true } as const
  const { claims, ...options } = checkedOptions(given, names)
  const own = sets.bestWorkers(study, options)
  if (!claims) return own
  const family = familyOf(claims, [study])
  return own.map((set) => {
    const [first] = set.candidates
    const { metric } = set
    const level = first && setLevel(claims, family, { over: 'workers', metric, treatment: first.treatment })
    if (!first || level === null) return set
    return sets.bestSet(study, 'workers', { where: set.fixed, metric, level })
  })
}
