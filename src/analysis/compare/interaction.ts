import type { Metric } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import type { Selection, Treatment } from '../../study/treatment.js'
import { type Estimate, mapEstimate } from '../statistics/estimate.js'
import { mean } from '../statistics/numerics/moments.js'
import { tInterval } from '../statistics/t-interval.js'
import { completeBlocks } from './complete-blocks.js'

export interface InteractionOptions {
  /** Two or more of each, ascending; the study ran every pair of them. */
  readonly workers: readonly number[]
  readonly batchSizes: readonly number[]
  /** The levels of the other factors. */
  readonly arrangement: Selection
  readonly metric: Metric
  readonly level?: number
}

/** How the effect of workers depends on the batch size: see `interaction`. Plain data. */
export interface Interaction {
  readonly result: 'interaction'
  readonly study: string
  readonly metric: Metric
  /** The smallest and the largest batch size. */
  readonly batchSizes: readonly [number, number]
  /** The ratio of the two effects; null without a complete block. */
  readonly estimate: Estimate | null
  /** The complete blocks behind it. */
  readonly blocks: number
}

/**
 * How the effect of workers depends on the batch size: the linear-by-linear contrast of log workers and log batch size in the logarithm of a metric,
 * one value per complete block (Snedecor & Cochran 1967, section 12.8), with Student's t interval over blocks. Given as the ratio of two ratios:
 * what doubling the workers does to the metric at the largest batch size, divided by what it does at the smallest.
 */
export function interaction(study: Study, options: InteractionOptions): Interaction {
  const { workers, batchSizes, arrangement, metric, level } = options
  const workerScores = centred(workers.map(Math.log2))
  const batchScores = centred(batchSizes.map(Math.log))
  const cells = workers.flatMap((count, w) =>
    batchSizes.map((batchSize, b) => ({
      treatment: { ...arrangement, workers: count, batchSize } as Treatment,
      weight: workerScores[w]! * batchScores[b]!,
    })),
  )
  const scale = cells.reduce((sum, { weight }) => sum + weight ** 2, 0)
  const ends = [batchSizes[0]!, batchSizes.at(-1)!] as const
  const range = Math.log(ends[1] / ends[0])
  const matrix = completeBlocks(
    study,
    cells.map(({ treatment }) => treatment),
    metric,
  )
  const slopes = matrix.map((row) =>
    row.reduce((sum, value, cell) => sum + (cells[cell]!.weight * Math.log(value)) / scale, 0),
  )
  const overRange = slopes.map((slope) => slope * range)
  return {
    result: 'interaction',
    study: study.plan.name,
    metric,
    batchSizes: ends,
    estimate: slopes.length === 0 ? null : mapEstimate(tInterval(overRange, { level }), Math.exp),
    blocks: slopes.length,
  }
}

function centred(scores: readonly number[]): number[] {
  const centre = mean(scores)
  return scores.map((score) => score - centre)
}
