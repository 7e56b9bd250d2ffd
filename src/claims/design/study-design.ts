import type { VerdictShares } from '../../analysis/design/simulated-verdicts.js'
import type { Contrasted } from '../../analysis/text/sentence.js'
import type { ClaimBounds } from '../../study/claim.js'
import type { Metric } from '../../study/metric.js'

/**
 * The size that a study needs to decide a claim. Plain data: safe to print and to write as JSON;
 * `say` says it.
 */
export interface StudyDesign extends Contrasted {
  /** Names the kind of result. */
  readonly result: 'study-design'
  /** Name of the pilot. */
  readonly study: string
  /** The claim's id. */
  readonly id: string
  readonly metric: Metric
  /** The claim as bounds of a / b. */
  readonly claim: ClaimBounds
  /** Confidence level at which the claim is going to be judged, its share of the error rate. */
  readonly level: number
  /** The largest difference that does not matter, as a share. */
  readonly margin: number
  /** Share of studies of this size that are to end with a true verdict, at least. */
  readonly power: number
  /** The ratio a / b that is taken for true; null where the pilot has no block to take it from. */
  readonly truth: number | null
  readonly truthFrom: 'pilot' | 'stated'
  /** Number of blocks of the pilot that the spread is taken from. */
  readonly pilotBlocks: number
  /** Standard deviation of the log ratio of a block, within a session; null without a spread. */
  readonly sd: number | null
  /** Number of blocks, or sessions, below which no verdict is given. */
  readonly minBlocks: number
  /** Number of blocks at which the search ends. */
  readonly maxBlocks: number
  /** Blocks, in all, of a study in one session; null where `obstacle` says why. */
  readonly blocks: number | null
  /** The reason why `blocks` is null, and in words; null where it is known. */
  readonly obstacle: DesignObstacle | null
  readonly reason: string | null
  /** Shares of the simulated studies of `blocks` blocks by their verdict; null without `blocks`. */
  readonly verdicts: VerdictShares | null
  /**
   * Time that a study of `blocks` blocks takes, its warm-up included, in minutes; null where the
   * pilot does not tell the time of a block.
   */
  readonly minutes: number | null
  /**
   * The size of a study whose sessions are its replicates; null where no such study of up to
   * `maxBlocks` blocks decides.
   */
  readonly sessions: SessionsDesign | null
  /** Standard deviation between sessions of the log ratio, in addition to that of their blocks. */
  readonly sessionSd: number
  readonly sessionSdFrom: 'pilot' | 'stated' | 'default'
  /** Number of sessions of the pilot. */
  readonly pilotSessions: number
  /**
   * Time of a block of the two treatments alone, in seconds, by the pilot's median times from the
   * start of a trial to that of the next; null where it does not tell.
   */
  readonly blockSeconds: number | null
  /** Number of blocks of a session's warm-up, as in the pilot. */
  readonly warmUpBlocks: number
  /** What the numbers rest on, in words. */
  readonly assumed: readonly string[]
}

/**
 * Why no number of blocks is known: too few blocks in the pilot; a truth on an edge of the claimed
 * band or of the margin; more blocks than the most.
 */
export type DesignObstacle = 'few-blocks' | 'edge' | 'too-many'

/** A study in several sessions, each with a server, a client and a warm-up of its own. */
export interface SessionsDesign {
  readonly sessions: number
  /** Blocks of each session, without its warm-up. */
  readonly blocks: number
  /** Shares of the simulated studies of this size by their verdict. */
  readonly verdicts: VerdictShares
  /** Time of all sessions, their warm-up included; null as `minutes` of the design. */
  readonly minutes: number | null
}
