import { deepStrictEqual, equal, ok } from 'node:assert/strict'
import fc from 'fast-check'
import { manuscriptOf } from '#copylab/chapter/export/manuscript.js'
import { notebookHtml } from '#copylab/chapter/page/html.js'
import { plotlyMime } from '#copylab/notebook/figure-display.js'
import { type Notebook, notebookJson, parseNotebook } from '#copylab/notebook/file/notebook-file.js'
import { numbersMime } from '#copylab/notebook/handed-on/shown-numbers.js'
import { injectParameters, parametersOf } from '#copylab/notebook/parameters.js'
import { withRelativePaths } from '#copylab/notebook/relative-paths.js'
import { withoutPasswords } from '#copylab/notebook/without-passwords.js'
import { type EnduranceOptions, shareOf } from '../endurance.js'
import { edited, editsWith, seldomSpliced, spliced } from './edits.js'
import { type Fuzzed, fuzzed } from './fuzzed.js'

const titlePageMime = 'application/vnd.copylab.title-page+json'
const id = 'd3b07384-d9a0-4c9b-8f5e-0242ac130003'
const shown = (data: object, metadata: object = {}): object => ({ output_type: 'display_data', data, metadata })
const figure = {
  data: [{ type: 'bar', x: [1, 2], y: [3, 4] }],
  layout: {
    title: { text: 'How long?' },
    height: 450,
    annotations: [{ text: 'a', yref: 'paper', y: 1 }],
    yaxis: { ticktext: ['a'] },
  },
}
const number = { name: 'c1', value: 0.1, text: '10 %', meaning: 'how much faster' }

/** A notebook with everything that is read from one. */
const whole = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    kernelspec: { name: 'tslab' },
    title: 'T',
    authors: [{ name: 'A' }],
    keywords: ['k'],
    own: { deep: [{ x: 1 }] },
  },
  cells: [
    {
      cell_type: 'markdown',
      id: 'text',
      metadata: { tags: [] },
      source: ['# T\n', '![p](attachment:p.png) [f](#figure)'],
      attachments: { 'p.png': { 'image/png': 'iVBORw0KGgo=' } },
    },
    { cell_type: 'raw', id: 'raw', metadata: { format: 'text/x' }, source: 'raw' },
    {
      cell_type: 'code',
      id: 'params',
      metadata: { tags: ['parameters'] },
      source: 'const params = { blocks: 12, workers: [1, 2], name: "x", fresh: false }',
      execution_count: 1,
      outputs: [],
    },
    {
      cell_type: 'code',
      id,
      metadata: { tags: ['answer'], collapsed: true },
      source: ['say(1)\n', 'postgres://u:pw@host/db'],
      execution_count: 2,
      outputs: [
        { output_type: 'stream', name: 'stdout', text: ['a\n', '/root/b'] },
        shown({ [plotlyMime]: figure, [numbersMime]: [{ of: 'figure', numbers: [number] }] }),
        shown({
          'text/markdown': ['| a |\n', '|---|'],
          'text/html': '<table><caption>c</caption></table>',
          [numbersMime]: [{ of: 'table', numbers: [number] }],
        }),
        shown(
          { 'text/markdown': 'A sentence.', [numbersMime]: [{ of: 'sentence', numbers: [number] }] },
          { copylab: { progress: false } },
        ),
        shown({ [titlePageMime]: { title: 'T', authors: ['A'], abstract: '*a*' }, 'text/plain': 'T' }),
        {
          output_type: 'execute_result',
          data: { 'image/png': 'iVBORw0KGgo=', 'application/json': { a: [1] } },
          metadata: {},
          execution_count: 2,
        },
      ],
    },
    {
      cell_type: 'code',
      id: 'failed',
      metadata: {},
      source: 'throw 1',
      execution_count: 3,
      outputs: [{ output_type: 'error', ename: 'Error', evalue: '1', traceback: ['Error: 1'] }],
    },
  ],
}

