import type { Study } from '../../study/study.js'
import { varyingFactors } from '../../study/treatment.js'
import { median } from '../statistics/numerics/quantile.js'
import { loadingTrialsByTreatment, trialNumbers } from './judged-trials.js'
import type { ShortTrials } from './study-finding.js'

/**
 * Duration in milliseconds below which a trial is short: a garbage collection, a flush of WAL or a
 * time slice of another process (tens of milliseconds each) is then some per cent of a trial, and
 * the wait samples are too few to divide its time.
 */
const shortMs = 1000

/** Finds treatments whose trials, by their median, are too short compared with the disturbances. */
export function shortTrials(study: Study): ShortTrials[] {
  const short = loadingTrialsByTreatment(study)
    .filter(({ own }) => own.length > 0)
    .map((group) => ({ ...group, medianMs: median(group.own.map(({ totalMs }) => totalMs)) }))
    .filter(({ medianMs }) => medianMs < shortMs)
  if (short.length === 0) return []
  const shortestMs = Math.min(...short.map(({ medianMs }) => medianMs))
  return [
    {
      result: 'finding',
      code: 'short-trials',
      short: short.map(({ treatment }) => treatment),
      treatments: study.plan.treatments.length,
      varying: varyingFactors(study.plan.treatments),
      shortestMs,
      enoughRecords: enough(short[0]!.own[0]!.records, shortestMs),
      allRecords: holdsNoMore(study) ? short[0]!.own[0]!.records : null,
      trials: trialNumbers(short),
    },
  ]
}

/**
 * Returns whether a study loads all that its input has: the user's files, without a limit that
 * leaves some of them out. Other inputs are made as long as wanted.
 */
function holdsNoMore({ plan, contexts }: Study): boolean {
  const { kind, limit = null } = plan.input as { readonly kind?: unknown; readonly limit?: number | null }
  const loaded = contexts.at(-1)?.input
  const seen = loaded ? loaded.records + loaded.badRecords : 0
  return kind === 'csv' && (limit === null || seen < limit)
}

/**
 * Computes the number of records with which the shortest trials would take a second, rounded up to
 * two digits.
 */
function enough(records: number, ms: number): number {
  const needed = (records * shortMs) / Math.max(ms, 1)
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1)
  return Math.ceil(needed / unit) * unit
}
