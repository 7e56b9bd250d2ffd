import type { Study } from '../../study/study.js'
import { defaultLevel } from '../defaults.js'
import { type DoseResponseOptions, type DoseResponseRow, doseResponseRows } from '../explain/dose-response.js'
import { basisText } from '../replicates/basis-words.js'
import type { Estimate } from '../statistics/estimate.js'
import { counted } from '../text/levels.js'
import { apartLabels, type PixelSpan } from './drawing/apart-labels.js'
import {
  axis,
  errorBars,
  type Figure,
  faintInk,
  figure,
  ink,
  type JsonObject,
  pageStyle,
  plainText,
  seriesStyle,
  wrapped,
} from './drawing/figure.js'
import type { AxisRange } from './drawing/forest.js'

/** The number of pairs of settings whose intervals lie apart in both directions. */
export interface ToldApart {
  /** Pairs in which the setting with more lock waits loses more time. */
  readonly alike: number
  /** Pairs in which it loses less. */
  readonly opposite: number
}

/**
 * Counts the pairs of settings whose intervals lie apart in both directions, by whether the one
 * whose lock waits grew more lost more time too.
 */
export function toldApart(settings: readonly DoseResponseRow[]): ToldApart {
  let [alike, opposite] = [0, 0]
  for (const [k, one] of settings.entries()) {
    for (const other of settings.slice(k + 1)) {
      const way = order(one.changePoints, other.changePoints) * order(one.moreTimePercent, other.moreTimePercent)
      if (way > 0) alike++
      if (way < 0) opposite++
    }
  }
  return { alike, opposite }
}

/** Returns 1 where the first interval lies above the second, −1 below it, 0 where they overlap. */
function order({ interval: a }: Estimate, { interval: b }: Estimate): number {
  if (!a || !b) return 0
  return a.lower > b.upper ? 1 : a.upper < b.lower ? -1 : 0
}

/** Pixels of the page around the axes, and of the axes in a document, where labels must fit. */
const around = { left: 80, right: 24, bottom: 60 } as const
const page = { width: 760, height: 380 } as const
/** Height of the axes in print, where a long key takes from it, as a share of that. */
const printed = 0.78

/**
 * Plots the change of the share of lock waits from one worker count to another against the change
 * of the total time, both with their intervals, one numbered point per setting of one or several
 * studies: if waits for locks were the reason for lost time, settings further to the right would
 * lie higher. Draws what `doseResponseRows` tabulates. The subtitle counts the pairs of settings
 * that differ beyond their intervals; settings of a study share its blocks, so the counts describe
 * and test nothing.
 *
 * @throws `RangeError` where no study ran both worker counts in one setting.
 * @example
 * show(plotDoseResponse(readStudies(), { workers: [2, 4] }))
 */
export function plotDoseResponse(studies: Study | readonly Study[], options: DoseResponseOptions): Figure {
  const settings = doseResponseRows(studies, options)
  const [from, to] = options.workers
  const numbered = settings.map((setting, k) => ({ ...setting, number: k + 1 }))
  const groups = [...new Set(settings.map(({ study }) => study))].map((study, index) => {
    const own = numbered.filter((setting) => setting.study === study)
    // A number does not stand at the end of a line, without its setting.
    const key = own.map(({ number, setting }) => `${number}:\u00a0${setting}`).join('; ')
    return { own, index, name: wrapped(`${study}, ${key}`, 88) }
  })
  const xRange = rangeOf(settings.map(({ changePoints }) => changePoints))
  const yRange = rangeOf(settings.map(({ moreTimePercent }) => moreTimePercent))
  const subtitle = subtitleOf(settings, options)
  const keyHeight = groups.reduce((sum, { name }) => sum + 17 * name.split('<br>').length + 6, 0)
  return figure(
    groups.map(({ own, index, name }) => settingsTrace(own, index, name)),
    {
      title: 'Do more lock waits go with more lost time?',
      subtitle,
      height: 52 + 23 * subtitle.length + page.height + around.bottom + keyHeight,
    },
    {
      showlegend: true,
      legend: { ...pageStyle.legend, font: { size: 12 } },
      margin: { t: 52 + 23 * subtitle.length, r: around.right, b: around.bottom + keyHeight, l: around.left },
      shapes: [
        { ...zeroLine, xref: 'x', yref: 'paper', x0: 0, x1: 0, y0: 0, y1: 1 },
        { ...zeroLine, xref: 'paper', yref: 'y', x0: 0, x1: 1, y0: 0, y1: 0 },
      ],
      annotations: numbersOf(numbered, xRange, yRange),
      xaxis: axis(`lock waits in COPY: share with ${to} minus share with ${counted(from, 'worker')} (points)`, {
        range: xRange,
      }),
      yaxis: axis(`time with ${to} against ${counted(from, 'worker')} (% more)`, { range: yRange }),
    },
  )
}

