import type { Disturbance } from '../../study/blocks/disturbed.js'
import type { Finding, FindingCode } from '../../study/finding.js'
import type { Plan } from '../../study/plan.js'
import type { Blocker, Interruption } from '../../study/readings.js'
import type { Study } from '../../study/study.js'
import type { Factor, Treatment } from '../../study/treatment.js'
import type { Control } from '../../study/trial.js'
import type { FTest } from '../statistics/least-squares.js'
import type { Difference } from '../tables/study-facts.js'

/** The part that all findings about a study's trials share: the code, and the trials. */
export interface Doubt<Code extends FindingCode> extends Pick<Finding, 'code'> {
  readonly result: 'finding'
  readonly code: Code
  /**
   * Numbers of the trials that the finding is about; empty where it is about the study as a whole.
   */
  readonly trials: readonly number[]
}

/** A treatment or a control, as a block runs it. */
export interface BlockEntry {
  readonly treatment: Treatment
  /** The control; null for a treatment. */
  readonly control: Control | null
}

/** Entries of a block that have no completed trial there. */
export interface BlockGap {
  readonly block: number
  readonly entries: readonly BlockEntry[]
}

/** Factors that vary in the study; a finding's words name treatments by them. */
export interface NamedTreatments {
  readonly varying: readonly Factor[]
}

/** Blocks that were begun and lack a trial. */
export interface MissingTrials extends Doubt<'unequal-blocks'>, NamedTreatments {
  readonly kind: 'missing'
  readonly gaps: readonly BlockGap[]
}

/**
 * Trials that failed and have no completed one in their place: one gap for each place, however
 * often it was tried.
 */
export interface FailedTrials extends Doubt<'unequal-blocks'>, NamedTreatments {
  readonly kind: 'failed'
  readonly gaps: readonly BlockGap[]
  /** Whether the failures are final; the next call of `runStudy` runs the others again. */
  readonly stands: boolean
}

/** Trials that failed and were run again, outside their blocks' order. */
export interface RepeatedTrials extends Doubt<'unequal-blocks'> {
  readonly kind: 'repeated'
}

/** Blocks that ran in several sessions. */
export interface TornBlocks extends Doubt<'unequal-blocks'> {
  readonly kind: 'torn'
  readonly blocks: readonly number[]
}

/** Lines of the journal that cannot be trusted, so that what they held is not counted. */
export interface DamagedLines extends Doubt<'damaged-line'> {
  readonly journal: string
  readonly lines: Study['damaged']
}

/** Levels that make no difference, which were not run a second time. */
export interface LevelsWithoutEffect extends Doubt<'level-without-effect'> {
  readonly leftOut: Plan['leftOut']
}

/** A session that ran with something else than the first one. */
export interface ChangedSession extends Doubt<'settings-changed'> {
  readonly kind: 'session'
  /** Number of the session, from 1. */
  readonly session: number
  /** The changes: `a` in the first session, `b` in this one. */
  readonly changes: readonly Difference[]
}

/** The server read its configuration again between trials. */
export interface Reload extends Doubt<'settings-changed'> {
  readonly kind: 'reload'
}

/** Treatments whose trials are too short. */
export interface ShortTrials extends Doubt<'short-trials'>, NamedTreatments {
  readonly short: readonly Treatment[]
  /** Number of treatments of the study. */
  readonly treatments: number
  /** Median duration of the shortest trials in milliseconds. */
  readonly shortestMs: number
  /** Number of records with which the trials would be long enough. */
  readonly enoughRecords: number
  /**
   * Number of records that the input holds, where the study loads all of them; null where more can
   * be asked for.
   */
  readonly allRecords: number | null
}

/** Treatments in whose trials some workers never had a part. */
export interface IdleWorkers extends Doubt<'idle-workers'>, NamedTreatments {
  /** The treatments, each with the smallest number of workers that had a part. */
  readonly idle: readonly { readonly treatment: Treatment; readonly loaded: number }[]
}

/** Trials whose round trips took longer than their treatment asks for. */
export interface LongRoundTrips extends Doubt<'long-round-trips'> {
  /** The most by which one was longer, in milliseconds. */
  readonly excessMs: number
}

/** Batch sizes at which one batch holds all records. */
export interface LargeBatches extends Doubt<'large-batches'> {
  readonly sizes: readonly number[]
  /** Number of records that each trial loads. */
  readonly records: number
}

/** Treatments that kept the client's event loop busy. */
export interface SaturatedClient extends Doubt<'client-saturated'>, NamedTreatments {
  /** The treatments, and the mean share of the time in which the event loop was busy. */
  readonly busy: readonly { readonly treatment: Treatment; readonly share: number }[]
}

/**
 * Trials that measured something other than their treatment, so that no analysis uses their blocks.
 */
export interface DisturbingDoubt<Code extends Disturbance> extends Doubt<Code> {
  readonly blocks: readonly number[]
}

