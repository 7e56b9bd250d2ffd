import type { Estimate } from '../../statistics/estimate.js'

/** Any value that JSON can hold. */
export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject
/** An object that JSON can hold. */
export interface JsonObject {
  readonly [key: string]: JsonValue
}

/**
 * A Plotly figure as plain data, as `Plotly.newPlot` and the MIME type
 * application/vnd.plotly.v1+json take it.
 */
export interface Figure {
  readonly data: readonly JsonObject[]
  readonly layout: JsonObject
  readonly config: JsonObject
}

/**
 * Style of one series: a colour of Okabe & Ito (2008), which colour-blind readers can distinguish,
 * and a symbol and a dash that survive grey print.
 */
export interface SeriesStyle {
  readonly color: string
  readonly symbol: string
  readonly dash: string
}

const colors = ['#0072B2', '#D55E00', '#009E73', '#CC79A7', '#E69F00', '#56B4E9', '#000000']
const symbols = ['circle', 'square', 'diamond', 'triangle-up', 'triangle-down', 'cross', 'x']
const dashes = ['solid', 'dash', 'dot', 'dashdot', 'longdash', 'longdashdot', 'solid']

/** Largest number of series in one figure that can be distinguished. */
export const maxSeries = colors.length

/** Returns the style of the n-th series, from 0. Throws `RangeError` beyond the last style. */
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

/** Style of an axis: a line and outer ticks. */
export const axisStyle = {
  showline: true,
  linecolor: ink,
  ticks: 'outside',
  tickcolor: ink,
  gridcolor: gridColor,
  zeroline: false,
  automargin: true,
}

/** Font, paper colour, and the legend below the axes, where it may grow. */
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

/** Default height of a figure in pixels. */
export const defaultHeight = 460

/** Returns the title of a figure, its question, with the subtitle below it, line by line. */
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

/** Returns an axis with a line, outer ticks and a title that carries the unit. */
export function axis(title: string, more: JsonObject = {}): JsonObject {
  return { title: { text: title, ...axisTitleStyle }, ...axisStyle, ...more }
}

/**
 * Returns a vertical axis of named rows, from 0 at the top, each with a note under its name where
 * there are notes; `characters` is the width of the names.
 */
export function rowAxis(labels: readonly string[], notes: readonly string[] = [], characters?: number): JsonObject {
  return axis('', {
    tickmode: 'array',
    tickvals: labels.map((_, row) => row),
    ticktext: labels.map(
      (label, row) => `${wrapped(label, characters)}${notes[row] ? `<br><i>${notes[row]}</i>` : ''}`,
    ),
    range: [Math.max(0, labels.length - 1) + 0.6, -0.6],
    showgrid: false,
    ticks: '',
  })
}

/**
 * Returns the height in pixels of two or more rows that hold their names, and notes of `noteLines`
 * lines: at least `minHeight` each.
 */
export function rowsHeight(labels: readonly string[], minHeight: number, noteLines = 0, characters?: number): number {
  const lineCount = Math.max(0, ...labels.map((label) => wrapped(label, characters).split('<br>').length))
  return Math.max(2, labels.length) * Math.max(minHeight, 19 * (lineCount + noteLines) + 14)
}

/**
 * Returns the height in pixels of the legend's lines beyond the two that every figure has room for;
 * its columns are as wide as the longest name.
 */
export function legendHeight(names: readonly string[]): number {
  const longest = Math.max(1, ...names.map((name) => name.length))
  const columns = Math.max(1, Math.floor(660 / (7.5 * longest + 45)))
  return 22 * Math.max(0, Math.ceil(names.length / columns) - 2)
}

/**
 * Builds a figure of a height in pixels whose title is its question and whose subtitle says what is
 * drawn; the legend is below the axes, where it may grow.
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

/** Converts estimates to Plotly's error bars, without a bar where an estimate has no interval. */
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

/** Escapes text for Plotly's labels, which interpret a part of HTML. */
export function plainText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Breaks text into the lines of a subtitle, none wider than a printed page. */
export function lines(text: string): string[] {
  return wrapped(text, 100).split('<br>')
}

/**
 * Breaks the text of Plotly's labels into lines of about n characters at the ends of words, so that
 * long labels leave room for the axes.
 */
export function wrapped(text: string, characters = 26): string {
  const found: string[] = ['']
  for (const word of text.split(' ')) {
    const last = found.at(-1)!
    if (last !== '' && last.length + 1 + word.length > characters) found.push(word)
    else found[found.length - 1] = last === '' ? word : `${last} ${word}`
  }
  return found.map(plainText).join('<br>')
}
