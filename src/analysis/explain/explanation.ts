import type { Treatment } from '../../study/treatment.js'
import type { ExcludedBlock } from '../compare/pair-blocks.js'
import type { Estimate } from '../statistics/estimate.js'
import type { QuotedNumber } from '../text/phrase.js'
import type { Activity, ActivityFacts } from './activities.js'

/** Whose time an activity is. */
export type Side = ActivityFacts['side']

/** An amount of the workers' time under two treatments: means over blocks, and the difference within blocks. */
export interface TimeChange {
  /** Milliseconds summed over the workers. */
  readonly fromMs: number
  readonly toMs: number
  /** to − from, in milliseconds: mean over blocks with Student's t interval; no interval of a single block. */
  readonly change: Estimate
}

/** How the time that went to one activity changed. */
export interface ActivityChange extends TimeChange {
  readonly activity: Activity
  readonly label: string
  readonly side: Side
  /** `change` as a share of the change of the whole; null where that cannot be told from nothing. */
  readonly shareOfChange: number | null
}

/** How the time that went to all activities of one side changed. */
export interface SideChange extends TimeChange {
  readonly side: Side
  readonly label: string
  readonly shareOfChange: number | null
}

/** How the share of lock and LWLock waits in the time in COPY changed: 0 to 1, and `change` as a difference of shares. */
export interface LockShareChange {
  readonly from: number
  readonly to: number
  readonly change: Estimate
  /** The same in words. */
  readonly sentence: string
  /** The numbers in `sentence`. */
  readonly numbers: readonly QuotedNumber[]
}

/** Where the workers' time went under one treatment and under another, within blocks. Plain data: safe to print and to write as JSON. */
export interface Explanation {
  readonly study: string
  readonly from: Treatment
  readonly to: Treatment
  /** "1 worker to 8 at 1K" */
  readonly contrast: string
  /** Confidence level of each interval by itself, not of all of them together. */
  readonly level: number
  /** Blocks in which both trials were completed and their waits were read. */
  readonly blocks: number
  readonly excluded: readonly ExcludedBlock[]
  /** False where `/proc` of the server's host could not be read in some trial: then running holds queueing too, which is not listed. */
  readonly cpuKnown: boolean
  /** The workers' whole time: workers × total time. Null without a block, as all that follows is null or empty. */
  readonly wall: TimeChange | null
  /** In the order in which figures stack them. They need not add up to `wall` exactly: see `workerTime`. */
  readonly activities: readonly ActivityChange[]
  readonly sides: readonly SideChange[]
  /** The activity whose time changed most, in either direction. */
  readonly largest: Activity | null
  /** The side whose time changed most, where that can be told from nothing. */
  readonly largestSide: Side | null
  readonly lockShare: LockShareChange | null
  /** What changed and by how much, every number computed. */
  readonly sentence: string
  /** Contention or client? The same by sides. */
  readonly reason: string
  /** The numbers in `sentence` and `reason`. */
  readonly numbers: readonly QuotedNumber[]
}
