import type { Comparison } from '../analysis/compare/compare.js'
import type { ClaimVerdict } from './judge-claims.js'

/**
 * Returns the comparisons that a verdict rests on, at its level, as figures draw them; empty for a
 * claim that is judged by another kind of test, or not at all.
 */
export function comparisonsOf({ found }: ClaimVerdict): readonly Comparison[] {
  const isOfPairs = found?.kind === 'contrasts' || found?.kind === 'measurement'
  return isOfPairs ? found.contrasts.map(({ comparison }) => comparison) : []
}
