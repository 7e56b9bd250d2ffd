import type { Cause, CauseState, Intervention } from '../explain/causes/judge-causes.js'
import type { Explanation } from '../explain/explain.js'
import {
  axis,
  errorBars,
  type Figure,
  figure,
  ink,
  type JsonObject,
  lines,
  rowAxis,
  rowsHeight,
} from './drawing/figure.js'
import { resultsOf } from './drawing/results.js'

/** An intervention that counts for a cause, as a row of the figure. */
export interface CausesRow {
  readonly cause: Cause
  readonly intervention: Intervention
  /** "WAL: synchronous commit on → off (study)" */
  readonly label: string
  /** Halves and two thirds of the change at the baseline, which decide. */
  readonly halfMs: number
  readonly twoThirdsMs: number
}

/** Collects the interventions that count, cause by cause; empty where none does. */
export function causesSeries({ causes }: Explanation): CausesRow[] {
  return causes.flatMap((cause) =>
    cause.by.map((intervention) => ({
      cause,
      intervention,
      label: `${cause.label}: ${intervention.change} (${intervention.study})`,
      halfMs: intervention.before.value / 2,
      twoThirdsMs: (intervention.before.value * 2) / 3,
    })),
  )
}

/** Style of the change that an intervention leaves, by what it shows of the cause. */
const styles: {
  readonly [S in Exclude<CauseState, 'not-tested'>]: { readonly color: string; readonly symbol: string }
} = {
  confirmed: { color: '#009E73', symbol: 'circle' },
  refuted: { color: '#D55E00', symbol: 'x' },
  open: { color: '#595959', symbol: 'diamond' },
}

/**
 * Plots what interventions show of the causes of a change: the change of the time at the baseline
 * and with each intervention that counts for a cause, with their intervals, and the marks of a half
 * and two thirds of the change, which decide.
 *
 * @example
 * show(plotCauses(explain(studies, { from: { workers: 2 }, to: { workers: 4 } })))
 */
export function plotCauses(explanation: Explanation): Figure {
  resultsOf('explanation', explanation, 'explain with `from` and `to`')
  const rows = causesSeries(explanation)
  const labels = rows.map(({ label }) => label)
  const subtitle = subtitleOf(explanation, rows)
  return figure(
    rows.length > 0 ? tracesOf(rows) : [],
    { title: 'Which causes are confirmed by intervention?', subtitle, height: 200 + rowsHeight(labels, 54) },
    {
      margin: { t: 52 + 23 * subtitle.length, r: 110, b: 60, l: 70 },
      shapes: rows.flatMap(({ halfMs, twoThirdsMs }, row) => [
        mark(halfMs, row, 'solid'),
        mark(twoThirdsMs, row, 'dot'),
      ]),
      annotations: rows.map(({ intervention }, y) => ({
        text: `<b>${intervention.state}</b>`,
        x: 1.015,
        xref: 'paper',
        xanchor: 'left',
        y,
        showarrow: false,
        font: { size: 13 },
      })),
      xaxis: axis('change of the time, in ms', {
        tickformat: ',',
        zeroline: true,
        zerolinecolor: ink,
        rangemode: 'tozero',
      }),
      yaxis: rowAxis(labels),
    },
  )
}

function subtitleOf({ contrast, interventions, level }: Explanation, rows: readonly CausesRow[]): string[] {
  const text =
    rows.length > 0
      ? `From ${contrast}, with t intervals, ${level * 100} % for all together. Lines: half of the change, dotted two thirds.`
      : `Nothing to draw from ${contrast}: none of ${interventions} interventions counts for a cause.`
  return lines(text)
}

function tracesOf(rows: readonly CausesRow[]): JsonObject[] {
  const points = rows.map((row, place) => ({ ...row, place }))
  const states = (Object.keys(styles) as (keyof typeof styles)[]).filter((state) =>
    rows.some(({ intervention }) => intervention.state === state),
  )
  const trace = (
    name: string,
    style: { readonly color: string; readonly symbol: string },
    shown: typeof points,
    of: 'before' | 'after',
  ): JsonObject => ({
    type: 'scatter',
    mode: 'markers',
    name,
    x: shown.map(({ intervention }) => intervention[of].value),
    y: shown.map(({ place }) => place + (of === 'before' ? -0.16 : 0.16)),
    text: shown.map(({ label }) => label),
    error_x: errorBars(
      shown.map(({ intervention }) => intervention[of]),
      { color: style.color },
    ),
    hovertemplate: '%{text}: %{x:,.0f} ms<extra></extra>',
    marker: { color: style.color, symbol: style.symbol, size: 10 },
  })
  return [
    trace('baseline', { color: ink, symbol: 'square-open' }, points, 'before'),
    ...states.map((state) =>
      trace(
        `with the intervention: ${state}`,
        styles[state],
        points.filter(({ intervention }) => intervention.state === state),
        'after',
      ),
    ),
  ]
}

/** Draws a mark across a row. */
function mark(x: number, row: number, dash: string): JsonObject {
  return {
    type: 'line',
    xref: 'x',
    yref: 'y',
    x0: x,
    x1: x,
    y0: row - 0.36,
    y1: row + 0.36,
    line: { color: ink, width: 1, dash },
  }
}
