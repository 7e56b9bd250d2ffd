import { checkedOptions } from '../../../check.js'
import { trialsOf } from '../../../study/selection.js'
import type { Study } from '../../../study/study.js'
import type { Selection, Treatment } from '../../../study/treatment.js'
import type { CopyPart } from '../../../study/trial.js'
import { median, quantile } from '../../statistics/numerics/quantile.js'
import { drawnTreatments, programsLeftOut, whyEmpty } from '../drawing/drawn-treatments.js'
import { type Arrangement, encodedBeforeMs } from '../drawing/encoded-before.js'
import {
  axis,
  type Figure,
  faintInk,
  figure,
  ink,
  type JsonObject,
  rowAxis,
  rowsHeight,
  seriesStyle,
} from '../drawing/figure.js'
import { logTicks } from '../drawing/log-ticks.js'

/** Options of `plotBatchLatency` and `batchLatencySeries`. */
export interface BatchLatencyOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
}

/** Ends of a box's whiskers, as shares of the batches. */
export const batchWhiskers = { from: 0.05, to: 0.95 } as const

/** Latency of the batches of one treatment, in milliseconds, over all batches of its trials. */
export interface BatchLatency {
  readonly label: string
  readonly treatment: Treatment
  readonly batches: number
  /** Quantiles of type 7, in milliseconds. */
  readonly min: number
  readonly p5: number
  readonly lowerQuartile: number
  readonly median: number
  readonly upperQuartile: number
  readonly p95: number
  readonly p99: number
  readonly max: number
  /** Median latency of each trial, in milliseconds. */
  readonly trials: readonly { readonly trial: number; readonly block: number; readonly medianMs: number }[]
  /** Latency of every batch, in milliseconds. */
  readonly latenciesMs: readonly number[]
}

/**
 * Computes the latency of the batches of every selected treatment that has a completed trial, in
 * the order of the plan.
 */
export function batchLatencySeries(study: Study, options: BatchLatencyOptions = {}): BatchLatency[] {
  const { where } = checkedOptions(options, { where: true })
  return drawnTreatments(study, where).flatMap(({ label, treatment }) => {
    const trials = trialsOf(study, treatment).flatMap(({ trial, block, parts }) => {
      const latencies = batchLatencies(parts, treatment)
      return latencies.length > 0 ? [{ trial, block, latencies }] : []
    })
    const all = trials.flatMap(({ latencies }) => latencies)
    if (all.length === 0) return []
    return [
      {
        label,
        treatment,
        batches: all.length,
        min: quantile(all, 0),
        p5: quantile(all, batchWhiskers.from),
        lowerQuartile: quantile(all, 0.25),
        median: median(all),
        upperQuartile: quantile(all, 0.75),
        p95: quantile(all, batchWhiskers.to),
        p99: quantile(all, 0.99),
        max: quantile(all, 1),
        trials: trials.map(({ trial, block, latencies }) => ({ trial, block, medianMs: median(latencies) })),
        latenciesMs: all,
      },
    ]
  })
}

/**
 * Computes the time from the moment at which the first part of a batch begins to be encoded to the
 * commit of its last one, in milliseconds, in the order of the batches. Where parts are encoded
 * ahead, as with `queue`, it begins with the first of their COPYs.
 */
