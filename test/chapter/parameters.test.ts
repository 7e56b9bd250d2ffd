import { expect, test } from 'vitest'
import { type CodeCell, type Notebook, parseNotebook } from '../../src/chapter/notebook-file.js'
import { injectParameters } from '../../src/chapter/parameters.js'

const notebook = (source: string, tags: string[]): Notebook =>
  parseNotebook(
    JSON.stringify({
      nbformat: 4,
      cells: [
        { cell_type: 'markdown', id: 'm', metadata: {}, source: '# A' },
        { cell_type: 'code', id: 'p', metadata: { tags }, source, outputs: [] },
        { cell_type: 'code', id: 'c', metadata: {}, source: 'f(params)', outputs: [] },
      ],
    }),
  )
const given = notebook('const params = { records: 717_000 }', ['parameters'])

test('injectParameters(n, values) assigns them to `params` in a cell after the tagged one', () => {
  const { cells } = injectParameters(given, { records: 5, workers: [1, 2] })
  expect(cells.map(({ id }) => id)).toEqual(['m', 'p', 'injected-parameters', 'c'])
  const source = (cells[2] as CodeCell).source
  const params = { records: 717_000, kept: true }
  new Function('params', source)(params)
  expect(params).toEqual({ records: 5, workers: [1, 2], kept: true })
})

test('injectParameters replaces what was injected earlier', () => {
  const twice = injectParameters(injectParameters(given, { records: 5 }), { records: 6 })
  expect(twice).toEqual(injectParameters(given, { records: 6 }))
})

test('injectParameters throws when no cell is tagged, or the tagged one declares no `const params`', () => {
  expect(() => injectParameters(notebook('const params = {}', []), {})).toThrow('tagged `parameters`')
  expect(() => injectParameters(notebook('let records = 1', ['parameters']), {})).toThrow('`const params = { … }`')
})
