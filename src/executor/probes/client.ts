import type { ClientSeries } from '../../study/readings.js'
import { monotonicMs } from '../clock.js'

/** Pause between two samples of the client's memory and CPU time during a trial. */
const samplePauseMs = 50

/**
 * Resources that the client process used while it was observed. `atMs` of the series counts by
 * `monotonicMs`, not yet from the trial's clock.
 */
export interface ProcessReading {
  readonly rssPeakBytes: number
  readonly cpuMs: number
  readonly series: ClientSeries
}

/**
 * Watches this process, all its threads included, until the function that it returns is called. A
 * second call yields the same.
 */
export function observeProcess(): () => ProcessReading {
  const before = process.cpuUsage()
  const atMs: number[] = []
  const rssBytes: number[] = []
  const cpuMs: number[] = []
  const takeSample = (): void => {
    const { user, system } = process.cpuUsage(before)
    atMs.push(monotonicMs())
    rssBytes.push(process.memoryUsage.rss())
    cpuMs.push((user + system) / 1000)
  }
  takeSample()
  const timer = setInterval(takeSample, samplePauseMs)
  let reading: ProcessReading | null = null
  return () => {
    if (reading) return reading
    clearInterval(timer)
    takeSample()
    const rssPeakBytes = rssBytes.reduce((most, bytes) => Math.max(most, bytes), 0)
    reading = { rssPeakBytes, cpuMs: cpuMs.at(-1)!, series: { atMs, rssBytes, cpuMs } }
    return reading
  }
}
