import type { Estimate } from '../../statistics/estimate.js'

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * A Plotly figure as plain data: what `Plotly.newPlot` and the MIME type
 * application/vnd.plotly.v1+json take.
 */
export interface Figure {
  readonly data: readonly JsonObject[]
  readonly layout: JsonObject
  readonly config: JsonObject
}

/**
 * How one series looks: a colour of Okabe & Ito (2008), which colour-blind readers tell apart, and
 * a symbol and a dash that survive grey print.
 */
export interface SeriesStyle {
  readonly color: string
  readonly symbol: string
  readonly dash: string
}

const colors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'cross', 'x']
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot', 'solid']

/** The most series that one figure tells apart. */
export const maxSeries = colors.length

/** The look of the n-th series, from 0. Throws `RangeError` beyond those that can be told apart. */
export function seriesStyle(index: number): SeriesStyle {
  const [color, symbol, dash] = [colors[index], symbols[index], dashes[index]]
  if (color && symbol && dash) return { color, symbol, dash }
  throw new RangeError(
    `Expected at most ${maxSeries} series in a figure, got more: fix a factor with \`where\`, or give fewer`,
  )
}

export const ink = '#222222'
export const faintInk = '#666666'
const gridColor = '#e3e3e3'

export const axisTitleStyle = { standoff: 10, font: { size: 14 } }

/** A line and outer ticks. */
export const axisStyle = {
  showline: true,
  linecolor: ink,
  ticks: 'outside',
  tickcolor: ink,
  gridcolor: gridColor,
  zeroline: false,
  automargin: true,
}

/** Letters, paper, and the legend below the axes, where it may grow. */
export const pageStyle = {
  font: { family: 'Helvetica, Arial, sans-serif', size: 14, color: ink },
  paper_bgcolor: '#ffffff',
  plot_bgcolor: '#ffffff',
  legend: {
    orientation: 'h',
    traceorder: 'normal',
    x: 0,
    xanchor: 'left',
    y: 0.01,
    yanchor: 'bottom',
    yref: 'container',
  },
  hovermode: 'closest',
}

/** Pixels that a figure is high unless told. */
export const defaultHeight = 460

/** A figure's question, with what is drawn below it, line by line. */
export function titleStyle(title: string, subtitle: readonly string[], height: number): JsonObject {
  return {
    text: `<b>${title}</b>${subtitle.map((line) => `<br><span style="font-size:13px">${line}</span>`).join('')}`,
    x: 0.01,
    xanchor: 'left',
    y: 1 - 22 / height,
    yanchor: 'top',
    yref: 'container',
    font: { size: 17 },
  }
}

/** An axis with a line, outer ticks and a title that carries the unit. */
export function axis(title: string, more: JsonObject = {}): JsonObject {
  return { title: { text: title, ...axisTitleStyle }, ...axisStyle, ...more }
}

/**
 * A vertical axis of named rows, from 0 at the top, each with a note under its name where there are
 * notes; `letters` is the width of the names.
 */
export function rowAxis(labels: readonly string[], notes: readonly string[] = [], letters?: number): JsonObject {
  return axis('', {
    tickmode: 'array',
    tickvals: labels.map((_, row) => row),
    ticktext: labels.map((label, row) => `${wrapped(label, letters)}${notes[row] ? `<br><i>${notes[row]}</i>` : ''}`),
    range: [Math.max(0, labels.length - 1) + 0.6, -0.6],
    showgrid: false,
    ticks: '',
  })
}

/**
 * Height in pixels of two or more rows that hold their names, and notes of so many lines: at least
 * `least` each.
 */
export function rowsHeight(labels: readonly string[], least: number, noteLines = 0, letters?: number): number {
  const most = Math.max(0, ...labels.map((label) => wrapped(label, letters).split('<br>').length))
  return Math.max(2, labels.length) * Math.max(least, 19 * (most + noteLines) + 14)
}

/**
 * Height in pixels of the legend's lines beyond the two that every figure has room for; its columns
 * are as wide as the longest name.
 */
export function legendHeight(names: readonly string[]): number {
  const longest = Math.max(1, ...names.map((name) => name.length))
  const columns = Math.max(1, Math.floor(660 / (7.5 * longest + 45)))
  return 22 * Math.max(0, Math.ceil(names.length / columns) - 2)
}

/**
 * A figure of a height in pixels whose title is its question and whose subtitle says what is drawn;
 * the legend stands below the axes, where it may grow.
 */
export function figure(
  data: readonly JsonObject[],
  words: { readonly title: string; readonly subtitle: readonly string[]; readonly height?: number },
  layout: JsonObject,
): Figure {
  const { title, subtitle, height = defaultHeight } = words
  const { legend, hovermode, ...page } = pageStyle
  return {
    data,
    layout: {
      title: titleStyle(title, subtitle, height),
      ...page,
      height,
      margin: { t: 52 + 23 * subtitle.length, r: 24, b: 60, l: 70 },
      legend,
      hovermode,
      ...layout,
    },
    config: { displaylogo: false, responsive: true },
  }
}

/** Plotly's error bars from estimates, none where an estimate has no interval. */
export function errorBars(estimates: readonly Estimate[], more: JsonObject = {}): JsonObject {
  return {
    type: 'data',
    symmetric: false,
    array: estimates.map(({ value, interval }) => (interval ? interval.upper - value : 0)),
    arrayminus: estimates.map(({ value, interval }) => (interval ? value - interval.lower : 0)),
    thickness: 2,
    width: 5,
    ...more,
  }
}

/** Makes text safe in Plotly's labels, which read a part of HTML. */
export function plainText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Text as lines of a subtitle, none wider than a printed page. */
export function lines(text: string): string[] {
  return wrapped(text, 100).split('<br>')
}

/**
 * Text of Plotly's labels in lines of about so many letters, broken where words end, so that long
 * labels leave room for the axes.
 */
export function wrapped(text: string, letters = 26): string {
  const found: string[] = ['']
  for (const word of text.split(' ')) {
    const last = found.at(-1)!
    if (last !== '' && last.length + 1 + word.length > letters) found.push(word)
    else found[found.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return found.map(plainText).join('<br>')
}
