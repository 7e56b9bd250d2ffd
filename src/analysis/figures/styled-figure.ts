import {
  axisStyle,
  axisTitleStyle,
  defaultHeight,
  type Figure,
  type JsonObject,
  legendHeight,
  maxSeries,
  pageStyle,
  seriesStyle,
  titleStyle,
} from './drawing/figure.js'

/** A Plotly figure in the form of Plotly's own documentation. */
export interface PlainFigure {
  readonly data: readonly object[]
  readonly layout?: object
  readonly config?: object
}

interface Title {
  readonly text?: string
  readonly subtitle?: { readonly text?: string }
}

interface Layout {
  readonly title?: string | Title
  readonly height?: number
  readonly margin?: object
  readonly template?: unknown
}

/**
 * Gives a Plotly figure of your own the style of copylab's figures: font, colours that colour-blind
 * readers can distinguish, symbols and dashes for grey print, axes, size, legend below, the title
 * as a question and its further lines (`<br>`, `title.subtitle`) as its subtitle. Styles that the
 * figure sets itself stay, except a template.
 *
 * @throws `TypeError` for what is no figure.
 * @example
 * const x = study.trials.map((trial) => (trial.state === 'completed' ? trial.totalMs : null))
 * const layout = { title: 'How long does a trial take?', xaxis: { title: 'time (ms)' } }
 * show(styledFigure({ data: [{ type: 'histogram', x }], layout }))
 */
export function styledFigure(given: PlainFigure): Figure {
  checkFigure(given)
  const { data, layout = {}, config = {} } = given
  const { title, height = defaultHeight + legendHeight(namesOf(data)), margin, template: _, ...rest } = layout as Layout
  const own: Title = typeof title === 'string' ? { text: title } : (title ?? {})
  const { text = '', subtitle, ...titleRest } = own
  const lines = [...text.split(/<br\s*\/?>/), ...(subtitle?.text?.split(/<br\s*\/?>/) ?? [])]
  const [question = '', ...below] = lines.map((line) => line.trim()).filter((line) => line !== '')
  const top = question === '' ? 24 : 52 + 23 * below.length
  return {
    data: data as readonly JsonObject[],
    layout: {
      ...(question !== '' && { title: { ...titleStyle(bare(question), below.map(bare), height), ...titleRest } }),
      height,
      margin: { t: top, r: 24, b: 60, l: 70, ...margin },
      ...withAxisTitles(rest),
      template,
    },
    config: { displaylogo: false, responsive: true, ...config },
  }
}

const axisTemplate: JsonObject = { ...axisStyle, title: axisTitleStyle }
const styles = Array.from({ length: maxSeries }, (_, index) => seriesStyle(index))

/** The style as a template of Plotly's, which a figure may override. */
const template: JsonObject = {
  layout: { ...pageStyle, colorway: styles.map(({ color }) => color), xaxis: axisTemplate, yaxis: axisTemplate },
  data: {
    scatter: styles.map(({ symbol, dash }) => ({ marker: { symbol, size: 8 }, line: { dash } })),
    histogram: [{ marker: { line: { width: 1, color: '#ffffff' } } }],
  },
}

/**
 * Converts axes' titles to the form that Plotly takes today: its older documentation has plain
 * text.
 */
function withAxisTitles(layout: object): JsonObject {
  const entries = Object.entries(layout as JsonObject).map(([name, value]) => {
    if (!/^[xyz]axis\d*$/.test(name)) return [name, value]
    const { title, ...rest } = value as JsonObject
    return [name, typeof title === 'string' ? { title: { text: title }, ...rest } : value]
  })
  return Object.fromEntries(entries)
}

/** Returns the names that the legend will hold: Plotly shows none for a single trace. */
function namesOf(data: readonly object[]): string[] {
  if (data.length < 2) return []
  return data.map((trace) => String((trace as { readonly name?: unknown }).name ?? 'trace 0'))
}

/** Removes the tags of bold text: the title is bold already. */
function bare(line: string): string {
  return line.replace(/<\/?b>/g, '')
}

function checkFigure(given: PlainFigure): void {
  const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)
  const wrong = (what: string, value: unknown): never => {
    const got = value === undefined ? 'nothing' : JSON.stringify(value)
    throw new TypeError(
      `Expected a figure \`{ data: [{ type: 'scatter', x, y }], layout: { title } }\`, got ${what}${got?.slice(0, 80)}`,
    )
  }
  if (!isObject(given)) wrong('', given)
  if (!Array.isArray(given.data)) wrong('as its `data` ', given.data)
  const trace = given.data.find((one) => !isObject(one))
  if (trace !== undefined) wrong('as a trace ', trace)
  if (given.layout !== undefined && !isObject(given.layout)) wrong('as its `layout` ', given.layout)
}
