import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Notebook, notebookJson, parseNotebook, readNotebook } from '../../src/notebook/file/notebook-file.js'

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

const noteOf = (...cells: readonly unknown[]) => JSON.stringify({ nbformat: 4, metadata: {}, cells })
const code = (more: object) => ({ cell_type: 'code', metadata: {}, source: '', ...more })
const shows = (output: unknown) => noteOf(code({ outputs: [output] }))

test.each([
  ['null', 'Expected nbformat 4 with a list of cells'],
  [noteOf(null), 'Expected cell 1 to be an object, got null'],
  [noteOf({ cell_type: 'heading' }), 'Expected cell 1 to be code, markdown or raw, got "heading"'],
  [noteOf(code({ metadata: 1 })), 'Expected `metadata` of cell 1 to be an object, got 1'],
  [noteOf(code({ source: [1] })), 'Expected `source` of cell 1 to be a text or a list of its lines, got [1]'],
  [noteOf(code({ outputs: {} })), 'Expected `outputs` of cell 1 to be a list, got {}'],
  [noteOf(code({ execution_count: '1' })), 'Expected `execution_count` of cell 1 to be a number or null, got "1"'],
  [shows(null), 'Expected output 1 of cell 1 to be an object, got null'],
  [shows({ output_type: 'pyout' }), 'Expected `output_type` of output 1 of cell 1 to be stream, error,'],
  [
    shows({ output_type: 'stream', name: 'x' }),
    'Expected `name` of output 1 of cell 1 to be stdout or stderr, got "x"',
  ],
  [shows({ output_type: 'error', ename: '', evalue: '' }), 'Expected `traceback` of output 1 of cell 1 to be a list'],
  [shows({ output_type: 'display_data', data: 'x' }), 'Expected `data` of output 1 of cell 1 to be an object, got "x"'],
  [
    noteOf({ cell_type: 'markdown', source: '', attachments: { a: 1 } }),
    'Expected an attachment of cell 1 to be an object, got 1',
  ],
  [noteOf().replace('"metadata":{}', `"metadata":${'['.repeat(1e5)}${']'.repeat(1e5)}`), 'to a depth of 500, got more'],
])('parseNotebook names what is wrong with %.80s', (text, message) => {
  expect(() => parseNotebook(text)).toThrow(message)
})
