import type { FindingCode } from './finding.js'
import type { Blocker } from './readings.js'
import type { Study } from './study.js'
import type { CompletedTrial, Trial } from './trial.js'

/**
 * What leaves a trial's block out of every analysis of every study, whatever its plan registers:
 * the trial measured something else than its treatment.
 */
export type Disturbance = Extract<FindingCode, 'interrupted-in-trial' | 'blocked-in-trial'>

/**
 * Others that workers waited for no longer than this are none that a trial of a second, which is
 * short, is left out for.
 */
const blockedMs = 100

/** A trial's standstills; empty for none, and where they were not watched for. */
export function interruptionsOf({ interruptions }: CompletedTrial): NonNullable<CompletedTrial['interruptions']> {
  return interruptions ?? []
}

/**
 * Those that a trial's workers waited for, long enough to matter; empty for none, and where they
 * were not watched for.
 */
export function blockersOf({ blockers }: CompletedTrial): readonly Blocker[] {
  return (blockers ?? []).filter(({ waitedMs }) => waitedMs >= blockedMs)
}

/** Why a trial measured something else than its treatment; null where nothing shows that it did. */
export function disturbanceOf(trial: Trial): Disturbance | null {
  if (trial.state === 'failed') return null
  if (interruptionsOf(trial).length > 0) return 'interrupted-in-trial'
  return blockersOf(trial).length > 0 ? 'blocked-in-trial' : null
}

/** A trial for which its block is left out, and why. */
export interface DisturbedTrial {
  readonly trial: number
  readonly reason: Disturbance
}

/**
 * The blocks that no analysis uses, by their numbers, each with the trials that it is left out for.
 * The warm-up is not analysed anyway.
 */
export function disturbedBlocks({ trials }: Pick<Study, 'trials'>): ReadonlyMap<number, readonly DisturbedTrial[]> {
  const blocks = new Map<number, DisturbedTrial[]>()
  for (const trial of trials) {
    const reason = trial.phase === 'warm-up' ? null : disturbanceOf(trial)
    if (reason === null) continue
    blocks.set(trial.block, [...(blocks.get(trial.block) ?? []), { trial: trial.trial, reason }])
  }
  return blocks
}

/**
 * The trials that may be analysed, in run order: those of blocks in which no trial was interrupted,
 * or blocked by somebody else's lock; failed ones too.
 */
export function undisturbedTrials({ trials }: Pick<Study, 'trials'>): readonly Trial[] {
  const disturbed = disturbedBlocks({ trials })
  return disturbed.size === 0 ? trials : trials.filter(({ block }) => !disturbed.has(block))
}

/**
 * Of a host's cores, the share that others may use before a trial counts as disturbed by them, and
 * no more than so many cores.
 */
const quiet = { share: 0.1, cores: 0.5 }

/**
 * From how many cores on, kept busy on average by processes that are neither the server's nor
 * copylab's, a time of `ms` on a host of so many cores is not a quiet one. On an idle machine of 2
 * cores the trials of the four reference studies (1,190 of 0.8 to 2.6 s) read 0.006 to 0.08 cores,
 * but for nine in which something was at work; a tenth of the cores is more than twice that. Below
 * a second the error of the reading is larger: the kernel looks at each core at its ticks, 100 in a
 * second at the least, and says busy or not, so that the standard deviation of n looks is at most
 * half a tick times the root of n. Three of them are allowed for.
 */
export function busyCores(cores: number, ms: number): number {
  const tickMs = 10
  const errorMs = 3 * (tickMs / 2) * Math.sqrt((cores * ms) / tickMs)
  return Math.max(Math.min(quiet.share * cores, quiet.cores), ms > 0 ? errorMs / ms : Number.POSITIVE_INFINITY)
}

/**
 * "process 4711 (user reports, application psql)", "a prepared transaction": who held a lock, as
 * far as it is known.
 */
export function blockerName({ pid, user, application }: Pick<Blocker, 'pid' | 'user' | 'application'>): string {
  if (pid === 0) return 'a prepared transaction'
  const known = [
    ...(user === null ? [] : [`user ${user}`]),
    ...(application === '' ? [] : [`application ${application}`]),
  ]
  return `process ${pid}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}
