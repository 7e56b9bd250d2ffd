import { describe, expect, it } from 'vitest'
import { manuscriptOf } from '../../../src/chapter/export/manuscript.js'
import type { Cell, Notebook } from '../../../src/entries/chapter.js'
import { code, sampleNotebook, shown, text } from './sample-chapter.js'

const notebookOf = (...cells: Cell[]): Notebook => ({ ...sampleNotebook, metadata: {}, cells })
const figure = shown({ 'application/vnd.plotly.v1+json': { data: [], layout: { title: { text: 'A *b*' } } } })

describe('manuscriptOf', () => {
  it('reads what the title page says from the metadata, else the title from the first heading', () => {
    expect(manuscriptOf(sampleNotebook)).toMatchObject({
      title: 'Workers & batches',
      authors: ['Ada Byron', 'B. O’Hara'],
      date: '2026-01-31',
      keywords: ['COPY', 'PostgreSQL'],
    })
    const bare = manuscriptOf(notebookOf(text('a', '# Named here\n\nText.')))
    expect(bare).toMatchObject({ title: 'Named here', authors: [], date: null, abstract: null, keywords: [] })
    expect(bare.markdown.trim()).toBe('Text.')
  })

  it('names figures and tables by their cells, and counts on within one', () => {
    const table = shown({ 'text/html': '<table></table>', 'text/markdown': '| a |\n|---|\n| 1 |' })
    const { figures, tables, markdown } = manuscriptOf(notebookOf(code('c', '', figure, figure, table, table)))
    expect(figures.map(({ id }) => id)).toEqual(['c', 'c-2'])
    expect(tables).toEqual(['c-table', 'c-table-2'])
    expect(markdown).toContain('![A \\*b\\*.](c-2.svg){#c-2 width=81%}')
    expect(markdown).toContain('::: {#c-table-2 .table}')
  })

  it('names the numbers of what cells show after the cells, counting sentences within them, tables and figures', () => {
    const number = (name: string, text: string) => ({ name, text, value: Number(text), meaning: 'made' })
    const held = (of: string, ...numbers: object[]) => ({ of, numbers })
    const numbersOf = (...list: object[]) => ({ 'application/vnd.copylab.numbers+json': list as never })
    const sentences = shown({
      'text/markdown': '- a\n- b',
      ...numbersOf(held('sentence', number('estimate', '1')), held('sentence', number('estimate', '2'))),
    })
    const one = shown({ 'text/markdown': '- c', ...numbersOf(held('sentence', number('estimate', '3'))) })
    const table = shown({ 'text/html': '', 'text/markdown': '', ...numbersOf(held('table', number('1.n', '4'))) })
    const drawn = shown({
      'application/vnd.plotly.v1+json': { data: [], layout: {} },
      ...numbersOf(held('figure', number('caption.1', '5'))),
    })
    const settings: Cell = {
      ...code('params', 'const params = { records: 60, name: "x" }'),
      metadata: { tags: ['parameters'] },
    }
    const { numbers, saysNumbers } = manuscriptOf(
      notebookOf(settings, code('c', '', drawn, sentences, one), code('d', '', drawn, one, table, table)),
    )
    expect(saysNumbers).toBe(true)
    expect(
      numbers.filter(({ name }) => !name.startsWith('method.')).map(({ name, text }) => `${name} ${text}`),
    ).toEqual([
      ...['params.records 60', 'c.1.estimate 1', 'c.2.estimate 2', 'c.3.estimate 3', 'c.caption.1 5'],
      ...['d.estimate 3', 'd.caption.1 5', 'd-table.1.n 4', 'd-table-2.1.n 4'],
    ])
    expect(numbers).toContainEqual(expect.objectContaining({ name: 'method.level', text: '95' }))
    expect(manuscriptOf(notebookOf(settings, code('d', '', drawn, table)))).toMatchObject({ saysNumbers: false })
  })

  it('leaves out what cells wrote, progress, and cells tagged no-export', () => {
    const progress = { ...shown({ 'text/markdown': 'running' }), metadata: { copylab: { progress: true } } }
    const left: Cell = { ...text('x', 'Not this.'), metadata: { tags: ['no-export'] } }
    const stream = { output_type: 'stream', name: 'stdout', text: 'wrote' } as const
    const { markdown } = manuscriptOf(notebookOf(code('c', 'f()', stream, progress), left, text('y', 'This.')))
    expect(markdown.trim()).toBe('This.')
  })

  it('hides, folds or lists the code, fenced so that it may hold fences', () => {
    const notebook = notebookOf(code('c', 'const a = "```"'))
    expect(manuscriptOf(notebook).markdown).toBe('')
    expect(manuscriptOf(notebook, { code: 'folded' }).markdown).toBe(
      '::: {.code}\n````typescript\nconst a = "```"\n````\n:::',
    )
    expect(manuscriptOf(notebook, { code: 'appendix' }).markdown).toMatch(/^## The code\n\n````typescript/)
  })

  it('refuses a failed cell, and puts a pasted image in its place', () => {
    const failed = { output_type: 'error', ename: 'RangeError', evalue: 'no', traceback: [] } as const
    expect(() => manuscriptOf(notebookOf(code('c', '', failed)))).toThrow(
      'Cell c failed (RangeError: no): run the notebook again',
    )
    const attachments = { 'a b.png': { 'image/png': 'iVBO\nRw0K' } }
    const pasted: Cell = { ...text('t', '![](attachment:a%20b.png)'), attachments } as Cell
    expect(manuscriptOf(notebookOf(pasted)).markdown).toBe('![](data:image/png;base64,iVBORw0K)')
  })
})
