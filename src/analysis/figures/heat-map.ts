import type { Study } from '../../executor/types.js'
import { checkedMetric, type Metric, metrics, metricValue } from '../metrics.js'
import { median } from '../statistics/quantile.js'
import { formatNumber } from '../tables.js'
import {
  counted,
  levelsOf,
  type Selection,
  selectTreatments,
  shortCount,
  trialsOf,
  varyingFactors,
} from '../treatments.js'
import { axis, type Figure, figure } from './figure.js'

export interface HeatMapOptions {
  /** `totalMs` unless told. */
  readonly metric?: Metric
  /** Only treatments with these levels; must leave nothing to vary but workers and batch size. */
  readonly where?: Selection
}

/** One cell of the grid of workers and batch sizes. */
export interface HeatMapCell {
  readonly workers: number
  readonly batchSize: number
  /** In the unit that figures show; null without a completed trial. */
  readonly median: number | null
  readonly blocks: number
}

/** The median of a metric for every worker count and batch size, rows of batch sizes in ascending order. */
export function heatMapSeries(study: Study, { metric = 'totalMs', where }: HeatMapOptions = {}): HeatMapCell[] {
  checkedMetric(metric)
  const treatments = selectTreatments(study, where)
  const other = varyingFactors(treatments).find((factor) => factor !== 'workers' && factor !== 'batchSize')
  if (other !== undefined) {
    throw new RangeError(
      `Expected \`where\` to leave workers and batch sizes only, got several of \`${other}\`: add one of ${levelsOf(treatments, other).map(String).join(', ')}`,
    )
  }
  return [...treatments]
    .sort((a, b) => a.batchSize - b.batchSize || a.workers - b.workers)
    .map((treatment) => {
      const values = trialsOf(study, treatment)
        .map((trial) => metricValue(trial, metric))
        .filter((value) => value !== null)
      return {
        workers: treatment.workers,
        batchSize: treatment.batchSize,
        median: values.length > 0 ? median(values) / metrics[metric].scale : null,
        blocks: values.length,
      }
    })
}

/** Light to dark, so that the order survives grey print. */
const colorscale = [
  [0, '#f7fbff'],
  [0.5, '#6baed6'],
  [1, '#08306b'],
] as const

/** The median of a metric for every worker count and batch size, with the number of trials behind it. */
export function plotHeatMap(study: Study, options: HeatMapOptions = {}): Figure {
  const cells = heatMapSeries(study, options)
  const { label, unit, goal } = metrics[options.metric ?? 'totalMs']
  const workers = [...new Set(cells.map((cell) => cell.workers))].sort((a, b) => a - b)
  const batchSizes = [...new Set(cells.map((cell) => cell.batchSize))]
  const grid = batchSizes.map((batchSize) =>
    workers.map((count) => cells.find((cell) => cell.workers === count && cell.batchSize === batchSize) ?? null),
  )
  const largest = cells.reduce((most, cell) => Math.max(most, cell.median ?? 0), 0)
  const decimals = largest >= 100 ? 0 : largest >= 10 ? 1 : 2
  return figure(
    [
      {
        type: 'heatmap',
        x: workers.map(String),
        y: batchSizes.map(shortCount),
        z: grid.map((row) => row.map((cell) => cell?.median ?? null)),
        text: grid.map((row) =>
          row.map((cell) =>
            cell === null || cell.median === null
              ? ''
              : `<b>${formatNumber(cell.median, decimals)}</b><br>${counted(cell.blocks, 'trial')}`,
          ),
        ),
        texttemplate: '%{text}',
        hovertemplate: `%{x} workers, batches of %{y}: %{z:,.4~g} ${unit}<extra></extra>`,
        colorscale,
        xgap: 2,
        ygap: 2,
        colorbar: { title: { text: unit, font: { size: 14 } }, tickformat: ',', thickness: 14, outlinewidth: 0 },
      },
    ],
    {
      title: `Where is the ${label} ${goal === 'min' ? 'least' : 'greatest'}?`,
      subtitle: [`Median ${label} in ${unit}; darker is more.`],
    },
    {
      xaxis: axis('workers', { type: 'category', showgrid: false, ticks: '' }),
      yaxis: axis('batch size (records)', { type: 'category', showgrid: false, ticks: '' }),
    },
  )
}
