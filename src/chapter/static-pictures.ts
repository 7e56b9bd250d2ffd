import { type PlotlyFigure, plotlyMime, withPicture } from '../notebook/figure-display.js'
import type { DisplayOutput, Notebook, Output } from '../notebook/notebook-file.js'
import { type FigurePrinter, withFigurePrinter } from './export/figure-printer.js'

/**
 * A notebook whose figures hold a picture of themselves, for readers without JavaScript and for sites that show notebooks as they were saved. Figures that have
 * one keep it. Throws an `Error` where there is no browser to draw with.
 */
export async function withPictures(notebook: Notebook): Promise<Notebook> {
  const outputs = notebook.cells.flatMap((cell) => (cell.cell_type === 'code' ? cell.outputs : []))
  if (!outputs.some(lacksPicture)) return notebook
  return withFigurePrinter(async (printer) => {
    const cells = []
    for (const cell of notebook.cells) {
      if (cell.cell_type !== 'code') cells.push(cell)
      else {
        const drawn: Output[] = []
        for (const output of cell.outputs) drawn.push(lacksPicture(output) ? await withOne(output, printer) : output)
        cells.push({ ...cell, outputs: drawn })
      }
    }
    return { ...notebook, cells }
  })
}

function lacksPicture(output: Output): output is DisplayOutput {
  if (output.output_type !== 'display_data' || output.data[plotlyMime] === undefined) return false
  const html = output.data['text/html']
  return typeof html === 'string' && withPicture(html, '') !== html
}

async function withOne(output: DisplayOutput, printer: FigurePrinter): Promise<DisplayOutput> {
  const webp = await printer.webp(output.data[plotlyMime] as unknown as PlotlyFigure)
  const html = withPicture(output.data['text/html'] as string, `data:image/webp;base64,${webp}`)
  return { ...output, data: { ...output.data, 'text/html': html } }
}
