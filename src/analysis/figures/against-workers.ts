import type { Study } from '../../executor/types.js'
import { type Metric, metrics } from '../metrics.js'
import { axis, errorBars, type Figure, figure, type JsonObject, plainText, seriesStyle } from './figure.js'
import { type FigureOptions, type WorkersSeries, workersSeries } from './workers-series.js'

/** Total time against workers, in seconds, by batch size. */
export function totalTimeSeries(study: Study, options: FigureOptions = {}): WorkersSeries[] {
  return workersSeries(study, 'totalMs', options)
}

/** Throughput against workers, in records per second, by batch size. */
export function throughputSeries(study: Study, options: FigureOptions = {}): WorkersSeries[] {
  return workersSeries(study, 'recordsPerSecond', options)
}

/** Total time against workers by batch size: every trial, the geometric mean and its interval. */
export function plotTotalTime(study: Study, options: FigureOptions = {}): Figure {
  return againstWorkers(
    totalTimeSeries(study, options),
    'totalMs',
    'Does the load get faster with more workers?',
    options,
  )
}

/** Throughput against workers by batch size: every trial, the geometric mean and its interval. */
export function plotThroughput(study: Study, options: FigureOptions = {}): Figure {
  return againstWorkers(
    throughputSeries(study, options),
    'recordsPerSecond',
    'Does throughput rise with more workers?',
    options,
  )
}

function againstWorkers(
  series: readonly WorkersSeries[],
  metric: Metric,
  title: string,
  { level = 0.95 }: FigureOptions,
): Figure {
  const { label, unit } = metrics[metric]
  const workers = [...new Set(series.flatMap(({ points }) => points.map((point) => point.workers)))].sort(
    (a, b) => a - b,
  )
  const gap = Math.min(1, ...workers.slice(1).map((count, k) => count - workers[k]!))
  const step = (gap * 0.6) / Math.max(3, series.length)
  const data = series.flatMap((one, index) => tracesOf(one, index, (index - (series.length - 1) / 2) * step, step))
  return figure(
    data,
    {
      title,
      subtitle: [`Small: one trial each. Large: geometric mean with its ${level * 100} % t interval.`],
    },
    {
      xaxis: axis('workers', {
        tickmode: 'array',
        tickvals: workers,
        ticktext: workers.map(String),
        range: [(workers[0] ?? 0) - 0.5 * gap, (workers.at(-1) ?? 1) + 0.5 * gap],
        showgrid: false,
      }),
      yaxis: axis(`${label} (${unit})`, { rangemode: 'tozero', tickformat: ',' }),
    },
  )
}

/** A series' trials and, over them, its means; series stand side by side so that intervals do not hide each other. */
function tracesOf(
  { label, points, estimates }: WorkersSeries,
  index: number,
  offset: number,
  step: number,
): JsonObject[] {
  const { color, symbol, dash } = seriesStyle(index)
  const lastBlock = points.reduce((last, { block }) => Math.max(last, block), 1)
  return [
    {
      type: 'scatter',
      mode: 'markers',
      x: points.map(({ workers, block }) => workers + offset + (block / (lastBlock + 1) - 0.5) * step * 0.8),
      y: points.map(({ value }) => value),
      text: points.map(({ block }) => `block ${block}`),
      hovertemplate: '%{text}: %{y:,.4~g}<extra></extra>',
      marker: { color, symbol, size: 5, opacity: 0.4 },
      showlegend: false,
    },
    {
      type: 'scatter',
      mode: 'lines+markers',
      name: plainText(label),
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
  ]
}
