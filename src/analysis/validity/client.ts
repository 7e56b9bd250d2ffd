import type { Study } from '../../study/study.js'
import { varyingFactors } from '../../study/treatment.js'
import { mean } from '../statistics/numerics/moments.js'
import { loadingTrialsByTreatment, trialNumbers } from './judged-trials.js'
import type { SaturatedClient } from './study-finding.js'

/**
 * Share of the time in which the event loop is busy from which the client limits the throughput: a
 * single server that is busy for nine tenths of the time makes its work queue for nine times as
 * long as it takes (M/M/1: ρ / (1 − ρ)).
 */
export const saturated = 0.9

/**
 * Finds treatments whose trials kept the client's event loop busy, on average, so that they measure
 * the client.
 */
export function clientSaturated(study: Study): SaturatedClient[] {
  const found = loadingTrialsByTreatment(study)
    .map(({ treatment, own }) => {
      const shares = own.flatMap(({ eventLoopUtilisation }) => eventLoopUtilisation ?? [])
      return { treatment, own, share: shares.length > 0 ? mean(shares) : 0 }
    })
    .filter(({ share }) => share > saturated)
  if (found.length === 0) return []
  return [
    {
      result: 'finding',
      code: 'client-saturated',
      busy: found.map(({ treatment, share }) => ({ treatment, share })),
      varying: varyingFactors(study.plan.treatments),
      trials: trialNumbers(found),
    },
  ]
}
