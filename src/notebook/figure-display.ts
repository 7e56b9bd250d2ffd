import { createHash } from 'node:crypto'
import { relative, sep } from 'node:path'
import type { QuotedNumber } from '../analysis/text/phrase.js'
import { verbatim } from '../analysis/text/verbatim.js'
import { escapeHtml } from '../format.js'
import type { CellDisplay } from './cell-display.js'
import { decodeEntities, scriptJson } from './html-text.js'

/** A Plotly figure, as plain data. */
export interface PlotlyFigure {
  readonly data: readonly object[]
  readonly layout?: object
  readonly config?: object
}

/** MIME type of a Plotly figure. */
export const plotlyMime = 'application/vnd.plotly.v1+json'

/**
 * Returns a figure as a cell's display. VS Code, and JupyterLab with Plotly's extension, draw the
 * JSON. Stock Jupyter takes the HTML, which holds the figure but not plotly.js: it uses the page's
 * copy; where there is none, the Jupyter server sends the file from `node_modules`, addressed from
 * the notebook or, where a restored page does not name it yet, from the server's folder; where that
 * fails too, the output says what to do. It also does in a notebook that is not trusted, whose
 * scripts Jupyter leaves out. Equal figures give equal bundles.
 */
export function figureDisplay(figure: PlotlyFigure, plotlyPath: string): CellDisplay {
  const { data, layout = {}, config = {} } = figure
  const title = figureTitle(layout)
  const defaults = { responsive: true, displaylogo: false, toImageButtonOptions: downloadOptions(title) }
  const plotly = JSON.parse(JSON.stringify({ data, layout, config: { ...defaults, ...config } }, sixDigits))
  const text = `[figure] ${title ?? 'untitled'}`
  return { data: { [plotlyMime]: plotly, 'text/html': drawingHtml(plotly, plotlyPath, text), 'text/plain': text } }
}

/**
 * Rounds a number to six digits, for `JSON.stringify`: no screen shows more, and a notebook with
 * all digits of a double is twice as large. Typed arrays become lists, as Plotly takes them.
 */
function sixDigits(_key: string, value: unknown): unknown {
  if (ArrayBuffer.isView(value) && !(value instanceof DataView)) return Array.from(value as unknown as number[])
  return typeof value === 'number' && !Number.isInteger(value) ? Number(value.toPrecision(6)) : value
}

/** Options of the camera button: it writes an SVG file named after the first line of the title. */
function downloadOptions(title: string | null): object {
  const [question = ''] = (title ?? '').split(' - ')
  const words = question.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? ['figure']
  return { format: 'svg', filename: words.join('-') }
}

/** A figure's title as text, without its markup, null when it has none. */
export function figureTitle(layout: unknown): string | null {
  const text = titleMarkup(layout)
  return text ? decodeEntities(text.replace(/<br\s*\/?>/g, ' - ').replace(/<[^>]*>/g, '')) : null
}

/** A figure's title with its markup; empty when it has none, and for what Plotly takes for none. */
export function titleMarkup(layout: unknown): string {
  const { title } = (layout ?? {}) as { readonly title?: unknown }
  const text = typeof title === 'string' ? title : (title as { readonly text?: unknown } | null | undefined)?.text
  return typeof text === 'string' ? text : ''
}

/**
 * The numbers in a figure's title and in the lines under it, which the plotting function has
 * written.
 */
export function figureNumbers({ layout = {} }: PlotlyFigure): readonly QuotedNumber[] {
  return verbatim('caption', figureTitle(layout) ?? '', 'title of a figure').numbers
}

/** A figure's place in its HTML: its beginning, which names the figure's key, and its text. */
const emptyPlace = /(<div data-copylab-figure="([^"]*)"[^>]*>)([^<]*)<\/div>/

/** The key that identifies a figure in its HTML; null where that has a picture of it already. */
export function pictureKey(html: string): string | null {
  return emptyPlace.exec(html)?.[2] ?? null
}

/**
 * Puts a picture in the place of a figure in its HTML, shown until the figure is drawn. HTML that
 * has a picture already is returned as it is.
 */
export function withPicture(html: string, source: string): string {
  return html.replace(emptyPlace, (_, begin: string, _key: string, text: string) => {
    return `${begin}<img alt="${text}" style="max-width:100%" src="${source}"></div>`
  })
}

function drawingHtml(figure: { layout: { height?: number } }, plotlyPath: string, text: string): string {
  const json = scriptJson(figure)
  const key = createHash('sha256').update(json).digest('hex').slice(0, 12)
  const path = relative(process.cwd(), plotlyPath).split(sep).join('/')
  const height = figure.layout.height ?? 450
  return `<div data-copylab-figure="${key}" style="min-height:${height}px">${escapeHtml(text)}: run the cell to draw it, or trust the notebook.</div>
<script>
(() => {
  const figure = ${json}
  const places = () => document.querySelectorAll('[data-copylab-figure="${key}"]:not(.js-plotly-plot)')
  const draw = () => places().forEach((place) => {
    place.replaceChildren()
    Plotly.newPlot(place, figure.data, figure.layout, figure.config)
  })
  const explain = () => places().forEach((place) => {
    if (place.childElementCount === 0) place.textContent = 'This figure needs plotly.js: run setUpFigures() in a cell and this cell again.'
  })
  const load = (url) => new Promise((resolve, reject) => {
    const script = document.createElement('script')
    script.src = url
    script.onload = resolve
    script.onerror = reject
    document.head.append(script)
  })
  const fromServer = async () => {
    const base = new URL(JSON.parse(document.getElementById('jupyter-config-data').textContent).baseUrl || '/', location.href)
    const path = ${JSON.stringify(path)}
    const root = new URL('files/' + path.replace(/^(\\.\\.\\/)+/, ''), base)
    const notebook = (location.pathname.match(/\\/(?:tree|notebooks)\\/(.*\\.ipynb)$/) || [])[1]
    if (!notebook) return load(root)
    return load(new URL(path, new URL('files/' + notebook.replace(/[^/]*$/, ''), base))).catch(() => load(root))
  }
  if (window.Plotly) draw()
  else (window.copylabPlotly = window.copylabPlotly || fromServer()).then(draw, explain)
})()
</script>`
}
