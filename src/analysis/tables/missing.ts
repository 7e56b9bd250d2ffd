import type { Metric } from '../../study/metric.js'
import type { Probe } from '../../study/readings.js'
import type { CompletedTrial } from '../../study/trial.js'

/** The probes whose readings a metric is computed from; metrics that are not listed need none. */
const probes: { readonly [M in Metric]?: readonly Probe[] } = {
  triggerMs: ['walIo'],
  memoryBytes: ['client', 'backends'],
  rssPeakBytes: ['client'],
  clientCpuMs: ['client'],
  eventLoopUtilisation: ['client'],
  eventLoopDelayP99Ms: ['client'],
  gcMs: ['client'],
  backendCpuMs: ['backends'],
  backendQueueMs: ['backends'],
  backendRssPeakBytes: ['backends'],
  backendPssPeakBytes: ['backends'],
  hostBusy: ['backends'],
  hostSteal: ['backends'],
  hostOthers: ['backends'],
  cpuPressureMs: ['backends'],
  ioPressureMs: ['backends'],
  walBytes: ['walIo'],
  walRecords: ['walIo'],
  walFullPages: ['walIo'],
  walSyncMs: ['walIo'],
  extendBytes: ['walIo'],
  writeBytes: ['walIo'],
  tableBytes: ['walIo'],
  indexBytes: ['walIo'],
  lockShare: ['waits'],
}

/**
 * Returns the reason that a trial has no value of a metric, as the trial records it: "the probe was
 * off"; null where it records none.
 */
export function missingReason({ missing }: CompletedTrial, metric: Metric): string | null {
  const names: readonly string[] = [metric, ...(probes[metric] ?? [])]
  const reasons: { readonly [name: string]: string | undefined } = missing
  return names.map((name) => reasons[name]).find((reason) => reason !== undefined) ?? null
}
