import type { CompletedTrial } from '../executor/types.js'

/** A number that every completed trial has, or that follows from what it has. */
export type Metric =
  | 'totalMs'
  | 'insertMs'
  | 'copyMs'
  | 'readMs'
  | 'analyseMs'
  | 'encodeMs'
  | 'idleMs'
  | 'connectMs'
  | 'prepareMs'
  | 'bytes'
  | 'connections'
  | 'rssPeakBytes'
  | 'clientCpuMs'
  | 'eventLoopUtilisation'
  | 'recordsPerSecond'
  | 'recordsPerInsertSecond'

/** How a metric is named, shown and judged. */
export interface MetricFacts {
  /** "insert time": begins in lower case. */
  readonly label: string
  /** The unit in figures and tables, and how many of the metric's own units it holds. */
  readonly unit: string
  readonly scale: number
  /** Which way is better. */
  readonly goal: 'min' | 'max'
  /** `amount` is neither a time nor a speed, so nothing about it is "faster". */
  readonly kind: 'duration' | 'rate' | 'amount'
  /** What a smaller and a larger value are called. */
  readonly less: string
  readonly more: string
}

const duration = { unit: 's', scale: 1000, goal: 'min', kind: 'duration', less: 'less', more: 'more' } as const
const rate = { unit: 'records/s', scale: 1, goal: 'max', kind: 'rate', less: 'less', more: 'more' } as const
const amount = { scale: 1, goal: 'min', kind: 'amount', less: 'less', more: 'more' } as const

/** Every metric's name, unit and direction. */
export const metrics: { readonly [M in Metric]: MetricFacts } = {
  totalMs: { ...duration, label: 'total time', less: 'faster', more: 'slower' },
  insertMs: { ...duration, label: 'insert time' },
  copyMs: { ...duration, label: 'time in COPY, summed over workers' },
  readMs: { ...duration, label: 'reading time' },
  analyseMs: { ...duration, label: 'analysing time' },
  encodeMs: { ...duration, label: 'encoding time' },
  idleMs: { ...duration, label: 'idle time, summed over workers' },
  connectMs: { ...duration, label: 'time to connect' },
  prepareMs: { ...duration, label: 'time to prepare' },
  bytes: { ...amount, label: 'bytes sent', unit: 'MB', scale: 1e6 },
  connections: { ...amount, label: 'connections', unit: 'connections' },
  rssPeakBytes: { ...amount, label: 'peak client memory', unit: 'MiB', scale: 2 ** 20 },
  clientCpuMs: { ...duration, label: 'client CPU time' },
  eventLoopUtilisation: { ...amount, label: 'event-loop utilisation', unit: '%', scale: 0.01 },
  recordsPerSecond: { ...rate, label: 'throughput' },
  recordsPerInsertSecond: { ...rate, label: 'throughput while inserting' },
}

/** Returns the metric when there is one of that name; throws `RangeError` naming those there are. */
export function checkedMetric(metric: Metric): Metric {
  if (Object.hasOwn(metrics, metric)) return metric
  throw new RangeError(
    `Expected \`metric\` to be one of ${Object.keys(metrics).join(', ')}, got ${JSON.stringify(metric)}`,
  )
}

/** A trial's value of a metric, in the unit that its name carries; null where it has none. */
export function metricValue(trial: CompletedTrial, metric: Metric): number | null {
  switch (metric) {
    case 'recordsPerSecond':
      return perSecond(trial.records, trial.totalMs)
    case 'recordsPerInsertSecond':
      return perSecond(trial.records, trial.insertMs)
    default:
      return trial[metric]
  }
}

function perSecond(records: number, ms: number): number | null {
  return ms > 0 ? (records / ms) * 1000 : null
}
