import { shortBatchSize } from '../text/levels.js'
import { type Phrase, phrase } from '../text/phrase.js'
import { measuredPhrase, metricPhrase } from '../text/sentence.js'
import type { Interaction } from './interaction.js'

/** "doubling the workers multiplies the total time at 30K by 0.981 [0.971, 0.991] of what it does at 10K" */
export function interactionWords({ metric, batchSizes, estimate }: Interaction): Phrase {
  if (!estimate) return phrase`no complete block`
  const [smallest, largest] = (['smallest', 'largest'] as const).map((name, k) =>
    shortBatchSize(name, batchSizes[k]!, `records in the ${name} batches`),
  )
  const ratio = (value: number): string => value.toFixed(3)
  const unit = 'effect of workers at the largest batches, against that at the smallest'
  return phrase`doubling the workers multiplies the ${metricPhrase(metric)} at ${largest!} by ${measuredPhrase(estimate, ratio, unit)} of what it does at ${smallest!}`
}
