import { checkedOptions } from '../../check.js'
import { type Metric, metrics } from '../../study/metric.js'
import { selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { type Selection, sameTreatment, varyingFactors } from '../../study/treatment.js'
import { defaultLevel } from '../defaults.js'
import { metricValue } from '../metric-value.js'
import type { Estimate } from '../statistics/estimate.js'
import { geometricMean } from '../tables/summary.js'
import { describeLevel } from '../text/levels.js'

/** Options of figures of a metric by treatment, such as `plotTotalTime` and `plotWorkerSeconds`. */
export interface FigureOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Confidence level of the intervals.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** Value of one trial, in the unit that figures show. */
export interface SeriesPoint {
  readonly workers: number
  readonly block: number
  readonly value: number
}

/** Trials of the treatments that differ in the number of workers only. */
export interface WorkersSeries {
  /** "batches of 10K" and the other levels that distinguish it from the other series. */
  readonly label: string
  /** The first treatment of the series. */
  readonly treatment: Treatment
  readonly points: readonly SeriesPoint[]
  /**
   * Geometric mean over the trials, with Student's t interval of the logarithms, in a study in
   * sessions of their means over sessions; in the order of `workers`.
   */
  readonly estimates: readonly { readonly workers: number; readonly estimate: Estimate }[]
}

/**
 * Collects a metric against the number of workers: one series per batch size, and per combination
 * of all other varying factors.
 */
export function workersSeries(study: Study, metric: Metric, options: FigureOptions = {}): WorkersSeries[] {
  const { where, level = defaultLevel } = checkedOptions(options, { where: true, level: true })
  const treatments = selectTreatments(study, where)
  const varying = varyingFactors(treatments).filter((factor) => factor !== 'workers')
  const named = varying.includes('batchSize') ? varying : (['batchSize', ...varying] as const)
  const groups = byOtherFactors(treatments)
  return groups.map((group) => {
    const ordered = [...group].sort((a, b) => a.workers - b.workers)
    const values = ordered.map((treatment) => ({ treatment, points: pointsOf(study, treatment, metric) }))
    return {
      label: named
        .map((factor) => `${factor === 'batchSize' ? 'batches of ' : ''}${describeLevel(factor, ordered[0]!)}`)
        .join(', '),
      treatment: ordered[0]!,
      points: values.flatMap(({ points }) => points),
      estimates: values.flatMap(({ treatment, points }) => {
        const estimate = geometricMean(study, points, level)
        return estimate ? [{ workers: treatment.workers, estimate }] : []
      }),
    }
  })
}

function pointsOf(study: Study, treatment: Treatment, metric: Metric): SeriesPoint[] {
  return trialsOf(study, treatment).flatMap((trial) => {
    const value = metricValue(trial, metric)
    return value === null
      ? []
      : [{ workers: treatment.workers, block: trial.block, value: value / metrics[metric].scale }]
  })
}

function byOtherFactors(treatments: readonly Treatment[]): Treatment[][] {
  const groups: Treatment[][] = []
  for (const treatment of treatments) {
    const own = groups.find(([first]) => first && sameTreatment({ ...treatment, workers: first.workers }, first))
    if (own) own.push(treatment)
    else groups.push([treatment])
  }
  return groups
}
