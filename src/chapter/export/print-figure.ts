import type { PlotlyFigure } from '../../notebook/figure-display.js'
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

interface Layout extends Readonly<Record<string, unknown>> {
  readonly title?: string | { readonly text?: string }
  readonly height?: number
  readonly margin?: { readonly t?: number }
  readonly font?: object
  readonly annotations?: readonly { readonly yref?: string; readonly y?: number }[]
  readonly yaxis?: { readonly ticktext?: readonly string[] }
}

/**
 * Prepares a Plotly figure for print: as wide as the text or, if it is simple, a little less; at
 * most 21 cm high; its text 9 points, less only where the figure would be higher; its title taken
 * out for the caption.
 */
export function printFigure({ data, layout = {} }: PlotlyFigure, fontFamily: string): PrintFigure {
  const { title, height = 450, margin = {}, font, annotations = [], ...rest } = layout as Layout
  const top = margin.t ?? 100
  // Names of panels stand above their axes.
  const hasNames = annotations.some(({ yref, y }) => yref !== undefined && /paper|domain/.test(yref) && (y ?? 0) >= 1)
  const kept = hasNames ? Math.min(top, 44) : Math.min(top, 14)
  const screenCm = (height - top + kept) / pixelsPerCm
  const widthCm = screenCm <= simpleHeightCm && isPanel(data, rest) ? simpleWidthCm : printWidthCm
  const heightCm = closer(screenCm * (widthCm / printWidthCm), labelsCm(layout as Layout))
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
    caption: captionOf(typeof title === 'string' ? title : (title?.text ?? '')),
  }
}

function closer(screenCm: number, labelsCm: number): number {
  if (screenCm <= highCm) return screenCm
  return Math.max(highCm + (screenCm - highCm) / 2, Math.min(screenCm, labelsCm))
}

/**
 * The height at which the labels of rows do not touch, with what stands above and below the rows.
 */
function labelsCm({ yaxis }: Layout): number {
  const labels = yaxis?.ticktext ?? []
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
