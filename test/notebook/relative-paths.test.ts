import { expect, test } from 'vitest'
import type { Notebook, Output } from '../../src/notebook/file/notebook-file.js'
import { withRelativePaths } from '../../src/notebook/relative-paths.js'

function cleaned(output: Output): Output | undefined {
  const cell = {
    cell_type: 'code',
    id: 'a',
    metadata: {},
    source: '"/p/lab"',
    execution_count: 1,
    outputs: [output],
  } as const
  const notebook: Notebook = { nbformat: 4, nbformat_minor: 5, metadata: {}, cells: [cell] }
  const after = withRelativePaths(notebook, '/p/lab/').cells[0]
  expect(after?.source).toBe(cell.source)
  return after?.cell_type === 'code' ? after.outputs[0] : undefined
}

test.each([
  ['at f (/p/lab/dist/a.js:1:2)', 'at f (dist/a.js:1:2)'],
  ['file:///p/lab/dist/a.js', 'dist/a.js'],
  ['in /p/lab, and "/p/lab/"', 'in ., and "./"'],
  ['/p/laboratory/x /q/p/lab-2', '/p/laboratory/x /q/p/lab-2'],
])('withRelativePaths turns %j into %j', (text, wanted) => {
  expect(cleaned({ output_type: 'stream', name: 'stdout', text })).toMatchObject({ text: wanted })
  expect(cleaned({ output_type: 'error', ename: 'E', evalue: text, traceback: [text] })).toMatchObject({
    evalue: wanted,
    traceback: [wanted],
  })
})

test('withRelativePaths cleans the text types of a display and leaves images and figures', () => {
  const data = { 'text/html': '<b>/p/lab/a</b>', 'image/png': '/p/lab/a', 'application/json': { a: '/p/lab/a' } }
  expect(cleaned({ output_type: 'display_data', data, metadata: {} })).toMatchObject({
    data: { ...data, 'text/html': '<b>a</b>' },
  })
})
