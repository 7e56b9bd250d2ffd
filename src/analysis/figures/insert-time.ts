import { checkOptions } from '../../check.js'
import { selectTreatment, selectTreatments, trialsOf } from '../../study/selection.js'
import type { Study } from '../../study/study.js'
import type { Treatment } from '../../study/treatment.js'
import { levelsOf, type Selection, shortCount } from '../../study/treatment.js'
import { defaultLevel } from '../defaults.js'
import { metricValue } from '../metric-value.js'
import { ofSessionsText } from '../replicates/basis-words.js'
import { basisOf, replicateCount, replicateMeans } from '../replicates/replicates.js'
import type { Estimate } from '../statistics/estimate.js'
import { ratioEstimate } from '../statistics/paired-ratio.js'
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

/** An insert time of one run that was reported elsewhere. */
export interface ReportedInsertTime {
  readonly workers: number
  readonly batchSize: number
  readonly insertMs: number
}

/** Options of `plotInsertTime` and `insertTimeSeries`. */
export interface InsertTimeOptions {
  /**
   * The worker count to show.
   *
   * @default that of `reported` where the study has it, else the study's only one
   */
  readonly workers?: number
  /**
   * Runs of one worker count that were reported elsewhere, to draw together with the measured ones.
   *
   * @default none
   */
  readonly reported?: readonly ReportedInsertTime[]
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Confidence level of the intervals.
   *
   * @default 0.95
   */
  readonly level?: number
}

/** Insert times as multiples of that of one batch size in the same block. */
export interface InsertTimeSeries {
  readonly workers: number
  /**
   * The batch size whose insert time is 1: the smallest that was both measured and reported, else
   * the smallest that was measured.
   */
  readonly baseBatchSize: number
  readonly points: readonly { readonly batchSize: number; readonly block: number; readonly ratio: number }[]
  /**
   * Estimates in ascending order of batch size; the base is 1 by definition and has no interval.
   */
  readonly estimates: readonly { readonly batchSize: number; readonly estimate: Estimate }[]
  /**
   * The reported insert times, as multiples of that of the base; empty where nothing is reported,
   * and where none of it was measured, since there is no common level then.
   */
  readonly reported: readonly { readonly batchSize: number; readonly ratio: number }[]
  /** Worker count of the reported runs; null where nothing is reported. */
  readonly reportedWorkers: number | null
}

/**
 * Computes how insert time grows with batch size at one worker count, within blocks, and the
 * reported values on the same scale.
 */
export function insertTimeSeries(study: Study, options: InsertTimeOptions = {}): InsertTimeSeries {
  checkOptions(options, { workers: true, reported: true, where: true, level: true })
  const { where, level = defaultLevel } = options
  const reported = [...(options.reported ?? [])].sort((a, b) => a.batchSize - b.batchSize)
  const reportedWorkers = reportedCount(reported)
  const workers =
    options.workers ?? defaultWorkers(levelsOf(selectTreatments(study, where), 'workers'), reportedWorkers)
  const batchSizes = levelsOf(selectTreatments(study, { ...where, workers }), 'batchSize').sort((a, b) => a - b)
  const common = reported.find(({ batchSize }) => batchSizes.includes(batchSize))
  const baseBatchSize = common?.batchSize ?? batchSizes[0]!
  const timesAt = (batchSize: number): ReadonlyMap<number, number> =>
    insertTimes(study, selectTreatment(study, { ...where, workers, batchSize }, 'where'))
  const base = timesAt(baseBatchSize)
  const grown = batchSizes.map((batchSize) => ({
    batchSize,
    pairs: batchSize === baseBatchSize ? [] : pairsOf(base, timesAt(batchSize)),
  }))
  const ofBase = basisOf(
    study,
    [...base.keys()].map((block) => ({ block })),
  )
  const baseEstimate: Estimate = { value: 1, interval: null, n: replicateCount(ofBase) }
  return {
    workers,
    baseBatchSize,
    points: grown.flatMap(({ batchSize, pairs }) =>
      pairs.map(({ block, own, base: time }) => ({ batchSize, block, ratio: own / time })),
    ),
    estimates: grown.flatMap(({ batchSize, pairs }) => {
      if (batchSize === baseBatchSize) return base.size > 0 ? [{ batchSize, estimate: baseEstimate }] : []
      return pairs.length > 0 ? [{ batchSize, estimate: ratioOf(study, pairs, level) }] : []
    }),
    reported: common
      ? reported.map(({ batchSize, insertMs }) => ({ batchSize, ratio: insertMs / common.insertMs }))
      : [],
    reportedWorkers,
  }
}

/**
 * Plots insert time against batch size, as multiples of one batch size's, together with the curve
 * that was reported elsewhere where the two have a batch size in common.
 */
export function plotInsertTime(study: Study, options: InsertTimeOptions = {}): Figure {
  const { level = defaultLevel } = options
  const { workers, baseBatchSize, points, estimates, reported, reportedWorkers } = insertTimeSeries(study, options)
  const { color, symbol, dash } = seriesStyle(0)
  const ticks = [...new Set([...estimates, ...reported].map(({ batchSize }) => batchSize))].sort((a, b) => a - b)
  const width = (ticks.at(-1)! - ticks[0]!) / ticks.length || ticks[0]!
  const lastBlock = points.reduce((last, { block }) => Math.max(last, block), 1)
  return figure(
    [
      ...(reportedWorkers === null || reported.length === 0 ? [] : [reportedTrace(reported, reportedWorkers)]),
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
      subtitle: [
        `Small: one block each. Large: geometric mean with its ${level * 100} % t interval${ofSessionsText(study.plan.blocksPerSession !== null)}.`,
        ...(reportedWorkers !== null && reported.length === 0
          ? ['Not drawn: what was reported, which has no batch size in common with this study.']
          : []),
      ],
    },
    {
      xaxis: axis('batch size (records)', {
        tickmode: 'array',
        tickvals: ticks,
        ticktext: ticks.map(shortCount),
        range: [ticks[0]! - width * 0.3, ticks.at(-1)! + width * 0.3],
        showgrid: false,
      }),
      yaxis: axis(`insert time, ${shortCount(baseBatchSize)} = 1`, { rangemode: 'tozero' }),
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

/**
 * Returns the worker count of the reported runs; null for none. Throws `RangeError` for several,
 * which do not form one curve.
 */
function reportedCount(reported: readonly ReportedInsertTime[]): number | null {
  const counts = [...new Set(reported.map(({ workers }) => workers))]
  if (counts.length > 1) {
    throw new RangeError(`Expected \`reported\` to be runs of one worker count, got ${counts.join(', ')}`)
  }
  return counts[0] ?? null
}

function defaultWorkers(levels: readonly number[], reported: number | null): number {
  if (reported !== null && levels.includes(reported)) return reported
  if (levels.length === 1) return levels[0]!
  throw new RangeError(`Expected \`workers\` to be one of ${levels.join(', ')}, got nothing`)
}

/** Collects insert time by block; a block's first completed trial counts. */
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
  readonly base: number
}

function pairsOf(base: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): InsertPair[] {
  return [...other].flatMap(([block, own]) => {
    const ofBase = base.get(block)
    return ofBase === undefined ? [] : [{ block, own, base: ofBase }]
  })
}

function ratioOf(study: Study, pairs: readonly InsertPair[], level: number): Estimate {
  const logRatios = replicateMeans(study, pairs, ({ own, base }) => Math.log(own) - Math.log(base))
  const { value, interval, n } = ratioEstimate(logRatios, { level })
  return { value, interval, n }
}
