import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { sameTreatment } from '../../study/treatment.js'
import { type CompletedTrial, trialsByBlock } from '../../study/trial.js'
import { positiveValue } from './pair-blocks.js'
import { excludedTrials } from './preregistration.js'

/**
 * Returns the values of a metric in the complete blocks, those in which every one of the treatments
 * has a value above 0: a row for each block, a column for each treatment. Trials that the plan's
 * rules exclude count as missing, and disturbed blocks as absent.
 */
export function completeBlocks(study: Study, treatments: readonly Treatment[], metric: Metric): number[][] {
  const leftOut = excludedTrials(study)
  const readValue = positiveValue(metric)
  const measured = undisturbedTrials(study).filter(
    (trial): trial is CompletedTrial =>
      trial.phase === 'measured' && trial.state === 'completed' && !leftOut.has(trial.trial),
  )
  return [...trialsByBlock(measured).values()].flatMap((inBlock) => {
    const row = treatments.map((treatment) => {
      const own = inBlock.find((trial) => sameTreatment(trial.treatment, treatment))
      return own ? readValue(own, '') : ''
    })
    return row.every((value) => typeof value === 'number') ? [row as number[]] : []
  })
}
