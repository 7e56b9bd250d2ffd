import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Notebook, notebookJson, parseNotebook, readNotebook } from '../../src/notebook/notebook-file.js'

const fixture = fileURLToPath(new URL('./fixtures/display.ipynb', import.meta.url))

test('notebookJson(await readNotebook(path)) is the file that Jupyter wrote, byte for byte', async () => {
  expect(notebookJson(await readNotebook(fixture))).toBe(readFileSync(fixture, 'utf8'))
})

test('parseNotebook(notebookJson(n)) gives n, whatever text its cells and outputs hold', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '\n', '\r', ' ', 'é', '"') })
  fc.assert(
    fc.property(text, text, fc.dictionary(fc.string(), fc.jsonValue()), (source, output, figure) => {
      const data = { 'text/html': output, 'application/vnd.plotly.v1+json': JSON.parse(JSON.stringify(figure)) }
      const notebook: Notebook = {
        nbformat: 4,
        nbformat_minor: 5,
        metadata: {},
        cells: [
          { cell_type: 'markdown', id: 'a', metadata: {}, source },
          {
            cell_type: 'code',
            id: 'b',
            metadata: {},
            source,
            execution_count: 1,
            outputs: [
              { output_type: 'stream', name: 'stdout', text: output },
              { output_type: 'display_data', data, metadata: {} },
            ],
          },
        ],
      }
      expect(parseNotebook(notebookJson(notebook))).toEqual(notebook)
    }),
  )
})

test('parseNotebook gives cells without an id the same, unused id every time', () => {
  const cell = { cell_type: 'markdown', metadata: {}, source: ['a\n', 'b'] }
  const old = JSON.stringify({
    nbformat: 4,
    nbformat_minor: 2,
    metadata: {},
    cells: [cell, { ...cell, id: 'cell-1' }, cell],
  })
  const notebook = parseNotebook(old)
  expect(notebook.cells.map(({ id }) => id)).toEqual(['cell-1-2', 'cell-1', 'cell-3'])
  expect(notebook.cells[0]?.source).toBe('a\nb')
  expect(notebook.nbformat_minor).toBe(5)
})

test('readNotebook names the file that is no notebook', async () => {
  await expect(readNotebook(fileURLToPath(new URL('./wire.test.ts', import.meta.url)))).rejects.toThrow('wire.test.ts')
  expect(() => parseNotebook('{"nbformat":3}')).toThrow('Expected nbformat 4 with a list of cells, got nbformat 3')
})
