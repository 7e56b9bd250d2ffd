import type { Study } from '../../../study/study.js'
import type { CompletedTrial } from '../../../study/trial.js'
import { judgedTrials, loadingTrials } from '../judged-trials.js'
import type {
  AutovacuumTrials,
  CheckpointTrials,
  ClockDrift,
  DisturbedTrials,
  ServerOfStudy,
  StolenTime,
} from '../study-finding.js'

/**
 * Share of the host's time taken by other virtual machines that can cause a difference of some per
 * cent.
 */
const stolenShare = 0.02

/**
 * Number of pages of 4 KiB, a mebibyte, above which swapping counts: Linux swaps a few idle pages
 * now and then.
 */
const swappedPages = 256

/**
 * Time synchronisation slews a clock by 0.05 % at most (adjtimex, 500 ppm); twice that is a clock
 * that was set or does not keep time.
 */
const driftShare = 0.001
/**
 * Difference in milliseconds between two readings over a connection that is within their own error.
 */
const driftFloorMs = 10

/**
 * Finds trials in which the server began a checkpoint, separately those whose treatment asks for
 * none between trials.
 */
export function checkpointInTrial(study: Study): CheckpointTrials[] {
  const own = loadingTrials(study).filter(({ checkpoints }) => (checkpoints ?? 0) > 0)
  return (['between', 'none'] as const).flatMap((checkpoints) => {
    const trials = own.filter(({ treatment }) => treatment.checkpoints === checkpoints)
    if (trials.length === 0) return []
    const server = serverOf(study)
    return [{ result: 'finding', code: 'checkpoint-in-trial', server, checkpoints, trials: numbersOf(trials) }]
  })
}

/**
 * Finds trials during which an autovacuum worker was seen; copylab's own table is exempt from it.
 */
export function autovacuumInTrial(study: Study): AutovacuumTrials[] {
  const own = loadingTrials(study).filter(({ autovacuumSamples }) => (autovacuumSamples ?? 0) > 0)
  if (own.length === 0) return []
  return [{ result: 'finding', code: 'autovacuum-in-trial', server: serverOf(study), trials: numbersOf(own) }]
}

/** Finds trials in which other virtual machines took time from the server's host. */
export function stolenTime(study: Study): StolenTime[] {
  const own = judgedTrials(study).filter(({ hostSteal }) => (hostSteal ?? 0) > stolenShare)
  if (own.length === 0) return []
  const share = greatest(own, ({ hostSteal }) => hostSteal)
  return [{ result: 'finding', code: 'steal', share, trials: numbersOf(own) }]
}

/** Finds trials in which the server's host swapped. */
export function swapping(study: Study): DisturbedTrials[] {
  const own = judgedTrials(study).filter(({ hostSwapPages }) => (hostSwapPages ?? 0) > swappedPages)
  return own.length === 0 ? [] : [{ result: 'finding', code: 'swap', server: serverOf(study), trials: numbersOf(own) }]
}

/** Finds trials during which the server's clock and the client's moved apart. */
export function clockDrift(study: Study): ClockDrift[] {
  const own = judgedTrials(study).filter(
    ({ clockDriftMs, totalMs }) => Math.abs(clockDriftMs ?? 0) > Math.max(driftFloorMs, driftShare * totalMs),
  )
  if (own.length === 0) return []
  const driftMs = greatest(own, ({ clockDriftMs }) => clockDriftMs && Math.abs(clockDriftMs))
  return [{ result: 'finding', code: 'clock-drift', driftMs, trials: numbersOf(own) }]
}

function serverOf({ contexts }: Study): ServerOfStudy {
  return contexts.at(-1)?.server.kind === 'embedded' ? 'embedded' : 'other'
}

function numbersOf(trials: readonly CompletedTrial[]): number[] {
  return trials.map(({ trial }) => trial)
}

function greatest(trials: readonly CompletedTrial[], read: (trial: CompletedTrial) => number | null): number {
  return trials.reduce((most, trial) => Math.max(most, read(trial) ?? 0), 0)
}
