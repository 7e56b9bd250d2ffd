import { varyingFactors } from '../../../study/treatment.js'
import type { Activity } from '../../explain/activities.js'
import type { Explanation } from '../../explain/explain.js'
import { basisText, ofSessionsText } from '../../replicates/basis-words.js'
import { type Estimate, mapEstimate } from '../../statistics/estimate.js'
import { signedNumber } from '../../tables/tables.js'
import { describeTreatment } from '../../text/levels.js'
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

/** One bar of the way from one treatment's worker-seconds to another's. */
export interface WaterfallRow {
  /**
   * Role of the bar. `rest` is the change that the activities do not account for, because they come
   * from several clocks.
   */
  readonly kind: 'start' | 'change' | 'rest' | 'end'
  readonly label: string
  readonly activity: Activity | null
  /** Ends of the bar, in worker-seconds. */
  readonly fromSeconds: number
  readonly toSeconds: number
  /**
   * Change in worker-seconds, with its interval over blocks; null at both ends and for the rest.
   */
  readonly change: Estimate | null
}

/** Share of the worker time below which a rest is not shown. */
const negligible = 0.001

/**
 * Collects the worker-seconds of one treatment, the change in each activity that is not zero under
 * either, and the worker-seconds of the other, all as `explain` has them; empty without a block in
 * which the waits of both trials are known.
 */
export function waterfallSeries({ from, to, wall, activities }: Explanation): WaterfallRow[] {
  if (!wall) return []
  const differing = varyingFactors([from, to])
  const end = { activity: null, fromSeconds: 0, change: null }
  let at = wall.fromMs / 1000
  const changes = activities
    .filter(({ fromMs, toMs }) => fromMs !== 0 || toMs !== 0)
    .map(({ activity, label, change }): WaterfallRow => {
      const fromSeconds = at
      at += change.value / 1000
      return {
        kind: 'change',
        label,
        activity,
        fromSeconds,
        toSeconds: at,
        change: mapEstimate(change, (ms) => ms / 1000),
      }
    })
  const toSeconds = wall.toMs / 1000
  const rest: WaterfallRow[] =
    Math.abs(toSeconds - at) > negligible * Math.max(wall.fromMs / 1000, toSeconds)
      ? [{ kind: 'rest', label: 'not accounted for', activity: null, fromSeconds: at, toSeconds, change: null }]
      : []
  return [
    { ...end, kind: 'start', label: describeTreatment(from, differing), toSeconds: wall.fromMs / 1000 },
    ...changes,
    ...rest,
    { ...end, kind: 'end', label: describeTreatment(to, differing), toSeconds },
  ]
}

/**
 * Plots the way from one treatment's worker-seconds to another's: what each activity adds or takes
 * away, with its interval over blocks.
 *
 * @example
 * const at = { batchSize: 10_000 }
 * show(plotWaterfall(explain(study, { from: { workers: 2, ...at }, to: { workers: 4, ...at } })))
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
      xaxis: axis('worker-seconds (workers × wall time)', { range: rangeOf(rows), tickformat: ',' }),
      yaxis: rowAxis(labels),
    },
  )
}

function subtitleOf(explanation: Explanation): string[] {
  const { contrast, level, sessions, wall, unread } = explanation
  const of = ofSessionsText(sessions !== null)
  const text = wall
    ? `From ${contrast}: mean change within ${basisText(explanation)}, with its ${level * 100} % t interval${of}.`
    : `Nothing to draw from ${contrast}: ${unread.join('; ') || 'no block has a completed trial of both'}.`
  return lines(text)
}

function styleOf({ kind, activity }: WaterfallRow): ActivityStyle {
  if (activity) return activityStyles[activity]
  return { color: kind === 'rest' ? '#ffffff' : '#595959', pattern: '' }
}

function barOf(row: WaterfallRow, place: number): JsonObject {
  return {
    type: 'bar',
    orientation: 'h',
    name: row.label,
    y: [place],
    base: [Math.min(row.fromSeconds, row.toSeconds)],
    x: [Math.abs(row.toSeconds - row.fromSeconds)],
    width: 0.6,
    hoverinfo: 'name',
    marker: barMarker(styleOf(row)),
  }
}

/** Draws the interval of each change at the end of its bar. */
function intervalsOf(rows: readonly WaterfallRow[]): JsonObject {
  const changes = rows.map((row, place) => ({ ...row, place })).filter(({ change }) => change !== null)
  return {
    type: 'scatter',
    mode: 'markers',
    y: changes.map(({ place }) => place),
    x: changes.map(({ toSeconds }) => toSeconds),
    text: changes.map(({ label }) => label),
    error_x: errorBars(
      changes.map(({ change }) => change!),
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
    x0: rows[place]!.toSeconds,
    x1: rows[place]!.toSeconds,
    y0: place + 0.3,
    y1: place + 0.7,
    line: { color: faintInk, width: 1 },
  }))
}

function amountOf({ kind, fromSeconds, toSeconds, change }: WaterfallRow, place: number, decimals: number): JsonObject {
  const by = toSeconds - fromSeconds
  const signed = (value: number): string => signedNumber(value, decimals)
  const interval = change?.interval ? ` [${signed(change.interval.lower)}, ${signed(change.interval.upper)}]` : ''
  return {
    text: kind === 'start' || kind === 'end' ? `<b>${by.toFixed(decimals)}</b>` : `${signed(by)}${interval}`,
    x: 1.015,
    xref: 'paper',
    xanchor: 'left',
    y: place,
    showarrow: false,
    font: { size: 13 },
  }
}

/** Returns the number of decimals that shows small parts of the larger end. */
function decimalsFor(rows: readonly WaterfallRow[]): number {
  const most = Math.max(0, ...rows.map(({ toSeconds }) => toSeconds))
  return most >= 100 ? 1 : most >= 1 ? 2 : 3
}

/**
 * Returns the range of the axis: from 0 over all bars; intervals of few blocks may run off the end,
 * so that they do not squeeze the bars.
 */
function rangeOf(rows: readonly WaterfallRow[]): number[] {
  const ends = rows.map(({ toSeconds }) => toSeconds)
  const upper = rows.map(({ fromSeconds, change }) => fromSeconds + (change?.interval?.upper ?? 0))
  const most = Math.max(0, ...ends) || 1
  return [Math.min(0, ...ends) * 1.05, Math.min(Math.max(most, ...upper), most * 1.3) * 1.05]
}
