import type { Study } from '../../study/study.js'
import { median } from '../statistics/numerics/quantile.js'
import { formatNumber } from '../tables/tables.js'
import { listed, phrase, under } from '../text/phrase.js'
import { countedThings, quoted, quotedCount, quotedPlace } from '../text/quoted.js'
import { treatmentPhrase } from '../text/sentence.js'
import { loadingTrialsByTreatment, type StudyFinding, studyFinding, trialNumbers } from './study-finding.js'

/**
 * Below a second, a garbage collection, a flush of WAL or a time slice of another process (tens of milliseconds each) is some per cent of a trial,
 * and the waits are looked at too few times to be shared out.
 */
const shortMs = 1000
/** More treatments are counted rather than named. */
const mostNamed = 3

/** Treatments whose trials, by their median, are over before they can be told from what disturbs them. */
export function shortTrials(study: Study): StudyFinding[] {
  const short = loadingTrialsByTreatment(study)
    .filter(({ own }) => own.length > 0)
    .map((group) => ({ ...group, medianMs: median(group.own.map(({ totalMs }) => totalMs)) }))
    .filter(({ medianMs }) => medianMs < shortMs)
  if (short.length === 0) return []
  const shortest = Math.min(...short.map(({ medianMs }) => medianMs))
  const records = short[0]!.own[0]!.records
  const named =
    short.length > mostNamed
      ? phrase`of ${quotedPlace('short', short.length, 'treatments with short trials')} of ${countedThings('treatments', study.plan.treatments.length, 'treatment')}`
      : phrase`with ${listed(short.map(({ treatment }, k) => under(String(k + 1), treatmentPhrase(study, treatment))))}`
  const took = quoted('shortestMs', shortest, formatNumber(shortest, 0), 'milliseconds, median of the shortest trials')
  const needed = quotedCount('enoughRecords', enough(records, shortest), 'records that make trials long enough')
  return [
    studyFinding(
      'short-trials',
      phrase`Trials ${named} took ${took} ms or little more, and what disturbs a trial for a moment weighs heavily in them: load at least ${needed} records`,
      trialNumbers(short),
    ),
  ]
}

/** Records with which the shortest trials would take a second, rounded up to two digits. */
function enough(records: number, ms: number): number {
  const needed = (records * shortMs) / Math.max(ms, 1)
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(needed)) - 1)
  return Math.ceil(needed / unit) * unit
}
