import { sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { replicates } from '../replicates/replicates.js'
import { mean } from '../statistics/numerics/moments.js'
import type { ContrastPair } from './contrast.js'
import { logRatioOf } from './pair-blocks.js'

/** The ratio a / b in one session of a study in sessions. */
export interface SessionRatio {
  /** Number of the session, from 1. */
  readonly session: number
  /** Number of its blocks that are used. */
  readonly blocks: number
  /** Geometric mean of the ratios in these blocks. */
  readonly ratio: number
}

/** Returns the ratio of each session, in run order; empty for a study that is not in sessions. */
export function sessionRatios(study: Study, pairs: readonly ContrastPair[]): SessionRatio[] {
  if (study.plan.blocksPerSession === null) return []
  const sessions = sessionOfBlocks(study)
  return replicates(study, pairs).map((own) => ({
    session: sessions.get(own[0]!.block)! + 1,
    blocks: own.length,
    ratio: Math.exp(mean(own.map(logRatioOf))),
  }))
}
