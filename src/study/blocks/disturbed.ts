import { oncePer } from '../../once-per.js'
import type { FindingCode } from '../finding.js'
import type { Blocker } from '../readings.js'
import type { Study } from '../study.js'
import type { CompletedTrial, Trial } from '../trial.js'

/**
 * Findings that leave a trial's block out of every analysis of every study, whatever its plan
 * preregisters: the trial measured something other than its treatment.
 */
export type Disturbance = Extract<FindingCode, 'interrupted-in-trial' | 'blocked-in-trial'>

/**
 * Minimum wait of workers for another session, in milliseconds, that leaves a trial out: less is
 * small even in a short trial of a second.
 */
const blockedMs = 100

/** Returns a trial's standstills; empty for none, and where they were not recorded. */
export function interruptionsOf({ interruptions }: CompletedTrial): NonNullable<CompletedTrial['interruptions']> {
  return interruptions ?? []
}

/**
 * Returns the sessions that a trial's workers waited for at least `blockedMs`; empty for none,
 * and where they were not recorded.
 */
export function blockersOf({ blockers }: CompletedTrial): readonly Blocker[] {
  return (blockers ?? []).filter(({ waitedMs }) => waitedMs >= blockedMs)
}

/**
 * Returns the reason why a trial measured something other than its treatment; null where there is
 * none.
 */
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
 * Returns the blocks that no analysis uses, by their numbers, each with the trials for which it is
 * left out. The warm-up is never analysed and not included.
 */
export function disturbedBlocks({ trials }: Pick<Study, 'trials'>): ReadonlyMap<number, readonly DisturbedTrial[]> {
  return disturbedIn(trials)
}

const disturbedIn = oncePer((trials: readonly Trial[]): ReadonlyMap<number, readonly DisturbedTrial[]> => {
  const blocks = new Map<number, DisturbedTrial[]>()
  for (const trial of trials) {
    const reason = trial.phase === 'warm-up' ? null : disturbanceOf(trial)
    if (reason === null) continue
    blocks.set(trial.block, [...(blocks.get(trial.block) ?? []), { trial: trial.trial, reason }])
  }
  return blocks
})

/**
 * Returns the trials that may be analysed, in run order: those of blocks in which no trial was
 * interrupted, or blocked by another session's lock; failed ones included.
 */
export function undisturbedTrials({ trials }: Pick<Study, 'trials'>): readonly Trial[] {
  return undisturbedIn(trials)
}

const undisturbedIn = oncePer((trials: readonly Trial[]): readonly Trial[] => {
  const disturbed = disturbedIn(trials)
  return disturbed.size === 0 ? trials : trials.filter(({ block }) => !disturbed.has(block))
})

/**
 * Maximum use of a host's cores by others without disturbing a trial: as a share of the cores, and
 * as a number of cores.
 */
const quiet = { share: 0.1, cores: 0.5 }

/**
 * Returns the number of cores from which on, kept busy on average by processes that are neither the
 * server's nor copylab's, a period of `ms` on a host of `cores` cores counts as disturbed. On an
 * idle machine of 2 cores the trials of the four reference studies (1,190 of 0.8 to 2.6 s) read
 * 0.006 to 0.08 cores, except for nine with other activity; a tenth of the cores is more than twice
 * that. Below a second the error of the reading is larger: the kernel samples each core at its
 * ticks, at least 100 per second, as busy or idle, so that the standard deviation of n samples is
 * at most half a tick times the root of n. Three standard deviations are allowed.
 */
export function busyCores(cores: number, ms: number): number {
  const tickMs = 10
  const errorMs = 3 * (tickMs / 2) * Math.sqrt((cores * ms) / tickMs)
  return Math.max(Math.min(quiet.share * cores, quiet.cores), ms > 0 ? errorMs / ms : Number.POSITIVE_INFINITY)
}

/**
 * Names the holder of a lock as far as it is known: "process 4711 (user reports, application
 * psql)", "a prepared transaction".
 */
export function blockerName({ pid, user, application }: Pick<Blocker, 'pid' | 'user' | 'application'>): string {
  if (pid === 0) return 'a prepared transaction'
  const known = [
    ...(user === null ? [] : [`user ${user}`]),
    ...(application === '' ? [] : [`application ${application}`]),
  ]
  return `process ${pid}${known.length > 0 ? ` (${known.join(', ')})` : ''}`
}
