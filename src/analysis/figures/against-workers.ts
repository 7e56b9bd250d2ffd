import { checkedOptions } from '../../check.js'
import { type Metric, metrics } from '../../study/metric.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { sameTreatment } from '../../study/treatment.js'
import { defaultLevel } from '../defaults.js'
import { ofSessionsText } from '../replicates/basis-words.js'
import type { Scaling } from '../scaling/scaling.js'
import {
  axis,
  errorBars,
  type Figure,
  figure,
  type JsonObject,
  legendHeight,
  plainText,
  seriesStyle,
} from './drawing/figure.js'
import { lawCurve, lawLines, lawTraces, peakSummary, peakTraces } from './drawing/law-traces.js'
import { type SideBySide, sideBySide } from './drawing/side-by-side.js'
import { type FigureOptions, type WorkersSeries, workersSeries } from './workers-series.js'

/** Collects total time against workers, in seconds, by batch size. */
export function totalTimeSeries(study: Study, options: FigureOptions = {}): WorkersSeries[] {
  return workersSeries(study, 'totalMs', options)
}

/** Collects throughput against workers, in records per second, by batch size. */
export function throughputSeries(study: Study, options: FigureOptions = {}): WorkersSeries[] {
  return workersSeries(study, 'recordsPerSecond', options)
}

/**
 * Plots total time against workers by batch size: every trial, the geometric mean and its interval.
 *
 * @throws `RangeError` for `where` that leaves no treatment.
 * @example
 * show(plotTotalTime(study, { where: { batchSize: 10_000 } }))
 */
export function plotTotalTime(study: Study, options: FigureOptions = {}): Figure {
  checkedStudy(study)
  return againstWorkers(
    study,
    totalTimeSeries(study, options),
    'totalMs',
    'Does the load get faster with more workers?',
    options,
  )
}

/** Options of `plotThroughput`. */
export interface ThroughputOptions extends FigureOptions {
  /**
   * Fitted laws, drawn as curves with their bands: the results of `fitScaling`. Those of other
   * treatments are left out.
   *
   * @default none
   */
  readonly scalings?: readonly Scaling[]
}

/**
 * Plots throughput against workers by batch size: every trial, the geometric mean and its interval;
 * with `scalings` the fitted laws too.
 *
 * @throws `RangeError` for `where` that leaves no treatment.
 * @example
 * show(plotThroughput(study, { scalings: fitScaling(study) }))
 */
export function plotThroughput(study: Study, options: ThroughputOptions = {}): Figure {
  checkedStudy(study)
  const { scalings, ...shared } = checkedOptions(options, { where: true, level: true, scalings: true })
  return againstWorkers(
    study,
    throughputSeries(study, shared),
    'recordsPerSecond',
    'Does throughput rise with more workers?',
    options,
  )
}

function againstWorkers(
  study: Study,
  series: readonly WorkersSeries[],
  metric: Metric,
  title: string,
  { level = defaultLevel, scalings = [] }: ThroughputOptions,
): Figure {
  const { label, unit } = metrics[metric]
  const places = sideBySide(
    series.flatMap(({ points }) => points.map((point) => point.workers)),
    series.length,
  )
  const laws = series.map(({ treatment }) => scalings.find((scaling) => isLawOf(scaling, treatment)) ?? null)
  const values = series.flatMap(({ points, estimates }) => [
    ...points.map(({ value }) => value),
    ...estimates.map(({ estimate }) => estimate.interval?.upper ?? estimate.value),
  ])
  const data = series.flatMap((one, index) => tracesOf(one, index, laws[index] ?? null, places))
  const drawn = laws.flatMap((law) => law ?? [])
  const lawsInWords = drawn.length > 0 ? lawLines(drawn) : []
  return figure(
    data,
    {
      title,
      subtitle: [
        `Small: one trial each. Large: geometric mean with its ${level * 100} % t interval${ofSessionsText(study.plan.blocksPerSession !== null)}.`,
        ...lawsInWords,
      ],
      height:
        460 + 23 * lawsInWords.length + legendHeight(series.map((one, index) => seriesName(one, laws[index] ?? null))),
    },
    {
      xaxis: places.axis,
      yaxis: axis(`${label} (${unit})`, {
        tickformat: ',',
        // Bands of few data would squeeze the points.
        ...(drawn.length > 0 ? { range: [0, Math.max(0, ...values) * 1.05] } : { rangemode: 'tozero' }),
      }),
    },
  )
}

/** Returns whether a law was fitted to the treatments of which this is one. */
function isLawOf(scaling: Scaling, treatment: Treatment): boolean {
  return sameTreatment({ ...scaling.treatment, workers: treatment.workers }, treatment)
}

function seriesName({ label }: WorkersSeries, law: Scaling | null): string {
  return law ? `${label}: ${peakSummary(law)}` : label
}

/**
 * Draws a series' law, its trials and, over them, its means; series are moved sideways so that
 * intervals do not hide each other.
 */
function tracesOf(series: WorkersSeries, index: number, law: Scaling | null, places: SideBySide): JsonObject[] {
  const { points, estimates } = series
  const style = seriesStyle(index)
  const { color, symbol, dash } = style
  const offset = places.offset(index)
  const lastBlock = points.reduce((last, { block }) => Math.max(last, block), 1)
  const curve = law && lawCurve(law)
  return [
    ...(curve ? lawTraces(curve, style, offset) : []),
    {
      type: 'scatter',
      mode: 'markers',
      x: points.map(({ workers, block }) => workers + offset + places.jitter(block, lastBlock)),
      y: points.map(({ value }) => value),
      text: points.map(({ block }) => `block ${block}`),
      hovertemplate: '%{text}: %{y:,.4~g}<extra></extra>',
      marker: { color, symbol, size: 5, opacity: 0.4 },
      showlegend: false,
    },
    {
      type: 'scatter',
      mode: curve ? 'markers' : 'lines+markers',
      name: plainText(seriesName(series, law)),
      x: estimates.map(({ workers }) => workers + offset),
      y: estimates.map(({ estimate }) => estimate.value),
      error_y: errorBars(
        estimates.map(({ estimate }) => estimate),
        { color },
      ),
      hovertemplate: '%{y:,.4~g}<extra>%{fullData.name}</extra>',
      line: { color, dash, width: 2 },
      marker: { color, symbol, size: 10, line: { color: '#ffffff', width: 1 } },
    },
    ...(curve?.peak ? peakTraces(curve.peak, style, offset, places.range) : []),
  ]
}
