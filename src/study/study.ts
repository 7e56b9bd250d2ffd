import type { Context } from './context.js'
import type { DamagedLine } from './journal/damage.js'
import type { Plan } from './plan.js'
import type { Trial } from './trial.js'

/** The look at which a study ended before its last block. */
export interface EarlyStop {
  readonly look: number
  readonly block: number
  readonly text: string
}

/**
 * One plan executed against one server. Everything that analysis needs; can be read from disk
 * without a server.
 */
export interface Study {
  readonly plan: Plan
  /** One per session, oldest first. */
  readonly contexts: readonly Context[]
  /** In run order, warm-up included. */
  readonly trials: readonly Trial[]
  /** Null for a study that ran on to its last block, or is not finished. */
  readonly stopped: EarlyStop | null
  /**
   * Lines of the journal that cannot be trusted and are not counted, such as a trial whose digest
   * does not fit; empty for none.
   */
  readonly damaged: readonly DamagedLine[]
  /** `disk` when no trial was run by the call that returned it. */
  readonly origin: 'measured' | 'disk'
  /** Path of the journal, relative to the project's root where it lies inside. */
  readonly journal: string
}

/** What a look at a study says while it runs. */
export interface Interim {
  /**
   * The look that this block is, from 1; null where the rule does not look, so that nothing may
   * end.
   */
  readonly look: number | null
  /** Whether the primary contrast is decided at this look. */
  readonly decided: boolean
  /** The contrast so far, in words. */
  readonly text: string
}

/** What is said of a study after a block: of its primary contrast, and of what disturbs it. */
export interface BlockLook {
  /** Null for a study that registers nothing, unless its caller looks. */
  readonly interim: Interim | null
  /** "others use 1.1 of 2 cores"; null for nothing. */
  readonly warning: string | null
}

/** Where the trials that a call of `runStudy` finds on disk come from. */
export interface StoredTrials {
  /** Hash of the plan that they belong to. */
  readonly plan: string
  /** Days (UTC) on which the first and the last session began, such as 2026-11-26. */
  readonly firstDay: string
  readonly lastDay: string
  readonly cores: number
}

/**
 * Trials of blocks that failed and have no completed one in their place: those that the next call
 * runs again, and those that stand.
 */
export interface FailureCounts {
  readonly again: number
  readonly standing: number
}

/** What `onProgress` is told. `etaMs` is null until a trial has been timed. */
export interface Progress {
  readonly study: string
  readonly stage: 'input' | 'server' | 'warm-up' | 'measured' | 'done'
  /** Trials finished, and planned in all (those already on disk included in both). */
  readonly done: number
  readonly total: number
  readonly etaMs: number | null
  /** The trial that runs, or the step that is done: "block 2/6, 4 workers × 10,000". */
  readonly message: string
  /** The trial that has just ended, if one has. */
  readonly trial: Trial | null
  /**
   * The study after the last complete block, in words; null without a rule to stop by and without
   * `interim`.
   */
  readonly interim: string | null
  /**
   * What disturbs the study, seen in its blocks so far: "others use 1.1 of 2 cores"; null for
   * nothing, and before the first block has ended.
   */
  readonly warning: string | null
  /**
   * Where the trials come from that were on disk when the call began; null when there were none.
   */
  readonly stored: StoredTrials | null
  /** At the end what of the study failed; null before it, and for nothing. */
  readonly failed: FailureCounts | null
}
