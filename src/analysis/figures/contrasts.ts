import { type Metric, metrics } from '../../study/metric.js'
import type { Comparison } from '../compare/compare.js'
import type { SessionRatio } from '../compare/session-ratios.js'
import { basisText } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import type { Interval } from '../statistics/estimate.js'
import { counted } from '../text/levels.js'
import type { Verdict } from '../verdict/verdict.js'
import { type Figure, figure, ink, type JsonObject, rowAxis, rowsHeight } from './drawing/figure.js'
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
  /** The ratio of each session; empty where blocks are judged. */
  readonly sessionRatios: readonly SessionRatio[]
  readonly claim: RatioBand
  readonly verdict: Verdict
  readonly blocks: number
  /** Number of sessions of these blocks, whose means are judged; null where blocks are. */
  readonly sessions: number | null
}

/** Collects the comparisons that have a block, in their order. */
export function contrastRows(comparisons: readonly Comparison[]): ContrastRow[] {
  const several = new Set(comparisons.map(({ metric }) => metric)).size > 1
  return comparisons.flatMap((comparison) => {
    const { contrast, metric, estimate, pairs, claim, verdict } = comparison
    if (!estimate) return []
    return [
      {
        label: several ? `${contrast}, ${metrics[metric].label}` : contrast,
        metric,
        ratio: estimate.value,
        interval: estimate.interval,
        points: pairs.map(({ block, ratio }) => ({ block, ratio })),
        sessionRatios: comparison.sessionRatios,
        claim: { lower: claim.lower, upper: claim.upper },
        verdict,
        blocks: comparison.blocks,
        sessions: comparison.sessions,
      },
    ]
  })
}

/**
 * Plots comparisons as ratios with their intervals, every block's ratio, the line of no difference,
 * and the band that each claim states. Of a study in sessions, whose means the intervals are of,
 * the mean of each session is drawn, and its blocks in a lighter colour.
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
  const points = rows.map(({ ratio, interval, verdict, ...basis }, y) => ({
    y,
    estimate: { value: ratio, interval, n: replicateCount(basis) },
    verdict,
  }))
  const labels = rows.map(({ label }) => label)
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
        marker: { color: ink, symbol: 'line-ns-open', size: 9, opacity: rows.some(isInSessions) ? 0.25 : 0.5 },
      },
      ...sessionTraces(rows),
      ...verdictTraces(points, range),
      ...cutEnds(points, range),
    ],
    {
      title: 'How large are the differences?',
      subtitle: subtitleOf(rows, levelText(comparisons)),
      height: 210 + rowsHeight(labels, 68, 1),
    },
    {
      shapes: [...rows.map(({ claim }, row) => bandShape(claim, row, range)), equalityLine],
      xaxis: ratioAxis(xTitle(rows), range),
      yaxis: rowAxis(
        labels,
        rows.map(({ verdict, interval, ...basis }) => {
          const level = interval && levelText(comparisons) === '' ? `${percentOf(interval.level)}, ` : ''
          return `${verdict}, ${level}${basisText(basis)}`
        }),
      ),
    },
  )
}

const isInSessions = ({ sessions }: ContrastRow): boolean => sessions !== null

/** Draws the ratio of each session, which blocks then only make up. */
function sessionTraces(rows: readonly ContrastRow[]): JsonObject[] {
  if (!rows.some(isInSessions)) return []
  // Of many sessions single marks would hide each other.
  const isCrowded = rows.some(({ sessionRatios }) => sessionRatios.length > 40)
  const placed = rows.flatMap((row, place) => row.sessionRatios.map((one) => ({ ...one, y: place + 0.2 })))
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'mean of one session',
      x: placed.map(({ ratio }) => ratio),
      y: placed.map(({ y }) => y),
      text: placed.map(({ session, blocks }) => `session ${session}, ${counted(blocks, 'block')}`),
      hovertemplate: '%{text}: %{x:.3f}<extra></extra>',
      marker: { color: ink, symbol: 'line-ns-open', size: isCrowded ? 13 : 17, line: { width: isCrowded ? 1 : 2.5 } },
    },
  ]
}

function subtitleOf(rows: readonly ContrastRow[], level: string): string[] {
  const mixed = rows.some(isInSessions) && !rows.every(isInSessions)
  return [
    rows.some(isInSessions)
      ? `Ratio within blocks with the ${level}interval of the means of sessions; shaded: the claim.`
      : `Ratio within blocks with its ${level}interval; shaded: the claim.`,
    ...(mixed ? ['Where no session is named, the interval is of the blocks.'] : []),
  ]
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
