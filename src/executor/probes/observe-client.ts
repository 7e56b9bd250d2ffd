import type { ClientSeries } from '../../study/readings.js'
import type { Measurements } from '../../study/trial.js'
import type { Load } from '../load/workers.js'
import type { ProcessReading } from './client.js'

/** Measurements of the client probe in a trial. */
export type ClientMeasures = Pick<
  Measurements,
  | 'rssPeakBytes'
  | 'clientCpuMs'
  | 'eventLoopUtilisation'
  | 'eventLoopDelayP99Ms'
  | 'eventLoopDelayMaxMs'
  | 'gcMs'
  | 'gcPauseMaxMs'
>

/** The client's readings in a trial's own time; all null when the probe is off. */
export function clientReadings(
  load: Load,
  observed: ProcessReading | null,
): { readonly measures: ClientMeasures; readonly series: ClientSeries | null } {
  const { loops, clockStart, totalMs } = load
  const greatest = (value: (loop: Load['loops'][number]) => number): number | null =>
    loops.length === 0 ? null : Math.max(...loops.map(value))
  const measures: ClientMeasures = {
    rssPeakBytes: observed?.rssPeakBytes ?? null,
    clientCpuMs: observed?.cpuMs ?? null,
    eventLoopUtilisation: greatest((loop) => loop.utilisation),
    eventLoopDelayP99Ms: greatest((loop) => loop.delayP99Ms),
    eventLoopDelayMaxMs: greatest((loop) => loop.delayMaxMs),
    gcMs: loops.length === 0 ? null : loops.reduce((sum, loop) => sum + loop.gcMs, 0),
    gcPauseMaxMs: greatest((loop) => loop.gcPauseMaxMs),
  }
  return { measures, series: observed && withinClock(observed.series, clockStart, totalMs) }
}

function withinClock({ atMs, rssBytes, cpuMs }: ClientSeries, clockStart: number, totalMs: number): ClientSeries {
  const rows = atMs
    .map((at, k) => ({ at: at - clockStart, rss: rssBytes[k]!, cpu: cpuMs[k]! }))
    .filter(({ at }) => at <= totalMs)
  return {
    // The first sample is taken just before the clock starts.
    atMs: rows.map(({ at }) => Math.max(0, at)),
    rssBytes: rows.map(({ rss }) => rss),
    cpuMs: rows.map(({ cpu }) => cpu),
  }
}
