import type { Study } from '../../../study/study.js'
import type { Treatment } from '../../../study/treatment.js'
import { type ExcludedBlock, type PairNames, pairBlocks } from '../../compare/pair-blocks.js'
import { excludedTrials } from '../../compare/preregistration.js'
import { type WallTime, wallTime } from './wall-time.js'

/** The divided times of several treatments in one block, in the order of the treatments. */
export type BlockTimes = readonly WallTime[]

/**
 * Returns the divided times of pairs of treatments in each block in which all of them are known:
 * those of the first pair, then of the second, and so on. Trials that the plan's rules exclude and
 * disturbed blocks are not used. All differences and ratios within blocks of an explanation come
 * from here.
 */
export function withinBlocks(
  study: Study,
  pairs: readonly { readonly from: Treatment; readonly to: Treatment }[],
  names: PairNames = ['from', 'to'],
): { readonly blocks: readonly BlockTimes[]; readonly excluded: readonly ExcludedBlock[] } {
  const leftOut = excludedTrials(study)
  const read = pairs.map(({ from, to }) =>
    pairBlocks(study, { a: from, b: to }, (trial, name) => wallTime(study, trial, name), { names, leftOut }),
  )
  const [first, ...others] = read.map((one) => new Map(one.pairs.map(({ block, a, b }) => [block, [a, b]])))
  const blocks = [...first!].flatMap(([block, own]) => {
    const rest = others.map((other) => other.get(block))
    return rest.every((times) => times !== undefined) ? [[...own, ...rest.flat()]] : []
  })
  return { blocks, excluded: read.flatMap((one) => one.excluded) }
}
