import { checkOptions } from '../../check.js'
import { selectTreatment, selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { levelsOf, type Selection, shortCount } from '../../study/treatment.js'
import { usualLevel } from '../defaults.js'
import { metricValue } from '../metric-value.js'
import type { Estimate } from '../statistics/estimate.js'
import { pairedRatio } from '../statistics/paired-ratio.js'
import {
  axis,
  errorBars,
  type Figure,
  faintInk,
  figure,
  type JsonObject,
  plainText,
  seriesStyle,
} from './drawing/figure.js'

/** An insert time that was reported elsewhere, of one run. */
export interface ReportedInsertTime {
  readonly workers: number
  readonly batchSize: number
  readonly insertMs: number
}

export interface InsertTimeOptions {
  /** The worker count to show. Default: that of `reported` where the study has it, else the study's only one. */
  readonly workers?: number
  /** Runs of one worker count that were reported elsewhere, to draw beside what was measured. None by default. */
  readonly reported?: readonly ReportedInsertTime[]
  /** Only treatments with these levels. */
  readonly where?: Selection
  /** Confidence level; 0.95 unless told. */
  readonly level?: number
}

/** Insert time as a multiple of that of the smallest batch size in the same block. */
export interface InsertTimeSeries {
  readonly workers: number
  readonly smallestBatchSize: number
  readonly points: readonly { readonly batchSize: number; readonly block: number; readonly ratio: number }[]
  /** In ascending order of batch size; the smallest is 1 by definition and has no interval. */
  readonly estimates: readonly { readonly batchSize: number; readonly estimate: Estimate }[]
  /** The reported insert times, as multiples of that of their smallest batch size. */
  readonly reported: readonly { readonly batchSize: number; readonly ratio: number }[]
  /** Null where nothing is reported. */
  readonly reportedWorkers: number | null
}

/** How insert time grows with batch size at one worker count, within blocks, beside what was reported elsewhere. */
export function insertTimeSeries(study: Study, options: InsertTimeOptions = {}): InsertTimeSeries {
  checkOptions(options, { workers: true, reported: true, where: true, level: true })
  const { where, level = usualLevel } = options
  const reported = [...(options.reported ?? [])].sort((a, b) => a.batchSize - b.batchSize)
  const reportedWorkers = reportedCount(reported)
  const workers = options.workers ?? usualWorkers(levelsOf(selectTreatments(study, where), 'workers'), reportedWorkers)
  const batchSizes = levelsOf(selectTreatments(study, { ...where, workers }), 'batchSize').sort((a, b) => a - b)
  const treatments = batchSizes.map((batchSize) => selectTreatment(study, { ...where, workers, batchSize }, 'where'))
  const [smallest, ...larger] = treatments
  const base = insertTimes(study, smallest!)
  const growth = larger.map((treatment) => ({ treatment, pairs: pairsOf(base, insertTimes(study, treatment)) }))
  const baseEstimate: Estimate = { value: 1, interval: null, n: base.size }
  return {
    workers,
    smallestBatchSize: smallest!.batchSize,
    points: growth.flatMap(({ treatment, pairs }) =>
      pairs.map(({ block, own, smallest }) => ({ batchSize: treatment.batchSize, block, ratio: own / smallest })),
    ),
    estimates: [
      ...(base.size > 0 ? [{ batchSize: smallest!.batchSize, estimate: baseEstimate }] : []),
      ...growth
        .filter(({ pairs }) => pairs.length > 0)
        .map(({ treatment, pairs }) => ({ batchSize: treatment.batchSize, estimate: ratioOf(pairs, level) })),
    ],
    reported: reported.map(({ batchSize, insertMs }) => ({ batchSize, ratio: insertMs / reported[0]!.insertMs })),
    reportedWorkers,
  }
}

/** Insert time against batch size, as multiples of the smallest batch size's, beside the curve that was reported elsewhere. */
export function plotInsertTime(study: Study, options: InsertTimeOptions = {}): Figure {
  const { level = usualLevel } = options
  const { workers, smallestBatchSize, points, estimates, reported, reportedWorkers } = insertTimeSeries(study, options)
  const { color, symbol, dash } = seriesStyle(0)
  const ticks = [...new Set([...estimates, ...reported].map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  const width = (ticks.at(-1)! - ticks[0]!) / ticks.length || ticks[0]!
  const lastBlock = points.reduce((last, { block }) => Math.max(last, block), 1)
  return figure(
    [
      ...(reportedWorkers === null ? [] : [reportedTrace(reported, reportedWorkers)]),
      {
        type: 'scatter',
        mode: 'markers',
        x: points.map(({ batchSize, block }) => batchSize + (block / (lastBlock + 1) - 0.5) * width * 0.15),
        y: points.map(({ ratio }) => ratio),
        text: points.map(({ block }) => `block ${block}`),
        hovertemplate: '%{text}: %{y:.2f}<extra></extra>',
        marker: { color, symbol, size: 5, opacity: 0.4 },
        showlegend: false,
      },
      {
        type: 'scatter',
        mode: 'lines+markers',
        name: plainText(`measured, ${workers} ${workers === 1 ? 'worker' : 'workers'}`),
        x: estimates.map(({ batchSize }) => batchSize),
        y: estimates.map(({ estimate }) => estimate.value),
        error_y: errorBars(
          estimates.map(({ estimate }) => estimate),
          { color },
        ),
        hovertemplate: '%{y:.2f}<extra>%{fullData.name}</extra>',
        line: { color, dash, width: 2 },
        marker: { color, symbol, size: 10, line: { color: '#ffffff', width: 1 } },
      },
    ],
    {
      title: 'Does insert time grow with the batch size?',
      subtitle: [`Small: one block each. Large: geometric mean with its ${level * 100} % t interval.`],
    },
    {
      xaxis: axis('batch size (records)', {
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map(shortCount),
        range: [ticks[0]! - width * 0.3, ticks.at(-1)! + width * 0.3],
        showgrid: false,
      }),
      yaxis: axis(`insert time, ${shortCount(smallestBatchSize)} = 1`, { rangemode: 'tozero' }),
    },
  )
}

function reportedTrace(reported: InsertTimeSeries['reported'], workers: number): JsonObject {
  return {
    type: 'scatter',
    mode: 'lines+markers',
    name: plainText(`reported, ${workers} ${workers === 1 ? 'worker' : 'workers'}, one run each`),
    x: reported.map(({ batchSize }) => batchSize),
    y: reported.map(({ ratio }) => ratio),
    hovertemplate: '%{y:.2f}<extra>%{fullData.name}</extra>',
    line: { color: faintInk, dash: 'dash', width: 2 },
    marker: { color: '#ffffff', symbol: 'square', size: 9, line: { color: faintInk, width: 2 } },
  }
}

/** The worker count of the reported runs; null for none. Throws `RangeError` for several, which are no curve. */
function reportedCount(reported: readonly ReportedInsertTime[]): number | null {
  const counts = [...new Set(reported.map(({ workers }) => workers))]
  if (counts.length > 1) {
    throw new RangeError(`Expected \`reported\` to be runs of one worker count, got ${counts.join(', ')}`)
  }
  return counts[0] ?? null
}

function usualWorkers(levels: readonly number[], reported: number | null): number {
  if (reported !== null && levels.includes(reported)) return reported
  if (levels.length === 1) return levels[0]!
  throw new RangeError(`Expected \`workers\` to be one of ${levels.join(', ')}, got nothing`)
}

/** Insert time by block; a block's first completed trial counts. */
function insertTimes(study: Study, treatment: Treatment): Map<number, number> {
  const times = new Map<number, number>()
  for (const trial of trialsOf(study, treatment)) {
    const insertMs = metricValue(trial, 'insertMs')
    if (insertMs !== null && insertMs > 0 && !times.has(trial.block)) times.set(trial.block, insertMs)
  }
  return times
}

interface InsertPair {
  readonly block: number
  readonly own: number
  readonly smallest: number
}

function pairsOf(base: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): InsertPair[] {
  return [...other].flatMap(([block, own]) => {
    const smallest = base.get(block)
    return smallest === undefined ? [] : [{ block, own, smallest }]
  })
}

function ratioOf(pairs: readonly InsertPair[], level: number): Estimate {
  const { value, interval, n } = pairedRatio(
    pairs.map(({ own }) => own),
    pairs.map(({ smallest }) => smallest),
    { level },
  )
  return { value, interval, n }
}
