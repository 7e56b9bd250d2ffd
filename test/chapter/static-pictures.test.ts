import { describe, expect, it } from 'vitest'
import type { DisplayOutput, Json, Notebook } from '../../src/entries/chapter.js'
import { withPictures } from '../../src/entries/chapter.js'
import { figureDisplay } from '../../src/notebook/figure-display.js'

const figure = {
  data: [{ type: 'scatter', x: [1, 2, 3], y: [1 / 3, 0.5, 2] }],
  layout: { title: { text: 'A question' } },
}

function notebookOf(...outputs: readonly DisplayOutput[]): Notebook {
  const cell = { cell_type: 'code', id: 'one', metadata: {}, source: '', execution_count: 1, outputs } as const
  return {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: {},
    cells: [{ cell_type: 'markdown', id: 'text', metadata: {}, source: 'x' }, cell],
  }
}

const shown = (): DisplayOutput => {
  const { data } = figureDisplay(figure, '/somewhere/plotly.min.js')
  return { output_type: 'display_data', data: data as Record<string, Json>, metadata: {} }
}
const htmlOf = (notebook: Notebook): string => {
  const cell = notebook.cells[1]!
  if (cell.cell_type !== 'code') throw new Error('not a code cell')
  return (cell.outputs[0] as DisplayOutput).data['text/html'] as string
}

describe('withPictures(notebook)', () => {
  it('puts a drawn picture in the place of each figure, once', async () => {
    const first = await withPictures(notebookOf(shown()))
    const source =
      /<div data-copylab-figure="[^"]+"[^>]*><img alt="[^"]*A question: run the cell[^"]*" style="max-width:100%" src="data:image\/webp;base64,([^"]+)"><\/div>/.exec(
        htmlOf(first),
      )
    const bytes = Buffer.from(source![1]!, 'base64')
    expect(bytes.subarray(0, 4).toString('latin1')).toBe('RIFF')
    expect(bytes.subarray(8, 12).toString('latin1')).toBe('WEBP')
    expect(bytes.length).toBeGreaterThan(2000)
    expect(htmlOf(first).replace(/<img alt="([^"]*)"[^>]*>/, '$1')).toBe(htmlOf(notebookOf(shown())))
    expect(await withPictures(first)).toBe(first)
  })

  it('leaves a notebook without figures as it is, and needs no browser for it', async () => {
    const notebook = notebookOf({
      output_type: 'display_data',
      data: { 'text/html': '<p>x</p>', 'text/plain': 'x' },
      metadata: {},
    })
    expect(await withPictures(notebook)).toBe(notebook)
  })
})

describe('figureDisplay(figure)', () => {
  it('holds six digits of each number, and whole numbers as they are', () => {
    const { data } = figureDisplay({ data: [{ y: [1 / 3, 123456789, 0.1 + 0.2] }] }, '/somewhere/plotly.min.js')
    expect((data['application/vnd.plotly.v1+json'] as { data: object[] }).data).toEqual([
      { y: [0.333333, 123456789, 0.3] },
    ])
  })
})
