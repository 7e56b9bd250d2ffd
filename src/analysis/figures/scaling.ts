import { metrics } from '../../study/metric.js'
import { replicateNoun } from '../replicates/basis-words.js'
import { replicateCount } from '../replicates/replicates.js'
import type { Scaling } from '../scaling/scaling.js'
import {
  axis,
  type Figure,
  figure,
  ink,
  type JsonObject,
  legendHeight,
  plainText,
  seriesStyle,
} from './drawing/figure.js'
import {
  type LawCurve,
  lawCurve,
  lawLines,
  lawTraces,
  peakSummary,
  peakTraces,
  scalingLabel,
} from './drawing/law-traces.js'
import { resultsOf } from './drawing/results.js'
import { type SideBySide, sideBySide } from './drawing/side-by-side.js'

/** One observation, with the effect of its block, or of its session, taken out. */
export interface ScalingPoint {
  readonly workers: number
  /** Number of the complete block, or of the session, from 1. */
  readonly block: number
  readonly throughput: number
  /** Share of the law's throughput by which the observed one lies above it; null without a fit. */
  readonly residual: number | null
}

/** Observations of one setting and the law that was fitted to them. */
export interface ScalingSeries {
  /** The setting in words: "at 10K". */
  readonly label: string
  /**
   * The result of the fit in words: "peak at 4.3 workers [3.9, 5.0]", "no peak", "no law fitted".
   */
  readonly summary: string
  readonly points: readonly ScalingPoint[]
  /** What a point is the throughput of. */
  readonly of: 'block' | 'session'
  /** The fitted curve; null where no fit converged. */
  readonly curve: LawCurve | null
}

/**
 * Collects the observations of each setting, with the fitted law over the worker counts that were
 * measured.
 */
export function scalingSeries(scalings: readonly Scaling[]): ScalingSeries[] {
  return scalings.map((scaling) => {
    const { fit } = scaling
    const { workers, throughput } = scaling.observations
    const perBlock = workers.length / Math.max(1, replicateCount(scaling))
    return {
      label: scalingLabel(scaling),
      summary: peakSummary(scaling),
      points: workers.map((count, k) => ({
        workers: count,
        block: Math.floor(k / perBlock) + 1,
        throughput: throughput[k]!,
        residual: fit.status === 'converged' ? throughput[k]! / fit.fitted[k]! - 1 : null,
      })),
      of: replicateNoun(scaling),
      curve: lawCurve(scaling),
    }
  })
}

/**
 * Plots throughput against workers with the fitted laws, their bands and peaks, one colour per
 * setting, and below it the residuals of the laws.
 *
 * @example
 * show(plotScaling(fitScaling(study)))
 */
export function plotScaling(given: Scaling | readonly Scaling[]): Figure {
  const scalings = resultsOf('scaling', given, 'fitScaling')
  const series = scalingSeries(scalings)
  const points = series.flatMap((one) => one.points)
  const places = sideBySide(
    points.map(({ workers }) => workers),
    series.length,
  )
  const { label, unit } = metrics.recordsPerSecond
  const most = Math.max(0, ...points.map(({ throughput }) => throughput))
  const names = series.map(({ label: name, summary }) => `${name}: ${summary}`)
  const laws = lawLines(scalings)
  const fitted = series.some(({ curve }) => curve !== null)
  return figure(
    series.flatMap((one, index) => tracesOf(one, names[index]!, index, places)),
    {
      title: 'Where does throughput stop growing?',
      subtitle:
        points.length > 0
          ? [`Points: ${pointsText(scalings)} taken out${fitted ? '; the band holds that too' : ''}.`, ...laws]
          : ['Nothing to draw.', ...laws],
      height: 460 + (fitted ? 200 : 0) + 23 * laws.length + legendHeight(names),
    },
    {
      showlegend: true,
      ...(fitted ? { shapes: [zeroLine], yaxis2: axis('residual (%)', { domain: [0, 0.3], nticks: 6 }) } : {}),
      xaxis: { ...places.axis, anchor: fitted ? 'y2' : 'y' },
      yaxis: axis(`${label} (${unit})`, {
        domain: [fitted ? 0.39 : 0, 1],
        range: [0, most * 1.08 || 1],
        tickformat: ',',
      }),
    },
  )
}

/** Says what the points are: one for each block, or for each session. */
function pointsText(scalings: readonly Scaling[]): string {
  return scalings.some(({ sessions }) => sessions !== null)
    ? 'mean throughput of each session, what the sessions differ by'
    : 'throughput in each block, what the blocks differ by'
}

function tracesOf({ points, of, curve }: ScalingSeries, name: string, index: number, places: SideBySide): JsonObject[] {
  const style = seriesStyle(index)
  const { color, symbol, dash } = style
  const offset = places.offset(index)
  const lastBlock = points.reduce((last, { block }) => Math.max(last, block), 1)
  const scatter = (shown: readonly ScalingPoint[], y: readonly number[], format: string): JsonObject => ({
    type: 'scatter',
    mode: 'markers',
    x: shown.map(({ workers, block }) => workers + offset + places.jitter(block, lastBlock)),
    y,
    text: shown.map(({ workers, block }) => `${workers} workers, ${of} ${block}`),
    hovertemplate: `%{text}: ${format}<extra></extra>`,
    marker: { color, symbol, size: 6, opacity: 0.5 },
    showlegend: false,
  })
  const left = points.filter(({ residual }) => residual !== null)
  return [
    ...(curve ? lawTraces(curve, style, offset) : []),
    scatter(
      points,
      points.map(({ throughput }) => throughput),
      '%{y:,.4~g}',
    ),
    ...(curve?.peak ? peakTraces(curve.peak, style, offset, places.range) : []),
    ...(left.length > 0
      ? [
          {
            ...scatter(
              left,
              left.map(({ residual }) => residual! * 100),
              '%{y:+.1f} %',
            ),
            yaxis: 'y2',
          },
        ]
      : []),
    {
      type: 'scatter',
      mode: curve ? 'lines+markers' : 'markers',
      name: plainText(name),
      // An empty trace: only its line and symbol appear, in the legend.
      x: [null],
      y: [null],
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 8 },
    },
  ]
}

const zeroLine: JsonObject = {
  type: 'line',
  xref: 'paper',
  yref: 'y2',
  x0: 0,
  x1: 1,
  y0: 0,
  y1: 0,
  line: { color: ink, width: 1 },
}
