import type { Explanation } from '../../explain/explain.js'
import type { Contribution } from '../../explain/wall-clock/contributions.js'
import type { ContributionName } from '../../explain/wall-clock/wall-time.js'
import { basisText, ofSessionsText } from '../../replicates/basis-words.js'
import type { Interval } from '../../statistics/estimate.js'
import { signedNumber } from '../../tables/tables.js'
import { type ActivityStyle, activityStyles, barMarker } from '../drawing/activity-styles.js'
import {
  axis,
  errorBars,
  type Figure,
  faintInk,
  figure,
  ink,
  type JsonObject,
  lines,
  rowAxis,
  rowsHeight,
} from '../drawing/figure.js'
import { resultsOf } from '../drawing/results.js'

/** One bar of the way from one treatment's time to another's. */
export interface WaterfallRow {
  /** `change` is what one activity contributes; `end` is the change of the time, their sum. */
  readonly kind: 'change' | 'end'
  readonly label: string
  /** Which contribution it is; null at the end. */
  readonly name: ContributionName | null
  /** Ends of the bar, in milliseconds since the first treatment's time. */
  readonly fromMs: number
  readonly toMs: number
  /** Interval of the change over blocks; null for a single block. */
  readonly interval: Interval | null
}

/** Share of the time below which a contribution is not shown. */
const negligible = 1e-6

/**
 * Collects the contributions to the change of a time, one after the other, as `explain` has them,
 * without those that take no time under either treatment; the last row is the change itself, where
 * they end. Empty without a block in which the waits of both trials are known.
 */
export function waterfallSeries({ changeMs, totalMs, contributions, level }: Explanation): WaterfallRow[] {
  if (!changeMs || !totalMs) return []
  let at = 0
  const rows = contributions.map((one): WaterfallRow => {
    const fromMs = at
    at += one.perWorkerMs
    return { kind: 'change', label: one.label, name: one.name, fromMs, toMs: at, interval: intervalOf(one, level) }
  })
  const least = negligible * totalMs.to
  const isSeen = contributions.map(({ fromMs, toMs }) => Math.abs(fromMs) > least || Math.abs(toMs) > least)
  return [
    ...rows.filter((_, k) => isSeen[k]),
    { kind: 'end', label: 'change of the time', name: null, fromMs: 0, toMs: at, interval: changeMs.interval },
  ]
}

const intervalOf = ({ lower, upper }: Contribution, level: number): Interval | null =>
  lower === null || upper === null ? null : { level, lower, upper }

/**
 * Plots the way from one treatment's time to another's, in milliseconds of the wall clock: what
 * each activity of the average worker adds or takes away, with its interval over blocks. The bars
 * end exactly at the change of the time.
 *
 * @example
 * show(plotWaterfall(explain(study, { from: { workers: 2 }, to: { workers: 4 } })))
 */
export function plotWaterfall(explanation: Explanation): Figure {
  resultsOf('explanation', explanation, 'explain with `from` and `to`')
  const rows = waterfallSeries(explanation)
  const labels = rows.map(({ label }) => label)
  const decimals = decimalsFor(rows)
  const subtitle = subtitleOf(explanation)
  return figure(
    rows.length > 0 ? [...rows.map(barOf), intervalsOf(rows)] : [],
    {
      title: 'Where does the change come from?',
      subtitle,
      height: 190 + rowsHeight(labels, 40),
    },
    {
      showlegend: false,
      barmode: 'overlay',
      margin: { t: 52 + 23 * subtitle.length, r: 190, b: 60, l: 70 },
      shapes: connectors(rows),
      annotations: rows.map((row, place) => amountOf(row, place, decimals)),
      xaxis: axis('change of the time, in ms (worker time ÷ workers)', {
        range: rangeOf(rows),
        tickformat: ',',
        zeroline: true,
        zerolinecolor: ink,
      }),
      yaxis: rowAxis(labels),
    },
  )
}

