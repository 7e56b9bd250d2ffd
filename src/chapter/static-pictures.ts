import { type PlotlyFigure, pictureKey, plotlyMime, withPicture } from '../notebook/figure-display.js'
import type { Cell, DisplayOutput, Notebook, Output } from '../notebook/file/notebook-file.js'
import { withFigurePrinter } from './export/figure-printer.js'

/** A figure of a notebook that has no picture of itself yet. */
export interface BareFigure {
  /** Index of the cell in the notebook and of the output in the cell, from 0. */
  readonly cell: number
  readonly output: number
  /** Key of the figure's content: equal figures have equal keys. */
  readonly key: string
  readonly figure: PlotlyFigure
  readonly html: string
}

/** Pictures by the keys of their figures: WebP in base64. */
export type Pictures = Map<string, string>

/**
 * A notebook whose figures hold a picture of themselves, for readers without JavaScript and for
 * sites that show notebooks as they were saved. Figures that have one keep it, and those that are
 * among `pictures` are not drawn again. Throws an `Error` where there is no browser to draw with.
 */
export async function withPictures(notebook: Notebook, pictures: Pictures = new Map()): Promise<Notebook> {
  const bare = bareFigures(notebook)
  if (bare.length === 0) return notebook
  await drawPictures(bare, pictures)
  const outputAt = (output: Output, cell: number, index: number): Output => {
    const one = bare.find((figure) => figure.cell === cell && figure.output === index)
    return one ? withHtml(output as DisplayOutput, htmlWithPicture(one, pictures.get(one.key)!)) : output
  }
  const cells = notebook.cells.map((cell, place): Cell => {
    if (cell.cell_type !== 'code') return cell
    return { ...cell, outputs: cell.outputs.map((output, index) => outputAt(output, place, index)) }
  })
  return { ...notebook, cells }
}

/** The figures of a notebook that have no picture, in its order. */
export function bareFigures({ cells }: Notebook): BareFigure[] {
  return cells.flatMap((cell, place) =>
    cell.cell_type === 'code' ? cell.outputs.flatMap((output, index) => bareFigure(output, place, index)) : [],
  )
}

function bareFigure(output: Output, cell: number, index: number): BareFigure[] {
  if (output.output_type !== 'display_data') return []
  const { [plotlyMime]: figure, 'text/html': html } = output.data
  if (figure === undefined || typeof html !== 'string') return []
  const key = pictureKey(html)
  return key === null ? [] : [{ cell, output: index, key, figure: figure as unknown as PlotlyFigure, html }]
}

/** Draws the figures that are not among `pictures`, and adds them one by one. */
export async function drawPictures(figures: readonly BareFigure[], pictures: Pictures): Promise<void> {
  if (figures.every(({ key }) => pictures.has(key))) return
  await withFigurePrinter(async (printer) => {
    for (const { key, figure } of figures) if (!pictures.has(key)) pictures.set(key, await printer.webp(figure))
  })
}

export function htmlWithPicture({ html }: BareFigure, webp: string): string {
  return withPicture(html, `data:image/webp;base64,${webp}`)
}

function withHtml(output: DisplayOutput, html: string): DisplayOutput {
  return { ...output, data: { ...output.data, 'text/html': html } }
}
