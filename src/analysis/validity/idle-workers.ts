import type { Study } from '../../study/study.js'
import type { CompletedTrial } from '../../study/trial.js'
import { listed, phrase, under } from '../text/phrase.js'
import { quotedCount } from '../text/quoted.js'
import { treatmentPhrase } from '../text/sentence.js'
import { loadingTrialsByTreatment, type StudyFinding, studyFinding, trialNumbers } from './study-finding.js'

/** Treatments in whose trials some workers never had a part: too few files for threads, of which each reads whole ones, or too few batches. */
export function idleWorkers(study: Study): StudyFinding[] {
  const found = loadingTrialsByTreatment(study)
    .map(({ treatment, own }) => ({
      treatment,
      own: own.filter((trial) => workersWithParts(trial) < treatment.workers),
    }))
    .filter(({ own }) => own.length > 0)
  if (found.length === 0) return []
  const named = listed(
    found.map(({ treatment, own }, k) => {
      const least = quotedCount('loaded', Math.min(...own.map(workersWithParts)), 'workers that had a part, at least')
      const all = quotedCount('workers', treatment.workers, 'workers')
      return under(String(k + 1), phrase`${treatmentPhrase(study, treatment)} (${least} of ${all} loaded)`)
    }),
  )
  const onThreads = found.some(({ treatment }) => treatment.client === 'threads')
  return [
    studyFinding(
      'idle-workers',
      phrase`Some workers had nothing to load with ${named}: ${onThreads ? 'cut the input into more files, since each is read by one thread, or ' : ''}take smaller batches or fewer workers`,
      trialNumbers(found),
    ),
  ]
}

function workersWithParts({ parts }: CompletedTrial): number {
  return new Set(parts.map(({ worker }) => worker)).size
}
