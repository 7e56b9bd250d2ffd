import type { Study } from '../../../study/study.js'
import type { Treatment } from '../../../study/treatment.js'
import { type ExcludedBlock, type PairNames, pairBlocks } from '../../compare/pair-blocks.js'
import { excludedTrials } from '../../compare/preregistration.js'
import { type Basis, basisOf, replicates } from '../../replicates/replicates.js'
import { mean } from '../../statistics/numerics/moments.js'
import { type HostUse, meanUse } from './host-use.js'
import { dividedAlike, measuredNames, type WallTime, wallTime } from './wall-time.js'

/**
 * The divided times of several treatments in one block, in the order of the treatments; in a study
 * in sessions their means over the blocks of one session.
 */
export type BlockTimes = readonly WallTime[]

/**
 * Returns the divided times of pairs of treatments in each block in which all of them are known:
 * those of the first pair, then of the second, and so on; in a study in sessions the means of each
 * session, since intervals rest on these. Trials that the plan's rules exclude and
 * disturbed blocks are not used. All differences and ratios within blocks of an explanation come
 * from here.
 */
export function withinBlocks(
  study: Study,
  pairs: readonly { readonly from: Treatment; readonly to: Treatment }[],
  names: PairNames = ['from', 'to'],
): { readonly blocks: readonly BlockTimes[]; readonly basis: Basis; readonly excluded: readonly ExcludedBlock[] } {
  const leftOut = excludedTrials(study)
  const read = pairs.map(({ from, to }) =>
    pairBlocks(study, { a: from, b: to }, (trial, name) => wallTime(study, trial, name), { names, leftOut }),
  )
  const [first, ...others] = read.map((one) => new Map(one.pairs.map(({ block, a, b }) => [block, [a, b]])))
  const found = [...first!].flatMap(([block, own]) => {
    const rest = others.map((other) => other.get(block))
    return rest.every((times) => times !== undefined) ? [{ block, times: [...own, ...rest.flat()] }] : []
  })
  const alike = dividedAlike(found.map(({ times }) => times)).map((times, k) => ({ block: found[k]!.block, times }))
  return {
    blocks: replicates(study, alike).map((own) =>
      own.length === 1 ? own[0]!.times : own[0]!.times.map((_, k) => meanTime(own.map(({ times }) => times[k]!))),
    ),
    basis: basisOf(study, found),
    excluded: read.flatMap((one) => one.excluded),
  }
}

function meanTime(times: readonly WallTime[]): WallTime {
  const over = (read: (time: WallTime) => number): number => mean(times.map(read))
  const hosts = times.map(({ host }) => host)
  const unknown = hosts.find((host) => typeof host === 'string')
  return {
    ...times[0]!,
    totalMs: over(({ totalMs }) => totalMs),
    perWorker: Object.fromEntries(
      measuredNames.map((name) => [name, over(({ perWorker }) => perWorker[name])]),
    ) as WallTime['perWorker'],
    host: unknown ?? meanUse(hosts as readonly HostUse[]),
  }
}
