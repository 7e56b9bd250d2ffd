import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { mean } from '../statistics/numerics/moments.js'
import { listed, phrase, under } from '../text/phrase.js'
import { wholePercent } from '../text/quoted.js'
import { treatmentPhrase } from '../text/sentence.js'
import { loadingTrialsByTreatment, type StudyFinding, studyFinding, trialNumbers } from './study-finding.js'

/**
 * Share of the time in which the event loop is busy from which the client sets the pace: a single server that is busy for nine tenths of the time
 * already makes its work queue for nine times as long as it takes (M/M/1: ρ / (1 − ρ)).
 */
export const saturated = 0.9

/** Treatments whose trials kept the client's event loop busy, on average, so that they measure the client. */
export function clientSaturated(study: Study): StudyFinding[] {
  const found = loadingTrialsByTreatment(study)
    .map(({ treatment, own }) => {
      const shares = own.flatMap(({ eventLoopUtilisation }) => eventLoopUtilisation ?? [])
      return { treatment, own, busy: shares.length > 0 ? mean(shares) : 0 }
    })
    .filter(({ busy }) => busy > saturated)
  if (found.length === 0) return []
  const named = listed(
    found.map(({ treatment, busy }, k) =>
      under(
        String(k + 1),
        phrase`${treatmentPhrase(study, treatment)} (${wholePercent('busy', busy, 'event loop busy')})`,
      ),
    ),
  )
  return [
    studyFinding(
      'client-saturated',
      phrase`The client's event loop was busy nearly all the time with ${named}, so that these trials measure the client more than the server: try ${remedy(found.map(({ treatment }) => treatment))}`,
      trialNumbers(found),
    ),
  ]
}

/** What takes work off the event loop, as far as some of the treatments do without. */
function remedy(treatments: readonly Treatment[]): string {
  const steps = [
    ...(treatments.some(({ client }) => client !== 'threads') ? ["client: 'threads'"] : []),
    ...(treatments.some(({ encoding }) => encoding !== 'binary') ? ["encoding: 'binary'"] : []),
    ...(treatments.some(({ source }) => source !== 'prepared') ? ["source: 'prepared'"] : []),
  ]
  return steps.length > 0 ? steps.join(', or ') : 'more workers, or a faster machine for the client'
}
