import { checkedOptions } from '../../check.js'
import { checkedMetric, type Metric, metrics } from '../../study/metric.js'
import { selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { levelsOf, type Selection, shortCount, varyingFactors } from '../../study/treatment.js'
import { metricValue } from '../metric-value.js'
import { median } from '../statistics/numerics/quantile.js'
import { formatNumber } from '../tables/tables.js'
import { counted } from '../text/levels.js'
import { axis, type Figure, figure, ink, type JsonObject } from './drawing/figure.js'

/** Options of `plotHeatMap` and `heatMapSeries`. */
export interface HeatMapOptions {
  /**
   * The metric whose median is shown.
   *
   * @default 'totalMs'
   */
  readonly metric?: Metric
  /** Only treatments with these levels; must leave nothing to vary but workers and batch size. */
  readonly where?: Selection
}

/** One cell of the grid of workers and batch sizes. */
export interface HeatMapCell {
  readonly workers: number
  readonly batchSize: number
  /** Median in the unit that figures show; null without a completed trial. */
  readonly median: number | null
  readonly blocks: number
}

/**
 * Computes the median of a metric for every worker count and batch size, rows of batch sizes in
 * ascending order.
 */
export function heatMapSeries(study: Study, options: HeatMapOptions = {}): HeatMapCell[] {
  checkedStudy(study)
  const { metric = 'totalMs', where } = checkedOptions(options, { metric: true, where: true })
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

type Rgb = readonly [number, number, number]

/** Colour scale from light to dark, so that the order survives grey print. */
const scale: readonly (readonly [number, Rgb])[] = [
  [0, [247, 251, 255]],
  [0.5, [107, 174, 214]],
  [1, [8, 48, 107]],
]
/** Half of a cell's width, in cells: a gap is left between cells. */
const half = 0.485

function colorAt(share: number): string {
  const upper = Math.max(
    1,
    scale.findIndex(([end]) => share <= end),
  )
  const [[from, low], [to, high]] = [scale[upper - 1]!, scale[upper]!]
  const mixed = low.map((value, k) => Math.round(value + ((share - from) / (to - from)) * (high[k]! - value)))
  return `rgb(${mixed.join(',')})`
}

/**
 * Plots the median of a metric, total time by default, for every worker count and batch size, with
 * the number of its trials.
 *
 * @throws `RangeError` where more than workers and batch size varies, and for an unknown metric.
 * @example
 * show(plotHeatMap(study, { metric: 'recordsPerSecond' }))
 */
export function plotHeatMap(study: Study, options: HeatMapOptions = {}): Figure {
  const cells = heatMapSeries(study, options)
  const { label, unit, goal } = metrics[options.metric ?? 'totalMs']
  const workers = [...new Set(cells.map((cell) => cell.workers))].sort((a, b) => a - b)
  const batchSizes = [...new Set(cells.map((cell) => cell.batchSize))]
  const drawn = cells.flatMap((cell) => (cell.median === null ? [] : [{ ...cell, median: cell.median }]))
  const medians = drawn.map((cell) => cell.median)
  const [least, most] = [Math.min(...medians), Math.max(...medians)]
  const shareOf = (value: number): number => (most > least ? (value - least) / (most - least) : 0)
  const decimals = most >= 100 ? 0 : most >= 10 ? 1 : 2
  return figure(
    [
      {
        type: 'scatter',
        mode: 'markers+text',
        showlegend: false,
        x: drawn.map((cell) => String(cell.workers)),
        y: drawn.map((cell) => shortCount(cell.batchSize)),
        text: drawn.map((cell) => `<b>${formatNumber(cell.median, decimals)}</b><br>${counted(cell.blocks, 'trial')}`),
        textfont: { color: drawn.map((cell) => (shareOf(cell.median) > 0.55 ? '#ffffff' : ink)) },
        hovertemplate: `%{x} workers, batches of %{y}: %{marker.color:,.4~g} ${unit}<extra></extra>`,
        // Invisible: a target for the pointer, and the source of the colour bar.
        marker: {
          symbol: 'square',
          size: 40,
          opacity: 0,
          color: medians,
          cmin: drawn.length > 0 ? least : 0,
          cmax: drawn.length > 0 ? most : 1,
          colorscale: scale.map(([end, color]) => [end, `rgb(${color.join(',')})`]),
          showscale: true,
          colorbar: { title: { text: unit, font: { size: 14 } }, tickformat: ',', thickness: 14, outlinewidth: 0 },
        },
      },
    ],
    {
      title: `Where is the ${label} ${goal === 'min' ? 'least' : 'greatest'}?`,
      subtitle: [`Median ${label} in ${unit}; darker is more.`],
    },
    {
      xaxis: axis('workers', gridAxis(workers.map(String))),
      yaxis: axis('batch size (records)', gridAxis(batchSizes.map(shortCount))),
      shapes: drawn.map((cell) => {
        const [column, row] = [workers.indexOf(cell.workers), batchSizes.indexOf(cell.batchSize)]
        return {
          type: 'rect',
          layer: 'below',
          x0: column - half,
          x1: column + half,
          y0: row - half,
          y1: row + half,
          fillcolor: colorAt(shareOf(cell.median)),
          line: { width: 0 },
        }
      }),
    },
  )
}

function gridAxis(names: readonly string[]): JsonObject {
  return {
    type: 'category',
    categoryorder: 'array',
    categoryarray: names,
    range: [-0.5, names.length - 0.5],
    showgrid: false,
    ticks: '',
  }
}
