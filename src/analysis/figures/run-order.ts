import { checkedOptions } from '../../check.js'
import { disturbedBlocks } from '../../study/blocks/disturbed.js'
import { sessionAt } from '../../study/blocks/sessions.js'
import type { Study } from '../../study/study.js'
import { checkedStudy } from '../../study/study.js'
import { type Selection, sameTreatment } from '../../study/treatment.js'
import type { Trial } from '../../study/trial.js'
import { mean } from '../statistics/numerics/moments.js'
import { driftText } from '../validity/finding-words.js'
import { driftOf } from '../validity/order-effects.js'
import type { Drift, StudyFinding } from '../validity/study-finding.js'
import { drawnTreatments } from './drawing/drawn-treatments.js'
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
import { findingTitles } from './drawing/finding-titles.js'
import { boundaries, spanNames } from './run-order-blocks.js'

/** The part of a finding about trials that a figure needs. */
export type TrialMark = Pick<StudyFinding, 'code' | 'trials'>

/** Options of `plotRunOrder` and `runOrderSeries`. */
export interface RunOrderOptions {
  /** Only treatments with these levels. */
  readonly where?: Selection
  /**
   * Findings about trials, which are marked: the result of `checkStudy`.
   *
   * @default none
   */
  readonly findings?: readonly TrialMark[]
}

/** One trial in the order of the runs. */
export interface RunOrderPoint {
  readonly trial: number
  readonly block: number
  /** Number of its session, from 1; null for a study that is not in sessions. */
  readonly session: number | null
  readonly phase: Trial['phase']
  /** Total time in seconds; null for a failed trial. */
  readonly seconds: number | null
  /** Codes of the findings about the trial. */
  readonly findings: readonly TrialMark['code'][]
}

/** All trials of one treatment in run order, warm-up and controls included. */
export interface RunOrderSeries {
  readonly label: string
  readonly points: readonly RunOrderPoint[]
}

/** Collects every trial of the selected treatments, by treatment. */
export function runOrderSeries(study: Study, options: RunOrderOptions = {}): RunOrderSeries[] {
  checkedStudy(study)
  const { where, findings = [] } = checkedOptions(options, { where: true, findings: true })
  return drawnTreatments(study, where).map(({ label, treatment }) => ({
    label,
    points: study.trials
      .filter((trial) => sameTreatment(trial.treatment, treatment))
      .map((trial) => ({
        trial: trial.trial,
        block: trial.block,
        session: study.plan.blocksPerSession === null ? null : sessionAt(study, trial.startedAt) + 1,
        phase: trial.phase,
        seconds: trial.state === 'completed' ? trial.totalMs / 1000 : null,
        findings: findings.filter(({ trials }) => trials.includes(trial.trial)).map(({ code }) => code),
      }))
      .sort((a, b) => a.trial - b.trial),
  }))
}

type Timed = RunOrderPoint & { readonly seconds: number }

/**
 * Trend of the times over the study, as a line through the middle of the trials that are drawn; in
 * a study in sessions a line for each session.
 */
export interface RunOrderTrend extends Drift {
  /** The trend in words: "drift: 3.1 % slower (p = 0.012)". */
  readonly text: string
  readonly lines: readonly (readonly { readonly trial: number; readonly seconds: number }[])[]
}

const trendSteps = 24

/**
 * Computes the slope that `checkStudy` tests for drift, that of all treatments together, through
 * the geometric mean of the selected treatments' trials. Null where there are too few trials for a
 * slope.
 */
export function runOrderTrend(study: Study, options: Pick<RunOrderOptions, 'where'> = {}): RunOrderTrend | null {
  return trendOf(study, runOrderSeries(study, options))
}

function trendOf(study: Study, series: readonly RunOrderSeries[]): RunOrderTrend | null {
  const drift = driftOf(study)
  const disturbed = disturbedBlocks(study)
  const drawn = series.flatMap(({ points }) =>
    points.filter(
      (point): point is Timed => point.seconds !== null && point.phase !== 'warm-up' && !disturbed.has(point.block),
    ),
  )
  if (!drift || drawn.length === 0) return null
  const lines = drift.spans.map(({ first, last }) => {
    const own = drift.isInSessions ? drawn.filter(({ trial }) => trial >= first && trial <= last) : drawn
    if (own.length === 0) return []
    const middle = mean(own.map(({ trial }) => trial))
    const level = mean(own.map(({ seconds }) => Math.log(seconds)))
    return Array.from({ length: trendSteps + 1 }, (_, k) => {
      const trial = first + ((last - first) * k) / trendSteps
      return { trial, seconds: Math.exp(level + drift.slope * (trial - middle)) }
    })
  })
  return { ...drift, text: driftText(drift), lines: lines.filter(({ length }) => length > 0) }
}

/**
 * Plots the total time of all trials in the order in which they were run, with the blocks'
 * boundaries, those of the sessions of a study in sessions, the failed trials and those with
 * findings.
 *
 * @throws `RangeError` for `where` that leaves no treatment.
 * @example
 * show(plotRunOrder(study, { where: { batchSize: 10_000 }, findings: checkStudy(study) }))
 */
