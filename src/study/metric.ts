import { checkedChoice } from '../check.js'
/** A number that every completed trial has, or that follows from what it has. */
export type Metric = StoredMetric | DerivedMetric

/** A number that a trial holds under this name. */
export type StoredMetric =
  | 'totalMs'
  | 'insertMs'
  | 'copyMs'
  | 'readMs'
  | 'analyseMs'
  | 'clientWorkMs'
  | 'encodeMs'
  | 'idleMs'
  | 'backPressureMs'
  | 'connectMs'
  | 'measuredRoundTripMs'
  | 'prepareMs'
  | 'indexMs'
  | 'triggerMs'
  | 'distributedCommitMs'
  | 'restoreMs'
  | 'existingBytes'
  | 'exitMs'
  | 'fromCopyMs'
  | 'betweenLinesMs'
  | 'bytes'
  | 'connections'
  | 'rssPeakBytes'
  | 'clientCpuMs'
  | 'eventLoopUtilisation'
  | 'eventLoopDelayP99Ms'
  | 'gcMs'
  | 'backendCpuMs'
  | 'backendQueueMs'
  | 'backendRssPeakBytes'
  | 'backendPssPeakBytes'
  | 'hostBusy'
  | 'hostSteal'
  | 'hostOthers'
  | 'cpuPressureMs'
  | 'ioPressureMs'
  | 'walBytes'
  | 'walRecords'
  | 'walFullPages'
  | 'walSyncMs'
  | 'extendBytes'
  | 'writeBytes'
  | 'tableBytes'
  | 'indexBytes'

/**
 * A number that is computed from a trial's data. `memoryBytes`: peak memory of the client and of
 * the backends, whose shared pages count once. `barrierMs`: time that workers were done with their
 * part of a batch and others were not, summed over workers. `lockShare`: share of the time in COPY
 * that the backends spent in waits of the types Lock and LWLock, and from PostgreSQL 19 on for the
 * content of a buffer, which was an LWLock before.
 */
export type DerivedMetric = 'recordsPerSecond' | 'recordsPerInsertSecond' | 'memoryBytes' | 'barrierMs' | 'lockShare'

/** Label, unit and direction of a metric. */
export interface MetricFacts {
  /** Label in text, such as "insert time": begins in lower case. */
  readonly label: string
  /** Unit in figures and tables. */
  readonly unit: string
  /** Number of the metric's own units in one of `unit`: 1000 for a time in ms shown in s. */
  readonly scale: number
  /** Whether smaller or larger values are better. */
  readonly goal: 'min' | 'max'
  /** `amount` is neither a time nor a speed, so nothing about it is "faster". */
  readonly kind: 'duration' | 'rate' | 'amount'
  /** Word for a smaller value, such as "less time". */
  readonly less: string
  /** Word for a larger value, such as "more time". */
  readonly more: string
}

const duration = { unit: 's', scale: 1000, goal: 'min', kind: 'duration', less: 'less', more: 'more' } as const
const rate = { unit: 'records/s', scale: 1, goal: 'max', kind: 'rate', less: 'less', more: 'more' } as const
const amount = { scale: 1, goal: 'min', kind: 'amount', less: 'less', more: 'more' } as const
const memory = { ...amount, unit: 'MiB', scale: 2 ** 20 } as const
const written = { ...amount, unit: 'MB', scale: 1e6 } as const
const share = { ...amount, unit: '%', scale: 0.01 } as const

/** Every metric's name, unit and direction. */
export const metrics: { readonly [M in Metric]: MetricFacts } = {
  totalMs: { ...duration, label: 'total time', less: 'less time', more: 'more time' },
  insertMs: { ...duration, label: 'insert time' },
  copyMs: { ...duration, label: 'time in COPY, summed over workers' },
  readMs: { ...duration, label: 'reading time' },
  analyseMs: { ...duration, label: 'analysing time' },
  clientWorkMs: { ...duration, label: 'time of extra client work' },
  encodeMs: { ...duration, label: 'encoding time' },
  idleMs: { ...duration, label: 'idle time, summed over workers' },
  barrierMs: { ...duration, label: 'barrier idle time, summed over workers' },
  backPressureMs: { ...duration, label: 'time blocked by the socket, summed over workers' },
  connectMs: { ...duration, label: 'time to connect' },
  measuredRoundTripMs: { ...duration, unit: 'ms', scale: 1, label: 'measured round trip' },
  prepareMs: { ...duration, label: 'time to prepare' },
  indexMs: { ...duration, label: 'time to make indexes' },
  triggerMs: { ...duration, label: 'time in trigger functions, summed over workers' },
  distributedCommitMs: { ...duration, label: 'time in distributed commits, summed over workers' },
  restoreMs: { ...duration, label: 'time to put existing rows back' },
  existingBytes: { ...written, label: 'size before the load' },
  exitMs: { ...duration, label: "time from a program's start to its exit" },
  fromCopyMs: { ...duration, label: "time from a program's first COPY or INSERT to its exit" },
  betweenLinesMs: { ...duration, label: "time between a program's own two lines" },
  bytes: { ...written, label: 'bytes sent' },
  connections: { ...amount, label: "workers' connections", unit: 'connections' },
  memoryBytes: { ...memory, label: 'peak memory of client and backends' },
  rssPeakBytes: { ...memory, label: 'peak client memory' },
  clientCpuMs: { ...duration, label: 'client CPU time' },
  eventLoopUtilisation: { ...share, label: 'event-loop utilisation' },
  eventLoopDelayP99Ms: { ...duration, label: 'event-loop delay, 99th percentile', unit: 'ms', scale: 1 },
  gcMs: { ...duration, label: 'garbage collection' },
  backendCpuMs: { ...duration, label: 'CPU time of the backends' },
  backendQueueMs: { ...duration, label: 'CPU queueing of the backends' },
  backendRssPeakBytes: { ...memory, label: 'peak backend memory, with shared pages' },
  backendPssPeakBytes: { ...memory, label: 'peak backend memory' },
  hostBusy: { ...share, label: "CPU use of the server's host" },
  hostSteal: { ...share, label: "steal on the server's host" },
  hostOthers: { ...share, label: "CPU use by others on the server's host" },
  cpuPressureMs: { ...duration, label: 'CPU pressure' },
  ioPressureMs: { ...duration, label: 'I/O pressure' },
  walBytes: { ...written, label: 'WAL written' },
  walRecords: { ...amount, label: 'WAL records', unit: 'records' },
  walFullPages: { ...amount, label: 'whole pages in WAL', unit: 'pages' },
  walSyncMs: { ...duration, label: 'time syncing WAL' },
  extendBytes: { ...written, label: 'relation extension' },
  writeBytes: { ...written, label: 'pages written by backends' },
  tableBytes: { ...written, label: 'table size' },
  indexBytes: { ...written, label: 'index size' },
  lockShare: { ...share, label: 'share of lock and LWLock waits in COPY' },
  recordsPerSecond: { ...rate, label: 'throughput' },
  recordsPerInsertSecond: { ...rate, label: 'throughput while inserting' },
}

/** Returns the metric of that name; throws `RangeError` naming the existing ones for any other. */
export function checkedMetric(metric: string): Metric {
  return checkedChoice('metric', metric, Object.keys(metrics) as Metric[])
}
