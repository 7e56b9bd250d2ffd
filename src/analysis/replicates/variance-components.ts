import { sessionOfBlocks } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { minSessions, sessionSpread } from '../design/session-spread.js'
import { mean } from '../statistics/numerics/moments.js'
import { replicates } from './replicates.js'

/** How far a log ratio varies within the sessions of a study, and between them. */
export interface VarianceComponents {
  /** Standard deviation of a block's log ratio about the mean of its session. */
  readonly withinSd: number
  /**
   * Standard deviation of the log ratio between sessions, in addition to what their blocks' own
   * deviations make of it; 0 where the sessions differ by no more than chance.
   */
  readonly betweenSd: number
  /**
   * Share, from 0 to 1, of the variance of the mean of all sessions that is between them: only
   * further sessions reduce it, while more blocks in each reduce the rest. Null where nothing
   * varies.
   */
  readonly shareBetween: number | null
}

/**
 * Splits the variance of log ratios, one for each of some blocks: see `sessionSpread` for the two
 * standard deviations. Null for a study that is not in sessions, below 6 sessions, and where these
 * are too short.
 */
export function varianceComponents(
  study: Study,
  rows: readonly { readonly block: number; readonly logRatio: number }[],
): VarianceComponents | null {
  if (study.plan.blocksPerSession === null) return null
  const ofSessions = replicates(study, rows)
  if (ofSessions.length < minSessions) return null
  const sessions = sessionOfBlocks(study)
  const { sd, sessionSd } = sessionSpread(
    rows.map(({ logRatio }) => logRatio),
    rows.map(({ block }) => sessions.get(block)!),
  )
  if (sessionSd === null) return null
  const ofBlocks = sd ** 2 * mean(ofSessions.map((own) => 1 / own.length))
  const all = sessionSd ** 2 + ofBlocks
  return { withinSd: sd, betweenSd: sessionSd, shareBetween: all === 0 ? null : sessionSd ** 2 / all }
}