export function batchLatencies(parts: readonly CopyPart[], treatment: Arrangement): number[] {
  const spans = new Map<number, { readonly from: number; readonly to: number }>()
  for (const part of parts) {
    const { batch, startMs, copyMs } = part
    const begin = startMs - encodedBeforeMs(part, treatment)
    const { from, to } = spans.get(batch) ?? { from: Number.POSITIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
    spans.set(batch, { from: Math.min(from, begin), to: Math.max(to, startMs + copyMs) })
  }
  return [...spans].sort(([a], [b]) => a - b).map(([, { from, to }]) => to - from)
}

/** Treatments with more batches than this are shown by their quantiles alone. */
const maxPoints = 150
/** A range wider than this factor is shown on a logarithmic axis. */
const skewed = 8

/**
 * Plots batch latency by treatment: quartiles, the middle nine tenths, the 99th percentile, every
 * trial's median, and every batch where there are few.
 */
export function plotBatchLatency(study: Study, options: BatchLatencyOptions = {}): Figure {
  const series = batchLatencySeries(study, options)
  const labels = series.map(({ label }) => label)
  const least = series.reduce((low, { min }) => Math.min(low, min), Number.POSITIVE_INFINITY)
  const most = series.reduce((high, { max }) => Math.max(high, max), 0)
  const log = least > 0 && most / least > skewed
  return figure(
    series.length > 0 ? tracesOf(series) : [],
    {
      title: 'How long does a batch take?',
      subtitle:
        series.length > 0
          ? [
              `Box: median and quartiles of all batches; whiskers: from ${batchWhiskers.from * 100} % to ${batchWhiskers.to * 100} % of them.`,
              ...programsLeftOut(study, options.where),
            ]
          : whyEmpty(study, options.where, []),
      height: 250 + rowsHeight(labels, 70, 1),
    },
    {
      xaxis: axis(
        'from the first encoding to the last commit of a batch (ms)',
        log
          ? {
              type: 'log',
              range: [Math.log10(least / 1.1), Math.log10(most * 1.1)],
              ...logTicks(least / 1.1, most * 1.1),
            }
          : { rangemode: 'tozero', tickformat: ',' },
      ),
      yaxis: rowAxis(
        labels,
        series.map(({ batches }) => `${batches.toLocaleString('en-US')} ${batches === 1 ? 'batch' : 'batches'}`),
      ),
    },
  )
}

function tracesOf(series: readonly BatchLatency[]): JsonObject[] {
  const { color } = seriesStyle(0)
  const rows = series.map((_, row) => row)
  const few = series.map(({ batches }) => batches <= maxPoints)
  const across = (marker: JsonObject): JsonObject => ({ type: 'scatter', mode: 'markers', marker })
  return [
    {
      type: 'box',
      orientation: 'h',
      name: 'all batches',
      y: rows,
      q1: series.map(({ lowerQuartile }) => lowerQuartile),
      median: series.map((one) => one.median),
      q3: series.map(({ upperQuartile }) => upperQuartile),
      lowerfence: series.map(({ p5 }) => p5),
      upperfence: series.map(({ p95 }) => p95),
      width: 0.36,
      whiskerwidth: 0.6,
      fillcolor: '#cfe3f1',
      line: { color: ink, width: 2 },
      hoverinfo: 'x',
    },
    {
      ...across({ color, symbol: 'diamond', size: 9, line: { color: '#ffffff', width: 1 } }),
      name: '99 % of batches take less',
      y: rows,
      x: series.map(({ p99 }) => p99),
      hovertemplate: '99 %%: %{x:,.4~g} ms<extra></extra>',
    },
    {
      ...across({ color: ink, symbol: 'line-ns-open', size: 9 }),
      name: 'median of one trial',
      y: series.flatMap(({ trials }, row) => trials.map(() => row - 0.29)),
      x: series.flatMap(({ trials }) => trials.map(({ medianMs }) => medianMs)),
      text: series.flatMap(({ trials }) => trials.map(({ trial, block }) => `trial ${trial}, block ${block}`)),
      hovertemplate: '%{text}: %{x:,.4~g} ms<extra></extra>',
    },
    ...(few.includes(true)
      ? [
          {
            ...across({ color: faintInk, symbol: 'circle', size: 4, opacity: 0.5 }),
            name: 'one batch',
            y: series.flatMap(({ latenciesMs }, row) =>
              few[row] ? latenciesMs.map((_, k) => row + 0.27 + 0.12 * ((k * 0.618) % 1)) : [],
            ),
            x: series.flatMap(({ latenciesMs }, row) => (few[row] ? latenciesMs : [])),
            hovertemplate: '%{x:,.4~g} ms<extra></extra>',
          },
        ]
      : []),
  ]
}
