import type { Estimate, Interval } from '../../statistics/estimate.js'
import { axis, errorBars, ink, type JsonObject } from './figure.js'
import { listedTicks, logTicks } from './log-ticks.js'

/** The ends of a horizontal axis, in its own unit. */
export type AxisRange = readonly [least: number, most: number]

/** An estimate with its interval at a place of the vertical axis. */
export interface ForestPoint {
  readonly y: number
  readonly estimate: Estimate
}

/** Style of estimates of one kind: the symbol distinguishes kinds without colour. */
export interface ForestStyle {
  readonly name: string
  readonly color: string
  readonly symbol: string
}

/** A claim's bounds of a ratio; null for no upper bound. */
export interface RatioBand {
  readonly lower: number
  readonly upper: number | null
}

/** Draws estimates of one kind with their intervals, which end where the axis does. */
export function forestTrace(points: readonly ForestPoint[], style: ForestStyle, range: AxisRange): JsonObject {
  const { name, color } = style
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    legendgroup: name,
    x: points.map(({ estimate }) => estimate.value),
    y: points.map(({ y }) => y),
    error_x: errorBars(
      points.map(({ estimate }) => ({ ...estimate, interval: estimate.interval && within(estimate.interval, range) })),
      { color },
    ),
    hovertemplate: `%{x:.3f}<extra>${name}</extra>`,
    marker: forestMarker(style),
    cliponaxis: false,
  }
}

/** Returns the `marker` of Plotly's points in a style. */
export function forestMarker({ color, symbol }: ForestStyle): JsonObject {
  return { color, symbol, size: 10, line: { color, width: 2 } }
}

/** Draws arrow heads where intervals run on beyond the axis; no trace where none does. */
export function cutEnds(points: readonly ForestPoint[], [least, most]: AxisRange): JsonObject[] {
  const ends = points.flatMap(({ y, estimate: { interval } }) => [
    ...(interval && interval.lower < least ? [{ x: least, y, symbol: 'triangle-left' }] : []),
    ...(interval && interval.upper > most ? [{ x: most, y, symbol: 'triangle-right' }] : []),
  ])
  if (ends.length === 0) return []
  return [
    {
      type: 'scatter',
      mode: 'markers',
      x: ends.map(({ x }) => x),
      y: ends.map(({ y }) => y),
      marker: { color: ink, symbol: ends.map(({ symbol }) => symbol), size: 10 },
      cliponaxis: false,
      hoverinfo: 'skip',
      showlegend: false,
    },
  ]
}

function within({ level, lower, upper }: Interval, [least, most]: AxisRange): Interval {
  return { level, lower: Math.max(lower, least), upper: Math.min(upper, most) }
}

/**
 * Returns a range with all the values and a little room; never narrower than 0.9 to 1.1. Intervals
 * widen it up to three times on the logarithmic scale, so that one of few blocks does not squeeze
 * the others.
 */
export function ratioRange(values: readonly number[], intervals: readonly (Interval | null)[]): AxisRange {
  const least = Math.min(0.9, ...values)
  const most = Math.max(1.1, ...values)
  const room = most / least
  const ends = intervals.flatMap((interval) => (interval ? [interval] : []))
  return [
    Math.max(least / room, Math.min(least, ...ends.map(({ lower }) => lower))) / 1.04,
    Math.min(most * room, Math.max(most, ...ends.map(({ upper }) => upper))) * 1.04,
  ]
}

/** Returns a logarithmic axis of ratios. */
export function ratioAxis(title: string, range: AxisRange): JsonObject {
  return axis(title, { type: 'log', range: range.map(Math.log10), ...ratioTicks(range) })
}

/** Returns about six ratios at round steps from 1, none of them outside the range. */
function ratioTicks([least, most]: AxisRange): JsonObject {
  if (most / least > 4) return logTicks(least, most)
  const step = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((size) => (most - least) / size <= 6) ?? 0.5
  const ticks: number[] = []
  for (let k = Math.ceil((least - 1) / step); 1 + k * step <= most; k++) ticks.push(Number((1 + k * step).toFixed(2)))
  return listedTicks(ticks)
}

const dashedAt1 = { type: 'line', xref: 'x', x0: 1, x1: 1, line: { color: ink, width: 1.5, dash: 'dash' } } as const

/** A dashed line at the ratio 1, no difference, over the whole height. */
export const equalityLine: JsonObject = { ...dashedAt1, yref: 'paper', y0: 0, y1: 1 }

/**
 * Returns a dashed line at the ratio 1, no difference, in one row only, where other rows hold
 * words.
 */
export function equalityMark(row: number): JsonObject {
  return { ...dashedAt1, yref: 'y', y0: row - 0.5, y1: row + 0.5 }
}

/** Draws the claimed band of the ratio in a row, as far as the axis reaches. */
export function bandShape({ lower, upper }: RatioBand, row: number, [least, most]: AxisRange): JsonObject {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'y',
    x0: Math.max(lower, least),
    x1: Math.min(upper ?? most, most),
    y0: row - 0.36,
    y1: row + 0.36,
    fillcolor: 'rgba(230, 159, 0, 0.22)',
    // Its outline distinguishes it from the background of other rows in grey print.
    line: { color: '#C48600', width: 1 },
    layer: 'below',
  }
}

/** Returns the ends of a band that the axis must hold: both of a bounded one. */
export function boundedEnds({ lower, upper }: RatioBand): number[] {
  return lower > 0 && upper !== null ? [lower, upper] : []
}

/** Draws the background of a row that holds words. */
export function greyRow(row: number): JsonObject {
  return {
    type: 'rect',
    xref: 'paper',
    yref: 'y',
    x0: 0,
    x1: 1,
    y0: row - 0.45,
    y1: row + 0.45,
    fillcolor: '#efefef',
    line: { width: 0 },
    layer: 'below',
  }
}