function subtitleOf(explanation: Explanation): string[] {
  const { contrast, level, sessions, changeMs, unread } = explanation
  const of = ofSessionsText(sessions !== null)
  const text = changeMs
    ? `From ${contrast}: mean change per worker within ${basisText(explanation)}, with its ${level * 100} % t interval${of}.`
    : `Nothing to draw from ${contrast}: ${unread.join('; ') || 'no block has a completed trial of both'}.`
  return lines(text)
}

function styleOf(name: ContributionName | null): ActivityStyle {
  if (name === null) return { color: '#595959', pattern: '' }
  if (name === 'unaccounted') return { color: '#ffffff', pattern: '' }
  return name === 'network' ? { color: '#56B4E9', pattern: '\\' } : activityStyles[name]
}

function barOf({ label, name, fromMs, toMs }: WaterfallRow, place: number): JsonObject {
  return {
    type: 'bar',
    orientation: 'h',
    name: label,
    y: [place],
    base: [Math.min(fromMs, toMs)],
    x: [Math.abs(toMs - fromMs)],
    width: 0.6,
    hoverinfo: 'name',
    marker: barMarker(styleOf(name)),
  }
}

/** Draws the interval of each change at the end of its bar. */
function intervalsOf(rows: readonly WaterfallRow[]): JsonObject {
  return {
    type: 'scatter',
    mode: 'markers',
    y: rows.map((_, place) => place),
    x: rows.map(({ toMs }) => toMs),
    text: rows.map(({ label }) => label),
    error_x: errorBars(
      rows.map(({ fromMs, toMs, interval }) => ({ value: toMs - fromMs, interval, n: 0 })),
      { color: ink },
    ),
    hovertemplate: '%{text}<extra></extra>',
    marker: { color: ink, symbol: 'circle', size: 5 },
  }
}

/** Draws a thin line from the end of each bar to the beginning of the next. */
function connectors(rows: readonly WaterfallRow[]): JsonObject[] {
  return rows.slice(1).map((_, place) => ({
    type: 'line',
    xref: 'x',
    yref: 'y',
    x0: rows[place]!.toMs,
    x1: rows[place]!.toMs,
    y0: place + 0.3,
    y1: place + 0.7,
    line: { color: faintInk, width: 1 },
  }))
}

function amountOf({ kind, fromMs, toMs, interval }: WaterfallRow, place: number, decimals: number): JsonObject {
  const signed = (value: number): string => signedNumber(value, decimals)
  const bounds = interval ? ` [${signed(interval.lower)}, ${signed(interval.upper)}]` : ''
  const by = signed(toMs - fromMs)
  return {
    text: kind === 'end' ? `<b>${by}</b>${bounds}` : `${by}${bounds}`,
    x: 1.015,
    xref: 'paper',
    xanchor: 'left',
    y: place,
    showarrow: false,
    font: { size: 13 },
  }
}

/** Returns the number of decimals that shows small parts of the largest change. */
function decimalsFor(rows: readonly WaterfallRow[]): number {
  const most = Math.max(0, ...rows.map(({ fromMs, toMs }) => Math.abs(toMs - fromMs)))
  return most >= 50 ? 0 : most >= 5 ? 1 : 2
}

/**
 * Returns the range of the axis: all bars and zero; intervals of few blocks may run off its ends,
 * so that they do not squeeze the bars.
 */
function rangeOf(rows: readonly WaterfallRow[]): number[] {
  const ends = rows.map(({ toMs }) => toMs)
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)]
  const room = most - least || 1
  const bounds = rows.flatMap(({ fromMs, interval }) =>
    interval ? [fromMs + interval.lower, fromMs + interval.upper] : [],
  )
  return [
    Math.max(Math.min(least, ...bounds), least - 0.3 * room) - 0.05 * room,
    Math.min(Math.max(most, ...bounds), most + 0.3 * room) + 0.05 * room,
  ]
}
