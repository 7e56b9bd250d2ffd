import type { FindingCode } from '../../study/finding.js'
import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import { type Phrase, phrase, type QuotedNumber } from '../text/phrase.js'
import { quoted, wholePercent } from '../text/quoted.js'
import { judgedTrials, loadingTrials, type StudyFinding, studyFinding, trialsPhrase } from './study-finding.js'

/** Taken by other virtual machines, two hundredths of the host's time can make up a difference of some per cent. */
const stolenShare = 0.02

/** Linux swaps a few idle pages now and then; 256 pages of 4 KiB are a mebibyte, which is more than that. */
const swappedPages = 256

/** Time synchronisation slews a clock by 0.05 % at most (adjtimex, 500 ppm); twice that is a clock that was set or does not keep time. */
const driftShare = 0.001
/** Below this the difference of two readings over a connection is within their own error. */
const driftFloorMs = 10

/** Trials in which the server began a checkpoint. */
export function checkpointInTrial(study: Study): StudyFinding[] {
  return disturbed(
    loadingTrials(study),
    'checkpoint-in-trial',
    ({ checkpoints }) => (checkpoints ?? 0) > 0,
    (trials) =>
      phrase`A checkpoint began in ${trials}, which costs writes and full-page images: raise max_wal_size and checkpoint_timeout`,
  )
}

/** Trials during which an autovacuum worker was seen; copylab's own table is exempt from it. */
export function autovacuumInTrial(study: Study): StudyFinding[] {
  return disturbed(
    loadingTrials(study),
    'autovacuum-in-trial',
    ({ autovacuumLooks }) => (autovacuumLooks ?? 0) > 0,
    (trials) =>
      phrase`Autovacuum was at work on other tables in ${trials}: turn it off in this server while studies run, or measure on a server of your own`,
  )
}

/** Trials in which other virtual machines took time from the server's host. */
export function stolenTime(study: Study): StudyFinding[] {
  return disturbed(
    judgedTrials(study),
    'steal',
    ({ hostSteal }) => (hostSteal ?? 0) > stolenShare,
    (trials, own) =>
      phrase`Other virtual machines took up to ${wholePercent(
        'stolen',
        greatest(own, ({ hostSteal }) => hostSteal),
        'greatest share of CPU time taken',
      )} of the host's CPU time in ${trials}: measure where the cores are your own, or add blocks`,
  )
}

/** Trials in which the server's host swapped. */
export function swapping(study: Study): StudyFinding[] {
  return disturbed(
    judgedTrials(study),
    'swap',
    ({ hostSwapPages }) => (hostSwapPages ?? 0) > swappedPages,
    (trials) =>
      phrase`The server's host swapped memory in ${trials}: free memory, lower shared_buffers, or load fewer records`,
  )
}

/** Trials during which the server's clock and the client's moved apart. */
export function clockDrift(study: Study): StudyFinding[] {
  return disturbed(
    judgedTrials(study),
    'clock-drift',
    ({ clockDriftMs, totalMs }) => Math.abs(clockDriftMs ?? 0) > Math.max(driftFloorMs, driftShare * totalMs),
    (trials, own) =>
      phrase`The server's clock moved by up to ${driftNumber(own)} ms against the client's in ${trials}, so that what was seen in the server is misplaced in time: let time synchronisation settle before the study`,
  )
}

function driftNumber(trials: readonly CompletedTrial[]): QuotedNumber {
  const driftMs = greatest(trials, ({ clockDriftMs }) => clockDriftMs && Math.abs(clockDriftMs))
  return quoted('driftMs', driftMs, String(Math.round(driftMs)), 'milliseconds between the clocks')
}

function disturbed(
  among: readonly CompletedTrial[],
  code: FindingCode,
  isDisturbed: (trial: CompletedTrial) => boolean,
  message: (trials: Phrase, own: readonly CompletedTrial[]) => Phrase,
): StudyFinding[] {
  const own = among.filter(isDisturbed)
  const trials = own.map(({ trial }) => trial)
  return own.length === 0 ? [] : [studyFinding(code, message(trialsPhrase(trials), own), trials)]
}

function greatest(trials: readonly CompletedTrial[], read: (trial: CompletedTrial) => number | null): number {
  return trials.reduce((most, trial) => Math.max(most, read(trial) ?? 0), 0)
}
