import type { CompletedTrial, Study } from '../../executor/types.js'
import { listText, treatmentText } from '../sentence.js'
import { loadingTrialsByTreatment, type StudyFinding, trialNumbers } from './study-finding.js'

/** Treatments in whose trials some workers never had a part: too few files for threads, of which each reads whole ones, or too few batches. */
export function idleWorkers(study: Study): StudyFinding[] {
  const found = loadingTrialsByTreatment(study)
    .map(({ treatment, own }) => ({
      treatment,
      own: own.filter((trial) => workersWithParts(trial) < treatment.workers),
    }))
    .filter(({ own }) => own.length > 0)
  if (found.length === 0) return []
  const named = listText(
    found.map(({ treatment, own }) => {
      const least = Math.min(...own.map(workersWithParts))
      return `${treatmentText(study, treatment)} (${least} of ${treatment.workers} loaded)`
    }),
  )
  const onThreads = found.some(({ treatment }) => treatment.client === 'threads')
  return [
    {
      code: 'idle-workers',
      message: `Some workers had nothing to load with ${named}: ${onThreads ? 'cut the input into more files, since each is read by one thread, or ' : ''}take smaller batches or fewer workers`,
      trials: trialNumbers(found),
    },
  ]
}

function workersWithParts({ parts }: CompletedTrial): number {
  return new Set(parts.map(({ worker }) => worker)).size
}