export function plotRunOrder(study: Study, options: RunOrderOptions = {}): Figure {
  const series = runOrderSeries(study, options)
  const points = series.flatMap((one) => one.points).sort((a, b) => a.trial - b.trial)
  const seconds = points.flatMap((point) => point.seconds ?? [])
  const [least, most] = seconds.length > 0 ? [Math.min(...seconds), Math.max(...seconds)] : [0, 1]
  const room = Math.max((most - least) * 0.16, most * 0.05)
  const floor = Math.max(0, least - room)
  const first = points[0]?.trial ?? 1
  const last = points.at(-1)?.trial ?? 1
  // A mark around the first or the last trial is as wide as many trials where there are many.
  const edge = Math.max(0.7, (last - first) * 0.025)
  const marks = marksOf(points, options.findings ?? [])
  const trend = trendOf(study, series)
  return figure(
    [
      ...marks,
      ...series.flatMap(({ label, points: own }, index) => treatmentTraces(label, own, index)),
      ...failureTraces(points, floor),
      ...trendTraces(trend),
    ],
    {
      title: 'Does the machine drift while the study runs?',
      subtitle:
        points.length > 0
          ? [
              'Every trial; lines join a treatment’s measured trials. Open: warm-up and controls.',
              ...(points.some(({ session }) => session !== null) ? ['Dark vertical lines: a session begins.'] : []),
            ]
          : ['Nothing to draw: no trial of these treatments was run.'],
      height:
        460 +
        legendHeight([
          ...series.map(({ label }) => label),
          ...marks.map(({ name }) => String(name)),
          'failed',
          ...(trend ? [trend.text] : []),
        ]),
    },
    {
      showlegend: true,
      shapes: boundaries(points),
      annotations: spanNames(points),
      xaxis: axis('trial, in run order', {
        range: [first - edge, last + edge],
        tickformat: 'd',
        // Ticks at whole trials only.
        ...(last - first < 10 ? { dtick: 1 } : {}),
        showgrid: false,
      }),
      yaxis: axis('total time (s)', { range: [floor, most + room], tickformat: ',' }),
    },
  )
}

function treatmentTraces(label: string, points: readonly RunOrderPoint[], index: number): JsonObject[] {
  const { color, symbol, dash } = seriesStyle(index)
  const timed = points.filter((point): point is Timed => point.seconds !== null)
  const measured = timed.filter(({ phase }) => phase === 'measured')
  const others = timed.filter(({ phase }) => phase !== 'measured')
  return [
    {
      ...scatter(measured),
      mode: 'lines+markers',
      name: plainText(label),
      line: { color, dash, width: 1 },
      marker: { color, symbol, size: 8 },
    },
    ...(others.length > 0
      ? [
          {
            ...scatter(others),
            mode: 'markers',
            marker: { color, symbol: `${symbol}-open`, size: 8, line: { width: 1.5 } },
            showlegend: false,
          },
        ]
      : []),
  ]
}

function scatter(points: readonly Timed[]): JsonObject {
  return {
    type: 'scatter',
    cliponaxis: false,
    x: points.map(({ trial }) => trial),
    y: points.map((point) => point.seconds),
    text: points.map(
      ({ trial, block, session, phase, findings }) =>
        `trial ${trial}${session === null ? '' : `, session ${session}`}, ${phase === 'warm-up' ? phase : `block ${block}`}${phase === 'control' ? ', control' : ''}${findings.map((code) => `<br>${findingTitles[code]}`).join('')}`,
    ),
    hovertemplate: '%{text}: %{y:,.4~g} s<extra></extra>',
  }
}

function trendTraces(trend: RunOrderTrend | null): JsonObject[] {
  if (!trend) return []
  return [
    {
      type: 'scatter',
      mode: 'lines',
      name: plainText(trend.text),
      // A gap between two sessions.
      x: trend.lines.flatMap((line, k) => [...(k > 0 ? [null] : []), ...line.map(({ trial }) => trial)]),
      y: trend.lines.flatMap((line, k) => [...(k > 0 ? [null] : []), ...line.map(({ seconds }) => seconds)]),
      line: { color: ink, width: 3 },
      opacity: 0.75,
      hoverinfo: 'name',
    },
  ]
}

function failureTraces(points: readonly RunOrderPoint[], floor: number): JsonObject[] {
  const failed = points.filter((point) => point.seconds === null)
  if (failed.length === 0) return []
  return [
    {
      type: 'scatter',
      mode: 'markers',
      name: 'failed',
      x: failed.map(({ trial }) => trial),
      y: failed.map(() => floor),
      text: failed.map(({ trial, block }) => `trial ${trial}, block ${block}: failed`),
      hovertemplate: '%{text}<extra></extra>',
      marker: { color: ink, symbol: 'x-thin-open', size: 10, line: { width: 3 } },
      cliponaxis: false,
    },
  ]
}

/**
 * Draws rings and squares around trials, one style per finding, each wider than the one before, so
 * that several fit around one trial.
 */
function marksOf(points: readonly RunOrderPoint[], findings: readonly TrialMark[]): JsonObject[] {
  const shapes = ['circle-open', 'square-open', 'diamond-open', 'hexagon-open']
  const codes = [...new Set(findings.map(({ code }) => code))]
  return codes
    .map((code) => ({
      code,
      marked: points.filter((point): point is Timed => point.seconds !== null && point.findings.includes(code)),
    }))
    .filter(({ marked }) => marked.length > 0)
    .map(({ code, marked }, k) => ({
      ...scatter(marked),
      // Drawn below the trials and listed after them.
      legendrank: 1001,
      mode: 'markers',
      name: findingTitles[code],
      marker: {
        color: ink,
        symbol: shapes[k % shapes.length]!,
        size: 16 + 5 * Math.min(k, 4),
        line: { color: ink, width: 1.5 },
      },
    }))
}
