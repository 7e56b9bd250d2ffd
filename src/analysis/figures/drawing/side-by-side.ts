import { axis, type JsonObject } from './figure.js'
import type { AxisRange } from './forest.js'

/**
 * Positions of several series over the same worker counts, each moved a little sideways so that
 * they do not hide each other.
 */
export interface SideBySide {
  readonly range: AxisRange
  /** The axis of workers, with a tick at every count. */
  readonly axis: JsonObject
  /** Returns by how many workers a series is moved. */
  offset(index: number): number
  /** Returns by how many workers a point is moved within its series, in the order of the blocks. */
  jitter(block: number, lastBlock: number): number
}

/** Computes the positions of n series over some worker counts. */
export function sideBySide(counts: readonly number[], series: number): SideBySide {
  const workers = [...new Set(counts)].sort((a, b) => a - b)
  const gap = Math.min(1, ...workers.slice(1).map((count, k) => count - workers[k]!))
  const step = (gap * 0.6) / Math.max(3, series)
  const range = [(workers[0] ?? 0) - 0.5 * gap, (workers.at(-1) ?? 1) + 0.5 * gap] as const
  return {
    range,
    axis: axis('workers', {
      tickmode: 'array',
      tickvals: workers,
      ticktext: workers.map(String),
      range,
      showgrid: false,
    }),
    offset: (index) => (index - (series - 1) / 2) * step,
    jitter: (block, lastBlock) => (block / (lastBlock + 1) - 0.5) * step * 0.8,
  }
}