type Numbered = DoseResponseRow & { readonly number: number }

const zeroLine = { type: 'line', line: { color: faintInk, width: 1, dash: 'dash' } } as const

function settingsTrace(own: readonly Numbered[], index: number, name: string): JsonObject {
  const { color, symbol } = seriesStyle(index)
  const bars = { color, thickness: 1.3, width: 3 }
  return {
    type: 'scatter',
    mode: 'markers',
    name,
    x: own.map(({ changePoints }) => changePoints.value),
    y: own.map(({ moreTimePercent }) => moreTimePercent.value),
    error_x: errorBars(
      own.map(({ changePoints }) => changePoints),
      bars,
    ),
    error_y: errorBars(
      own.map(({ moreTimePercent }) => moreTimePercent),
      bars,
    ),
    text: own.map(({ number, study, setting, ...basis }) =>
      plainText(`${number}: ${setting} (${study}, ${basisText(basis)})`),
    ),
    hovertemplate: '%{text}<br>%{x:+.1f} points, %{y:+.1f} %<extra></extra>',
    marker: { color, symbol, size: 9, line: { color: '#ffffff', width: 1 } },
  }
}

/** Writes the settings' numbers next to their points, where they hide neither. */
function numbersOf(numbered: readonly Numbered[], xRange: AxisRange, yRange: AxisRange): JsonObject[] {
  const across = pixelsOf(xRange, page.width - around.left - around.right)
  const upwards = pixelsOf(yRange, page.height)
  const shifts = apartLabels(
    numbered.map(({ changePoints, moreTimePercent, number }) => ({
      x: across(changePoints),
      y: upwards(moreTimePercent),
      width: 7 * String(number).length + 3,
      height: 13,
    })),
    [1, printed],
  )
  return numbered.map(({ changePoints, moreTimePercent, number }, k) => ({
    text: String(number),
    x: changePoints.value,
    y: moreTimePercent.value,
    xshift: shifts[k]!.x,
    yshift: shifts[k]!.y,
    showarrow: false,
    bgcolor: 'rgba(255, 255, 255, 0.75)',
    borderpad: 0,
    font: { size: 12, color: ink },
  }))
}

/** Returns where an estimate and the ends of its bar lie on an axis of some pixels. */
function pixelsOf([least, most]: AxisRange, pixels: number): (estimate: Estimate) => PixelSpan {
  const pixel = (value: number): number => ((value - least) / (most - least)) * pixels
  return ({ value, interval }) => ({
    at: pixel(value),
    from: pixel(interval?.lower ?? value),
    to: pixel(interval?.upper ?? value),
  })
}

/**
 * Returns a range with zero and all values in it; intervals widen it on each side by at most half
 * of that, so that one of few blocks does not squeeze the others.
 */
function rangeOf(estimates: readonly Estimate[]): AxisRange {
  const values = estimates.map(({ value }) => value)
  const [least, most] = [Math.min(0, ...values), Math.max(0, ...values)]
  const room = (most - least || 1) / 2
  const lower = Math.min(least, ...estimates.map(({ interval }) => interval?.lower ?? least))
  const upper = Math.max(most, ...estimates.map(({ interval }) => interval?.upper ?? most))
  const [from, to] = [Math.max(lower, least - room), Math.min(upper, most + room)]
  const edge = (to - from || 1) * 0.06
  return [from - edge, to + edge]
}

/** Says what is drawn, one sentence a line. */
function subtitleOf(settings: readonly DoseResponseRow[], { level = defaultLevel }: DoseResponseOptions): string[] {
  if (settings.length === 0) {
    return ['Nothing to draw: no block has a completed trial of both worker counts whose waits were read.']
  }
  const { alike, opposite } = toldApart(settings)
  return [
    `Numbered: the settings, each by its mean change within blocks, with ${Number((level * 100).toPrecision(4))} % t intervals.`,
    'If lock waits were the reason, settings further right would lie higher.',
    alike + opposite === 0
      ? 'No two settings differ beyond their intervals in both.'
      : `Pairs that differ beyond their intervals in both: ${alike} lose more with more lock waits, ${opposite} lose less.`,
  ]
}
