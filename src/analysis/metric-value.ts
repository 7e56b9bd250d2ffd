import type { Metric } from '../study/metric.js'
import { isByProgram } from '../study/treatment.js'
import type { CompletedTrial } from '../study/trial.js'
import { barrierTime, workerTime } from './explain/worker-time.js'

/**
 * Returns a trial's value of a metric, in the unit that its name carries; null where it has none.
 * Throws `RangeError` for a value that is no finite number.
 */
export function metricValue(trial: CompletedTrial, metric: Metric): number | null {
  const value = readingOf(trial, metric)
  if (value !== null && !Number.isFinite(value)) {
    throw new RangeError(
      `Expected \`${metric}\` of trial ${trial.trial} to be a finite number or null, got ${value}: leave the trial out, or measure the study again`,
    )
  }
  return value
}

function readingOf(trial: CompletedTrial, metric: Metric): number | null {
  switch (metric) {
    case 'recordsPerSecond':
      return perSecond(trial.records, trial.totalMs)
    case 'recordsPerInsertSecond':
      return trial.insertMs === null ? null : perSecond(trial.records, trial.insertMs)
    case 'memoryBytes':
      return trial.rssPeakBytes === null || trial.backendPssPeakBytes === null
        ? null
        : trial.rssPeakBytes + trial.backendPssPeakBytes
    case 'barrierMs':
      return isByProgram(trial.treatment) ? null : trial.treatment.dispatch === 'split' ? barrierTime(trial.parts) : 0
    case 'lockShare':
      return workerTime(trial)?.lockShare ?? null
    default:
      return trial[metric]
  }
}

function perSecond(records: number, ms: number): number | null {
  return ms === 0 ? null : (records / ms) * 1000
}