/** Trials during which the client, the server or a worker's backend was paused. */
export interface InterruptedTrials extends DisturbingDoubt<'interrupted-in-trial'> {
  readonly interruptions: readonly (Interruption & { readonly trial: number })[]
}

/** Trials whose workers waited for a lock that another session held. */
export interface BlockedTrials extends DisturbingDoubt<'blocked-in-trial'> {
  readonly blockers: readonly (Blocker & { readonly trial: number })[]
}

/** Trials disturbed by something without an amount. */
export interface DisturbedTrials extends Doubt<'swap'> {
  readonly server: ServerOfStudy
}

/** Trials during which autovacuum was active. */
export interface AutovacuumTrials extends Doubt<'autovacuum-in-trial'> {
  readonly server: ServerOfStudy
}

/** Trials in which a checkpoint began. */
export interface CheckpointTrials extends Doubt<'checkpoint-in-trial'> {
  readonly server: ServerOfStudy
  /**
   * Whether the treatments ask for a checkpoint before each trial; where they ask for none, one
   * that falls into a trial is part of what they measure.
   */
  readonly checkpoints: Treatment['checkpoints']
}

/**
 * Kind of the server of a study's last session: copylab's own or another, which decides the
 * remedies.
 */
export type ServerOfStudy = 'embedded' | 'other'

/** Trials during which others used the host's cores. */
export interface BusyHost extends Doubt<'busy-host'> {
  /**
   * Average number of cores that they kept busy in these trials, and number of cores of the host.
   */
  readonly used: number
  readonly cores: number
  /** Number of trials for which it is known. */
  readonly known: number
  /**
   * Whether the number is derived for some of them, so that it includes the server's work other
   * than that of the workers' backends.
   */
  readonly derived: boolean
}

/** Trials in which other virtual machines took CPU time. */
export interface StolenTime extends Doubt<'steal'> {
  /** Greatest share of the CPU time that they took. */
  readonly share: number
}

/** Trials during which the server's clock and the client's moved apart. */
export interface ClockDrift extends Doubt<'clock-drift'> {
  /** Greatest difference in milliseconds between the clocks' movements. */
  readonly driftMs: number
}

/** Effect of a trial's place within its block. */
export interface PositionEffect extends Doubt<'position-effect'> {
  /** Whether some treatments ask for no checkpoint before their trials, though they could. */
  readonly withoutCheckpoints: boolean
  readonly test: FTest
  /** The places whose trials took longest and shortest, from 1. */
  readonly slowest: number
  readonly fastest: number
  /** Share by which trials took longer at the slowest place. */
  readonly longer: number
}

/** The numbers of the first and the last of some trials. */
export interface TrialSpan {
  readonly first: number
  readonly last: number
}

/** Change of times in the run order. */
export interface Drift {
  /** Slope of the logarithm of the total time, per trial. */
  readonly slope: number
  readonly pTwoSided: number
  /**
   * The change from the first trial to the last, as a share; in a study in sessions over its
   * longest session.
   */
  readonly change: number
  /** The trials over which the slope holds: all of them, in a study in sessions those of each. */
  readonly spans: readonly TrialSpan[]
  /** Whether the slope is that within sessions. */
  readonly isInSessions: boolean
}

/** Times rose or fell over the study. */
export interface DriftedTimes extends Doubt<'drift'> {
  readonly drift: Drift
}

/** The client's memory grew over a session. */
export interface MemoryGrowth extends Doubt<'memory-growth'> {
  /** Share by which the memory grew over the longest session. */
  readonly growth: number
  readonly p: number
}

/**
 * Codes of the findings that sessions make before their trials: about rights that a study's user
 * lacks on the server, a pooler before it, and a table that is made like another.
 */
export type SessionCode = Extract<
  FindingCode,
  | 'no-checkpoint'
  | 'no-proc'
  | 'no-observer'
  | 'pooler-between'
  | 'server-not-restarted'
  | 'left-out-parts'
  | 'unverified-columns'
>

/** What a session found before its trials, in its own words. */
export interface SessionFinding extends Doubt<SessionCode>, Pick<Finding, 'message'> {}

/**
 * A finding about a study's trials, as `checkStudy` returns it. Plain data; `wordsOf` gives its
 * words.
 */
export type StudyFinding =
  | MissingTrials
  | FailedTrials
  | RepeatedTrials
  | TornBlocks
  | InterruptedTrials
  | BlockedTrials
  | LevelsWithoutEffect
  | DamagedLines
  | ChangedSession
  | Reload
  | ShortTrials
  | IdleWorkers
  | LargeBatches
  | LongRoundTrips
  | SaturatedClient
  | DisturbedTrials
  | AutovacuumTrials
  | CheckpointTrials
  | BusyHost
  | StolenTime
  | ClockDrift
  | PositionEffect
  | DriftedTimes
  | MemoryGrowth
  | SessionFinding
