import { fewest } from '../statistics/numerics/fewest.js'
import { mean } from '../statistics/numerics/moments.js'
import {
  decidedShare,
  type PlannedStudy,
  type Replication,
  simulatedVerdicts,
  type VerdictShares,
} from './simulated-verdicts.js'

/** What the search for a study's size keeps to. */
export interface SizeLimits {
  /** Share of the studies that are to end with a true verdict. */
  readonly power: number
  /** Number of replicates below which no verdict is given. */
  readonly minReplicates: number
  /** Number of blocks, in all, beyond which none is searched. */
  readonly maxBlocks: number
  readonly seed: number
}

/** A size with which a planned study decides, and how it then ends. */
export interface DecidingSize extends Replication {
  readonly verdicts: VerdictShares
}

/**
 * Returns the fewest blocks, each a replicate, with which a planned study ends with a true verdict
 * as often as asked; null where the most are not enough.
 */
export function decidingBlocks(planned: PlannedStudy, limits: SizeLimits): DecidingSize | null {
  return fewestReplicates({ ...planned, sessionSd: 0 }, 1, limits)
}

/**
 * Returns how many sessions of how many blocks decide, the mean of a session being a replicate;
 * null where the most blocks are not enough. A session gets as many blocks as make the standard
 * error of its mean equal to the standard deviation between sessions: with more, what is left is
 * mostly the latter, which only further sessions reduce. With the fewest sessions that then decide,
 * fewer blocks may do as well.
 */
export function decidingSessions(planned: PlannedStudy, limits: SizeLimits): DecidingSize | null {
  const { minReplicates, maxBlocks } = limits
  const variance = mean(planned.deviations.map((one) => one ** 2))
  const most = Math.floor(maxBlocks / minReplicates)
  const balanced = planned.sessionSd > 0 ? Math.ceil(variance / planned.sessionSd ** 2) : most
  const found = fewestReplicates(planned, Math.max(1, Math.min(most, balanced)), limits)
  if (found === null) return null
  const { replicates } = found
  const blocks = fewest((count) => decides(planned, { replicates, blocks: count }, limits), 1, found.blocks)
  return blocks === null ? found : sized(planned, { replicates, blocks }, limits)
}

/**
 * Returns the fewest replicates of some blocks each that decide, found by doubling and then by
 * halving, since a simulation takes as long as the study that it simulates.
 */
function fewestReplicates(planned: PlannedStudy, blocks: number, limits: SizeLimits): DecidingSize | null {
  const most = Math.floor(limits.maxBlocks / blocks)
  const isEnough = (replicates: number): boolean => decides(planned, { replicates, blocks }, limits)
  let [from, to] = [limits.minReplicates, Math.min(limits.minReplicates, most)]
  while (to < most && !isEnough(to)) [from, to] = [to + 1, Math.min(2 * to, most)]
  const replicates = from <= to ? fewest(isEnough, from, to) : null
  return replicates === null ? null : sized(planned, { replicates, blocks }, limits)
}

function decides(planned: PlannedStudy, size: Replication, { power, seed }: SizeLimits): boolean {
  return decidedShare(simulatedVerdicts(planned, size, seed), planned) >= power
}

function sized(planned: PlannedStudy, size: Replication, { seed }: SizeLimits): DecidingSize {
  return { ...size, verdicts: simulatedVerdicts(planned, size, seed) }
}
