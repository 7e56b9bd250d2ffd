import { describe, expect, it, test } from 'vitest'
import { declaredParameters } from '../../src/notebook/declared-parameters.js'
import { type CodeCell, type Notebook, parseNotebook } from '../../src/notebook/file/notebook-file.js'
import { parseParameters } from '../../src/notebook/parameter-kinds.js'
import { injectParameters, parametersOf } from '../../src/notebook/parameters.js'

const notebook = (source: string, tags: string[] = ['parameters']): Notebook =>
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
const given = notebook('const params = { records: 717_000, workers: [1, 2, 4] }')

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
  expect(() => injectParameters(notebook('let records = 1'), {})).toThrow('`const params = { … }`')
})

describe('declaredParameters(notebook)', () => {
  it.each([
    ['const params = { a: 717_000, b: [1, 2], c: "x", d: true }', { a: 717_000, b: [1, 2], c: 'x', d: true }],
    [
      "// a } brace\nconst params: Made = {\n  a: '}', // { or }\n  b: { c: [1] },\n} as const\nfoo()",
      { a: '}', b: { c: [1] } },
    ],
    ['import { x } from "y"\nexport const params = {a: `}`, /* } */ b: -0.1}', { a: '}', b: -0.1 }],
    ['const params = {}', {}],
  ])('declaredParameters reads %j', (source, values) => {
    expect(declaredParameters(notebook(source))).toEqual(values)
  })

  it.each([
    ['const params = { a: process.pid }', 'plain values: process is not defined'],
    ['const params = { a: () => 1 }', 'plain values'],
    ['const params = { a: (() => { for (;;); })() }', 'plain values: Script execution timed out'],
    ['const params = { a: 1', 'to declare `const params = { … }`'],
  ])('declaredParameters refuses %j', (source, message) => {
    expect(() => declaredParameters(notebook(source))).toThrow(message)
  })
})

const declared = { blocks: 30, workers: [1, 2], name: 'reference', fresh: false, tags: ['a'], limit: null, extra: [] }

describe('parseParameters(declared, texts)', () => {
  it.each([
    ['blocks=30', { blocks: 30 }],
    ['blocks=717_000', { blocks: 717_000 }],
    ['blocks=-0.5', { blocks: -0.5 }],
    ['blocks=1e3', { blocks: 1000 }],
    ['workers=1,2,4,8', { workers: [1, 2, 4, 8] }],
    ['workers=[1_000, 2]', { workers: [1000, 2] }],
    ['workers=8', { workers: [8] }],
    ['workers=', { workers: [] }],
    ['name=12', { name: '12' }],
    ['name=a=b, c', { name: 'a=b, c' }],
    ['name=', { name: '' }],
    ['fresh=true', { fresh: true }],
    ['tags=["a", b]', { tags: ['a', 'b'] }],
    ['limit={"a":1}', { limit: { a: 1 } }],
    ['extra=[1]', { extra: [1] }],
  ])('parseParameters reads %s', (text, values) => {
    expect(parseParameters(declared, [text])).toEqual(values)
  })

  it('parseParameters takes several texts, and the last of several for one name', () => {
    expect(parseParameters(declared, ['blocks=1', 'fresh=true', 'blocks=2'])).toEqual({ blocks: 2, fresh: true })
  })

  it.each([
    ['blocks=many', 'Expected `blocks` to be a number, such as 30, got "many"'],
    ['blocks=', 'Expected `blocks` to be a number, such as 30, got ""'],
    ['blocks=_', 'Expected `blocks` to be a number'],
    ['blocks=1,2', 'Expected `blocks` to be a number, such as 30, got "1,2"'],
    ['workers=1,two', 'Expected `workers` to be a list of numbers, such as 1,2,4, got "1,two"'],
    ['workers=1,,2', 'Expected `workers` to be a list of numbers'],
    ['fresh=yes', 'Expected `fresh` to be a boolean, true or false, got "yes"'],
    ['limit=x', 'Expected `limit` to be JSON, got "x"'],
    ['block=30', 'Expected the name of a parameter (blocks, workers, name, fresh, tags, limit, extra), got "block"'],
    ['toString=1', 'Expected the name of a parameter'],
    ['blocks', 'Expected name=value, such as blocks=30, got "blocks"'],
  ])('parseParameters refuses %s', (text, message) => {
    expect(() => parseParameters(declared, [text])).toThrow(message)
  })
})

test.each([
  [{ record: 5 }, 'Expected the name of a parameter (records, workers), got "record"'],
  [{ records: '5' }, 'Expected `records` to be a number, such as 30, got "5"'],
  [{ records: Number.NaN }, 'Expected `records` to be a number'],
  [{ records: null }, 'Expected `records` to be a number, such as 30, got null'],
  [{ workers: 2 }, 'Expected `workers` to be a list of numbers, such as 1,2,4, got 2'],
  [{ workers: [1, '2'] }, 'Expected `workers` to be a list of numbers, such as 1,2,4, got [1,"2"]'],
])('injectParameters refuses %j', (values, message) => {
  expect(() => injectParameters(given, values)).toThrow(message)
})

it('parametersOf gives what the cells ran with: declared values, or those injected in their place, else none', () => {
  const declaring = notebook('const params = { blocks: 30, workers: [1, 2], name: "a (b)" }')
  expect(parametersOf(declaring)).toEqual({ blocks: 30, workers: [1, 2], name: 'a (b)' })
  expect(parametersOf(injectParameters(declaring, { blocks: 6, name: 'c})' }))).toEqual({
    blocks: 6,
    workers: [1, 2],
    name: 'c})',
  })
  expect(parametersOf(notebook('const params = {}', []))).toEqual({})
  expect(parametersOf(notebook('const other = 1'))).toEqual({})
})
