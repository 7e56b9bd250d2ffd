import { type Metric, metrics } from '../../study/metric.js'
import type { Comparison } from '../compare/compare.js'
import type { Interval } from '../statistics/estimate.js'
import { counted } from '../text/levels.js'
import type { Verdict } from '../verdict/verdict.js'
import { type Figure, figure, ink, rowAxis } from './drawing/figure.js'
import {
  bandShape,
  boundedEnds,
  cutEnds,
  equalityLine,
  type RatioBand,
  ratioAxis,
  ratioRange,
} from './drawing/forest.js'
import { resultsOf } from './drawing/results.js'
import { verdictTraces } from './drawing/verdict-styles.js'

/** One comparison as the forest plot draws it. */
export interface ContrastRow {
  readonly label: string
  readonly metric: Metric
  readonly ratio: number
  readonly interval: Interval | null
  readonly points: readonly { readonly block: number; readonly ratio: number }[]
  readonly claim: RatioBand
  readonly verdict: Verdict
  readonly blocks: number
}

/** Collects the comparisons that have a block, in their order. */
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

/**
 * Plots comparisons as ratios with their intervals, every block's ratio, the line of no difference,
 * and the band that each claim states.
 *
 * @example
 * const at = { batchSize: 10_000 }
 * const answer = compare(study, { a: { workers: 2, ...at }, b: { workers: 4, ...at } })
 * show(plotContrasts([answer]))
 */
export function plotContrasts(compared: Comparison | readonly Comparison[]): Figure {
  const comparisons = resultsOf('comparison', compared, 'compare')
  const rows = contrastRows(comparisons)
  const range = ratioRange(
    rows.flatMap(({ ratio, points, claim }) => [ratio, ...points.map((point) => point.ratio), ...boundedEnds(claim)]),
    rows.map(({ interval }) => interval),
  )
  const points = rows.map(({ ratio, interval, blocks, verdict }, y) => ({
    y,
    estimate: { value: ratio, interval, n: blocks },
    verdict,
  }))
  return figure(
    [
      {
        type: 'scatter',
        mode: 'markers',
        name: 'one block',
        x: rows.flatMap((row) => row.points.map(({ ratio }) => ratio)),
        y: rows.flatMap((row, place) => row.points.map(() => place + 0.2)),
        text: rows.flatMap((row) => row.points.map(({ block }) => `block ${block}`)),
        hovertemplate: '%{text}: %{x:.3f}<extra></extra>',
        marker: { color: ink, symbol: 'line-ns-open', size: 9, opacity: 0.5 },
      },
      ...verdictTraces(points, range),
      ...cutEnds(points, range),
    ],
    {
      title: 'How large are the differences?',
      subtitle: [`Ratio within blocks with its ${levelText(comparisons)}interval; shaded: the claim.`],
      height: 210 + 68 * Math.max(2, rows.length),
    },
    {
      shapes: [...rows.map(({ claim }, row) => bandShape(claim, row, range)), equalityLine],
      xaxis: ratioAxis(xTitle(rows), range),
      yaxis: rowAxis(
        rows.map(({ label }) => label),
        rows.map(({ verdict, blocks, interval }) => {
          const level = interval && levelText(comparisons) === '' ? `${percentOf(interval.level)}, ` : ''
          return `${verdict}, ${level}${counted(blocks, 'block')}`
        }),
      ),
    },
  )
}

function xTitle(rows: readonly ContrastRow[]): string {
  const [metric, ...others] = new Set(rows.map((row) => row.metric))
  const what = metric && others.length === 0 ? metrics[metric].label : 'value'
  return `${what}: first as a multiple of second (1 = equal)`
}

function levelText(comparisons: readonly Comparison[]): string {
  const [level, ...others] = new Set(comparisons.map((comparison) => comparison.level))
  return level !== undefined && others.length === 0 ? `${percentOf(level)} ` : ''
}

const percentOf = (level: number): string => `${Number((level * 100).toPrecision(4))} %`
