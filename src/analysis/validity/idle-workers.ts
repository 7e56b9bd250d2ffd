import type { Study } from '../../study/study.js'
import { isByProgram, varyingFactors } from '../../study/treatment.js'
import type { CompletedTrial } from '../../study/trial.js'
import { loadingTrialsByTreatment, trialNumbers } from './judged-trials.js'
import type { IdleWorkers } from './study-finding.js'

/**
 * Finds treatments in whose trials some workers never had a part: too few files for threads, each
 * of which reads whole ones, or too few batches.
 */
export function idleWorkers(study: Study): IdleWorkers[] {
  const found = loadingTrialsByTreatment(study)
    .map(({ treatment, own }) => ({
      treatment,
      own: own.filter((trial) => !isByProgram(treatment) && workersWithParts(trial) < treatment.workers),
    }))
    .filter(({ own }) => own.length > 0)
  if (found.length === 0) return []
  return [
    {
      result: 'finding',
      code: 'idle-workers',
      idle: found.map(({ treatment, own }) => ({ treatment, loaded: Math.min(...own.map(workersWithParts)) })),
      varying: varyingFactors(study.plan.treatments),
      trials: trialNumbers(found),
    },
  ]
}

function workersWithParts({ parts }: CompletedTrial): number {
  const loading = new Set<number>()
  for (const { worker } of parts) loading.add(worker)
  return loading.size
}
