import type { PlotlyFigure } from '../figure-display.js'

/** A figure for print: without its title, which is its caption there. */
export interface PrintFigure {
  readonly data: readonly object[]
  readonly layout: Readonly<Record<string, unknown>> & { readonly width: number; readonly height: number }
  /** The title and its lines, one sentence each. */
  readonly caption: string
}

/** Of the text block of a page, in cm: the figures are as wide. */
export const printWidthCm = 16
/** Pixels across that width at which text of 14 pixels is printed at 9 points. */
const widthPx = Math.round(((printWidthCm / 2.54) * 72 * 14) / 9)

interface Layout extends Readonly<Record<string, unknown>> {
  readonly title?: string | { readonly text?: string }
  readonly height?: number
  readonly margin?: { readonly t?: number }
  readonly font?: object
  readonly annotations?: readonly { readonly yref?: string; readonly y?: number }[]
}

/** What a Plotly figure is in print: as wide as the text, its letters 9 points, its title taken out for the caption. */
export function printFigure({ data, layout = {} }: PlotlyFigure, fontFamily: string): PrintFigure {
  const { title, height = 450, margin = {}, font, annotations = [], ...rest } = layout as Layout
  const top = margin.t ?? 100
  // Names of panels stand above their axes.
  const hasNames = annotations.some(({ yref, y }) => yref !== undefined && /paper|domain/.test(yref) && (y ?? 0) >= 1)
  const kept = hasNames ? Math.min(top, 44) : Math.min(top, 14)
  return {
    data,
    layout: {
      ...rest,
      ...(annotations.length > 0 && { annotations }),
      width: widthPx,
      height: height - top + kept,
      margin: { ...margin, t: kept },
      font: { ...font, family: fontFamily },
    },
    caption: captionOf(typeof title === 'string' ? title : (title?.text ?? '')),
  }
}

function captionOf(title: string): string {
  const lines = title.split(/<br\s*\/?>/).map((line) => decoded(line.replace(/<[^>]*>/g, '')).trim())
  return lines
    .filter((line) => line !== '')
    .map((line) => (/[.?!]$/.test(line) ? line : `${line}.`))
    .join(' ')
}

function decoded(text: string): string {
  const named: Readonly<Record<string, string>> = {
    '&lt;': '<',
    '&gt;': '>',
    '&quot;': '"',
    '&#39;': "'",
    '&nbsp;': '\u00a0',
    '&amp;': '&',
  }
  return text.replace(/&(?:lt|gt|quot|#39|nbsp|amp);/g, (entity) => named[entity]!)
}