const ownValues = fc.oneof(
  fc.constantFrom<unknown>(
    'code',
    'markdown',
    'raw',
    'stream',
    'error',
    'display_data',
    'execute_result',
    'stdout',
    4,
    5,
    3,
  ),
  fc.constantFrom<unknown>(
    ['a\n', 'b'],
    'a\nb\r\n',
    ['parameters'],
    'parameters',
    'answer',
    'no-export',
    id,
    'deadbee1',
    '# T',
  ),
  fc.constantFrom<unknown>(
    { 'text/plain': 'x' },
    { 'text/html': ['<b>', 'x'] },
    { [plotlyMime]: {} },
    { [numbersMime]: [null] },
    { [titlePageMime]: 1 },
  ),
  fc.constantFrom<unknown>(
    'const params = {',
    'const params = { a: 1, b: [] }',
    'const params = { f() {} }',
    'params',
    '$$x$',
    '```',
  ),
)

const texts: fc.Arbitrary<Buffer> = fc
  .tuple(fc.boolean(), editsWith(ownValues), seldomSpliced, fc.integer({ min: 0, max: 200 }))
  .map(([failed, edits, cuts, deep]) => {
    const cells = failed ? whole.cells : whole.cells.slice(0, -1)
    const file = edited({ ...whole, cells }, edits)
    const text = JSON.stringify(file) ?? ''
    // One in so many holds values to a depth that no recursion survives.
    const bytes = Buffer.from(
      deep === 1 ? text.replace('"deep":[', `"deep":[${'['.repeat(50_000)}${']'.repeat(50_000)},`) : text,
    )
    return spliced(bytes, cuts)
  })

/**
 * Notebook files: refused by a message that says what is expected, or read; what was read is
 * written and read again as it was, and every reader of it answers or says what it expects.
 */
export async function fuzzNotebooks(options: EnduranceOptions): Promise<Fuzzed> {
  return fuzzed(
    { name: 'notebooks', inputs: texts, show: String, count: shareOf(12_000, options), outcome: outcomeOf },
    options,
  )
}

function outcomeOf(bytes: Buffer): string {
  const text = bytes.toString()
  let notebook: Notebook
  try {
    notebook = parseNotebook(text)
  } catch (error) {
    ok(error instanceof SyntaxError || isExpectation(error), error as Error)
    return error instanceof SyntaxError ? 'no JSON' : 'refused'
  }
  checkRoundTrip(notebook, JSON.parse(text))
  withRelativePaths(notebook, '/root')
  parametersOf(notebook)
  checkInjection(notebook)
  const masked = withoutPasswords(notebook)
  ok(!notebookJson(masked).includes('u:pw@'), 'a password')
  // A page holds all of plotly.js: a few of them are enough.
  if (bytes.length % 8 === 0) ok(notebookHtml(notebook).endsWith('</html>\n'))
  try {
    manuscriptOf(masked)
  } catch (error) {
    ok(isExpectation(error) || /^Cell \S+ failed \(/.test((error as Error).message), error as Error)
    return 'read, but no chapter'
  }
  return 'read'
}

interface NotebookFile {
  readonly metadata?: unknown
  readonly cells: readonly { readonly metadata?: unknown; readonly outputs?: readonly object[] | null }[]
}

/** Writing and reading change nothing, and what is not known is kept. */
function checkRoundTrip(notebook: Notebook, file: NotebookFile): void {
  const written = notebookJson(notebook)
  deepStrictEqual(parseNotebook(written), notebook, 'written and read again')
  equal(notebookJson(parseNotebook(written)), written)
  const again = JSON.parse(written) as NotebookFile
  deepStrictEqual(again.metadata, file.metadata ?? {}, 'metadata')
  for (const [k, cell] of file.cells.entries()) {
    deepStrictEqual(again.cells[k]!.metadata, cell.metadata ?? {}, `metadata of cell ${k + 1}`)
    const { outputs } = again.cells[k]!
    // A text has none.
    for (const [place, output] of (outputs ? (cell.outputs ?? []) : []).entries()) {
      const kept = new Set(Object.keys(outputs![place]!))
      deepStrictEqual(
        Object.keys(output).filter((name) => !kept.has(name)),
        [],
        `what is lost of an output of cell ${k + 1}`,
      )
    }
  }
}

function checkInjection(notebook: Notebook): void {
  let injected: Notebook
  try {
    injected = injectParameters(notebook, { blocks: 3 })
  } catch (error) {
    ok(isExpectation(error), error as Error)
    return
  }
  equal(parametersOf(injected).blocks, 3)
}

/** Whether an error says what was expected, rather than what went wrong in the code. */
function isExpectation(error: unknown): boolean {
  return (error instanceof TypeError || error instanceof RangeError) && error.message.startsWith('Expected ')
}
