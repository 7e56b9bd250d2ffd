import type { Comparison } from '../comparison.js'
import { type Metric, metrics } from '../metrics.js'
import type { Interval } from '../statistics/estimate.js'
import { counted } from '../treatments.js'
import type { Verdict } from '../verdict.js'
import { axis, errorBars, type Figure, figure, ink, type JsonObject, wrapped } from './figure.js'

/** One comparison as the forest plot draws it. */
export interface ContrastRow {
  readonly label: string
  readonly metric: Metric
  readonly ratio: number
  readonly interval: Interval | null
  readonly points: readonly { readonly block: number; readonly ratio: number }[]
  /** Bounds of the claim; null for no upper bound. */
  readonly claim: { readonly lower: number; readonly upper: number | null }
  readonly verdict: Verdict
  readonly blocks: number
}

/** The comparisons that have a block, in their order. */
export function contrastRows(comparisons: readonly Comparison[]): ContrastRow[] {
  const several = new Set(comparisons.map(({ metric }) => metric)).size > 1
  return comparisons.flatMap(({ contrast, metric, estimate, pairs, claim, verdict, blocks }) => {
    if (!estimate) return []
    return [
      {
        label: several ? `${contrast}, ${metrics[metric].label}` : contrast,
        metric,
        ratio: estimate.value,
        interval: estimate.interval,
        points: pairs.map(({ block, ratio }) => ({ block, ratio })),
        claim: { lower: claim.lower, upper: claim.upper },
        verdict,
        blocks,
      },
    ]
  })
}

/** Symbols tell verdicts apart without colour. */
const verdictLooks: { readonly [V in Verdict]: { readonly color: string; readonly symbol: string } } = {
  supported: { color: '#0072B2', symbol: 'circle' },
  refuted: { color: '#D55E00', symbol: 'x' },
  equivalent: { color: '#009E73', symbol: 'square' },
  undecided: { color: '#000000', symbol: 'diamond-open' },
}

/** Comparisons as ratios with their intervals, every block's ratio, the line of no difference, and the band that each claim states. */
export function plotContrasts(comparisons: readonly Comparison[]): Figure {
  const rows = contrastRows(comparisons)
  const range = shownRange(rows)
  const ticks = ratioTicks(range)
  const labels = rows.map(
    ({ label, verdict, blocks }) => `${wrapped(label)}<br><i>${verdict}, ${counted(blocks, 'block')}</i>`,
  )
  return figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'one block',
        x: rows.flatMap(({ points }) => points.map(({ ratio }) => ratio)),
        y: rows.flatMap(({ points }, row) => points.map(() => row + 0.2)),
        text: rows.flatMap(({ points }) => points.map(({ block }) => `block ${block}`)),
        hovertemplate: '%{text}: %{x:.3f}<extra></extra>',
        marker: { color: ink, symbol: 'line-ns-open', size: 9, opacity: 0.5 },
      },
      ...verdictTraces(rows),
    ],
    {
      title: 'How large are the differences?',
      subtitle: [`Ratio within blocks with its ${levelText(comparisons)}interval; shaded: the claim.`],
      height: 210 + 68 * Math.max(2, rows.length),
    },
    {
      shapes: [...rows.map((row, index) => claimShape(row, index, range)), noDifference],
      xaxis: axis(xTitle(rows), {
        type: 'log',
        range: range.map(Math.log10),
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map(String),
      }),
      yaxis: axis('', {
        tickmode: 'array',
        tickvals: rows.map((_, row) => row),
        ticktext: labels,
        range: [rows.length - 0.5, -0.5],
        showgrid: false,
        ticks: '',
      }),
    },
  )
}

function verdictTraces(rows: readonly ContrastRow[]): JsonObject[] {
  return (Object.keys(verdictLooks) as Verdict[]).flatMap((verdict) => {
    const own = rows.map((row, index) => ({ ...row, index })).filter((row) => row.verdict === verdict)
    if (own.length === 0) return []
    const { color, symbol } = verdictLooks[verdict]
    return [
      {
        type: 'scatter',
        mode: 'markers',
        name: verdict,
        x: own.map(({ ratio }) => ratio),
        y: own.map(({ index }) => index),
        error_x: errorBars(
          own.map(({ ratio, interval, blocks }) => ({ value: ratio, interval, n: blocks })),
          { color },
        ),
        hovertemplate: `%{x:.3f}<extra>${verdict}</extra>`,
        marker: { color, symbol, size: 11, line: { color, width: 2 } },
      },
    ]
  })
}

const noDifference: JsonObject = {
  type: 'line',
  xref: 'x',
  yref: 'paper',
  x0: 1,
  x1: 1,
  y0: 0,
  y1: 1,
  line: { color: ink, width: 1.5, dash: 'dash' },
}

function claimShape({ claim }: ContrastRow, index: number, [least, most]: readonly [number, number]): JsonObject {
  return {
    type: 'rect',
    xref: 'x',
    yref: 'y',
    x0: Math.max(claim.lower, least),
    x1: Math.min(claim.upper ?? most, most),
    y0: index - 0.36,
    y1: index + 0.36,
    fillcolor: '#E69F00',
    opacity: 0.22,
    line: { width: 0 },
    layer: 'below',
  }
}

/** All that is drawn, the ends of bounded claims included, with a little room; never narrower than 0.9 to 1.1. */
function shownRange(rows: readonly ContrastRow[]): [number, number] {
  const drawn = rows.flatMap(({ ratio, interval, points, claim }) => [
    ratio,
    ...(interval ? [interval.lower, interval.upper] : []),
    ...points.map((point) => point.ratio),
    ...(claim.lower > 0 && claim.upper !== null ? [claim.lower, claim.upper] : []),
  ])
  return [Math.min(0.9, ...drawn) / 1.02, Math.max(1.1, ...drawn) * 1.02]
}

/** About six ratios at round steps from 1, none of them outside the range. */
function ratioTicks([least, most]: readonly [number, number]): number[] {
  if (most / least > 4) {
    return [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100].filter((tick) => tick >= least && tick <= most)
  }
  const step = [0.02, 0.05, 0.1, 0.2, 0.25, 0.5].find((size) => (most - least) / size <= 6) ?? 0.5
  const ticks: number[] = []
  for (let k = Math.ceil((least - 1) / step); 1 + k * step <= most; k++) ticks.push(Number((1 + k * step).toFixed(2)))
  return ticks
}

function xTitle(rows: readonly ContrastRow[]): string {
  const [metric, ...others] = new Set(rows.map((row) => row.metric))
  const what = metric && others.length === 0 ? metrics[metric].label : 'value'
  return `${what}: first as a multiple of second (1 = equal)`
}

function levelText(comparisons: readonly Comparison[]): string {
  const [level, ...others] = new Set(comparisons.map((comparison) => comparison.level))
  return level !== undefined && others.length === 0 ? `${Number((level * 100).toPrecision(4))} % ` : ''
}
