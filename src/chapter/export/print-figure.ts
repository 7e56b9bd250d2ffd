import { titleMarkup } from '../../notebook/figure-display.js'
import { decodeEntities } from '../../notebook/html-text.js'

/** A figure for print: without its title, which is its caption there. */
export interface PrintFigure {
  readonly data: readonly object[]
  /** Width and height are in pixels. */
  readonly layout: Readonly<Record<string, unknown>> & { readonly width: number; readonly height: number }
  /** Printed width in cm; the height follows. */
  readonly widthCm: number
  /** The title and its lines, one sentence each. */
  readonly caption: string
}

/** Width of a page's text block in cm: no figure is wider. */
export const printWidthCm = 16
/**
 * Greatest height in cm at full width of a simple figure (one panel, no bars), which is printed at
 * the smaller width.
 */
const simpleHeightCm = 9.5
const simpleWidthCm = 13
/** Pixels per printed cm at which text of 14 pixels is printed at 9 points. */
const pixelsPerCm = (72 / 2.54) * (14 / 9)
/**
 * Height in cm on the screen; what a figure has beyond it takes half as much in print, if its rows
 * keep room for their labels.
 */
const highCm = 12
/** Greatest printed height of a figure in cm: its page has its caption too. */
const highestCm = 21
/** Smallest scale of the text of higher figures: a bit more than 7 points. */
const minScale = 0.8

/** What is read of a layout. */
interface Layout {
  readonly height: number
  readonly margin: Readonly<Record<string, unknown>>
  /** The margin at the top in pixels. */
  readonly top: number
  readonly font: object
  readonly annotations: readonly { readonly yref?: unknown; readonly y?: unknown }[]
  /** Labels of the rows. */
  readonly labels: readonly string[]
  /** All else, as it is. */
  readonly rest: Readonly<Record<string, unknown>>
}

/** Reads a layout as Plotly does: what is of another kind than it must be counts as not given. */
function readLayout(layout: unknown): Layout {
  const { title: _, height, margin, font, annotations, ...rest } = recordOf(layout)
  const { ticktext } = recordOf(rest.yaxis)
  const { t } = recordOf(margin)
  return {
    height: typeof height === 'number' && height > 0 ? height : 450,
    margin: recordOf(margin),
    top: typeof t === 'number' ? t : 100,
    font: recordOf(font),
    annotations: Array.isArray(annotations) ? annotations.map(recordOf) : [],
    labels: Array.isArray(ticktext) ? ticktext.map(String) : [],
    rest,
  }
}

function recordOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

/** The traces of a stored figure. Throws `TypeError` naming the place where that has none. */
function tracesOf(figure: unknown, place: string): readonly object[] {
  const { data } = recordOf(figure)
  if (Array.isArray(data) && data.every((trace) => typeof trace === 'object' && trace !== null)) return data
  throw new TypeError(
    `Expected the figure of ${place} to have \`data\`, a list of traces, got ${JSON.stringify(data) ?? 'none'}`,
  )
}

/**
 * Prepares a Plotly figure for print: as wide as the text or, if it is simple, a little less; at
 * most 21 cm high; its text 9 points, less only where the figure would be higher; its title taken
 * out for the caption. `figure` is whatever the notebook holds as one. Throws `TypeError` naming
 * `place` for what is no figure.
 */
export function printFigure(figure: unknown, fontFamily: string, place: string): PrintFigure {
  const data = tracesOf(figure, place)
  const { layout } = figure as { readonly layout?: unknown }
  const { height, margin, top, font, annotations, labels, rest } = readLayout(layout)
  // Names of panels stand above their axes.
  const hasNames = annotations.some(({ yref, y }) => /paper|domain/.test(String(yref ?? '')) && Number(y ?? 0) >= 1)
  const kept = hasNames ? Math.min(top, 44) : Math.min(top, 14)
  const screenCm = (height - top + kept) / pixelsPerCm
  const widthCm = screenCm <= simpleHeightCm && isPanel(data, rest) ? simpleWidthCm : printWidthCm
  const heightCm = closer(screenCm * (widthCm / printWidthCm), labelsCm(labels))
  const scale = Math.max(minScale, Math.min(1, highestCm / heightCm))
  const printedCm = Math.min(heightCm, highestCm)
  return {
    data,
    layout: {
      ...rest,
      ...(annotations.length > 0 && { annotations }),
      width: Math.round((widthCm * pixelsPerCm) / scale),
      height: Math.round((printedCm * pixelsPerCm) / scale),
      margin: { ...margin, t: kept },
      font: { ...font, family: fontFamily },
    },
    widthCm,
    caption: captionOf(titleMarkup(layout)),
  }
}

function closer(screenCm: number, labelsCm: number): number {
  if (screenCm <= highCm) return screenCm
  return Math.max(highCm + (screenCm - highCm) / 2, Math.min(screenCm, labelsCm))
}

/**
 * The height at which the labels of rows do not touch, with what stands above and below the rows.
 */
function labelsCm(labels: readonly string[]): number {
  const lines = Math.max(0, ...labels.map((label) => label.split(/<br\s*\/?>/).length))
  return (labels.length * (17 * lines + 4) + 190) / pixelsPerCm
}

/**
 * Whether a figure has one panel and no bars. Bars need the full width, since lengths are read off
 * them.
 */
function isPanel(data: readonly object[], layout: object): boolean {
  const types = data.map((trace) => (trace as { readonly type?: string }).type)
  return !types.includes('bar') && !Object.keys(layout).some((name) => /^[xy]axis\d+$/.test(name))
}

function captionOf(title: string): string {
  const lines = title.split(/<br\s*\/?>/).map((line) => decodeEntities(line.replace(/<[^>]*>/g, '')).trim())
  return lines
    .filter((line) => line !== '')
    .map((line) => (/[.?!]$/.test(line) ? line : `${line}.`))
    .join(' ')
}
