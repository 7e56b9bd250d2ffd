import { inMessage } from '../check.js'
import type { Context } from './context.js'
import type { DamagedLine } from './journal/damage.js'
import type { Plan } from './plan.js'
import type { Trial } from './trial.js'

/** Look at which a study ended before its last block. */
export interface EarlyStop {
  readonly look: number
  readonly block: number
  readonly text: string
}

/**
 * One plan executed against one server. Holds everything that analysis needs; can be read from disk
 * without a server.
 */
export interface Study {
  /** The plan that the trials follow. */
  readonly plan: Plan
  /** One per session, oldest first. */
  readonly contexts: readonly Context[]
  /** In run order, warm-up included. */
  readonly trials: readonly Trial[]
  /**
   * Trials of blocks that a session had begun when it broke off, and that another session ran again
   * from their beginning: never analysed. Empty for studies that are not in sessions.
   */
  readonly brokenOff: readonly Trial[]
  /** Early end of the study; null when it ran to its last block or is not finished. */
  readonly stopped: EarlyStop | null
  /**
   * Damaged lines of the journal, which are not used, such as a trial with a wrong digest; empty
   * for none.
   */
  readonly damaged: readonly DamagedLine[]
  /** `disk` when no trial was run by the call that returned it. */
  readonly origin: 'measured' | 'disk'
  /** Path of the journal, relative to the project's root where it lies inside. */
  readonly journal: string
}

/** Result of a look at a running study. */
export interface Interim {
  /**
   * Number of the look at this block, from 1; null where the rule has no look, so that the study
   * cannot end here.
   */
  readonly look: number | null
  /** Whether the primary contrast is decided at this look. */
  readonly decided: boolean
  /** Describes the contrast so far. */
  readonly text: string
}

/**
 * Result of the analysis of a study after a block: of its primary contrast, and of disturbances.
 */
export interface BlockLook {
  /**
   * Result for the primary contrast; null for a study without preregistration whose caller takes no
   * look.
   */
  readonly interim: Interim | null
  /** "others use 1.1 of 2 cores"; null for nothing. */
  readonly warning: string | null
}

/** Origin of the trials that a call of `runStudy` finds on disk. */
export interface StoredTrials {
  /** Hash of the plan that they belong to. */
  readonly plan: string
  /** Day (UTC) on which the first session began, such as 2026-11-26. */
  readonly firstDay: string
  /** Day (UTC) on which the last session began. */
  readonly lastDay: string
  readonly cores: number
}

/**
 * Numbers of failed trials of blocks without a completed one at their place: those that the next
 * call runs again, and those that it does not.
 */
export interface FailureCounts {
  /** Failed trials that the next call runs again. */
  readonly again: number
  /** Failed trials that are not run again. */
  readonly standing: number
}

/** Argument of `onProgress`. `etaMs` is null until a trial has been timed. */
export interface Progress {
  readonly study: string
  readonly stage: 'input' | 'server' | 'warm-up' | 'measured' | 'done'
  /** Number of finished trials, those already on disk included. */
  readonly done: number
  /** Number of planned trials, those already on disk included. */
  readonly total: number
  readonly etaMs: number | null
  /** The running trial or step: "block 2/6, 4 workers × 10,000". */
  readonly message: string
  /** The trial that has just ended, if one has. */
  readonly trial: Trial | null
  /**
   * Describes the study after the last complete block; null without a stopping rule and without
   * `interim`.
   */
  readonly interim: string | null
  /**
   * Disturbance of the study in its blocks so far: "others use 1.1 of 2 cores"; null for nothing,
   * and before the first block has ended.
   */
  readonly warning: string | null
  /** Origin of the trials that were on disk when the call began; null when there were none. */
  readonly stored: StoredTrials | null
  /** Failed trials of the study, at its end; null before the end, and when none failed. */
  readonly failed: FailureCounts | null
}

/**
 * Returns the value when it is a study. Throws `TypeError` otherwise, with what to write where a
 * study's name was given.
 */
export function checkedStudy(value: unknown): Study {
  if (isStudy(value)) return value
  const remedy = typeof value === 'string' ? `: read it by readStudy(${JSON.stringify(value)})` : ''
  throw new TypeError(`Expected a study, as runStudy and readStudy return it, got ${inMessage(value)}${remedy}`)
}

/** Returns one or more studies as a list. Throws `TypeError` for anything else among them. */
export function checkedStudies(value: Study | readonly Study[]): readonly Study[] {
  return (Array.isArray(value) ? value : [value]).map(checkedStudy)
}

function isStudy(value: unknown): value is Study {
  const { plan, trials } = (value ?? {}) as Partial<Study>
  return typeof plan === 'object' && Array.isArray(trials)
}
