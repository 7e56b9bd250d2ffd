import { undisturbedTrials } from '../../study/blocks/disturbed.js'
import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { sameTreatment } from '../../study/treatment.js'
import { type CompletedTrial, trialsByBlock } from '../../study/trial.js'
import { type Basis, basisOf, replicateMeans } from '../replicates/replicates.js'
import type { Matrix } from '../statistics/numerics/matrix.js'
import { positiveValue } from './pair-blocks.js'
import { excludedTrials } from './preregistration.js'

/** Values of a metric in complete blocks, and what they rest on. */
export interface CompleteBlocks extends Basis {
  /**
   * A row for each replicate, a column for each treatment: of a block its values, of a session the
   * geometric means of those of its complete blocks.
   */
  readonly rows: Matrix
}

/**
 * Returns the values of a metric in the complete blocks, those in which every one of the treatments
 * has a value above 0. Trials that the plan's rules exclude count as missing, and disturbed blocks
 * as absent.
 */
export function completeBlocks(study: Study, treatments: readonly Treatment[], metric: Metric): CompleteBlocks {
  const leftOut = excludedTrials(study)
  const readValue = positiveValue(metric)
  const measured = undisturbedTrials(study).filter(
    (trial): trial is CompletedTrial =>
      trial.phase === 'measured' && trial.state === 'completed' && !leftOut.has(trial.trial),
  )
  const complete = [...trialsByBlock(measured)].flatMap(([block, inBlock]) => {
    const row = treatments.map((treatment) => {
      const own = inBlock.find((trial) => sameTreatment(trial.treatment, treatment))
      return own ? readValue(own, '') : ''
    })
    return row.every((value) => typeof value === 'number') ? [{ block, row: row as number[] }] : []
  })
  const basis = basisOf(study, complete)
  if (basis.sessions === null) return { ...basis, rows: complete.map(({ row }) => row) }
  const columns = treatments.map((_, column) => replicateMeans(study, complete, ({ row }) => Math.log(row[column]!)))
  const rows = Array.from({ length: basis.sessions }, (_, k) => columns.map((means) => Math.exp(means[k]!)))
  return { ...basis, rows }
}
