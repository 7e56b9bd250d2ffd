import { expect, test } from 'vitest'
import { manuscriptOf } from '../../src/chapter/export/manuscript.js'
import type { Cell, DisplayOutput, Notebook } from '../../src/entries/chapter.js'
import { showTitlePage, type TitlePage } from '../../src/notebook/handed-on/title-page.js'
import { shownBy } from './shown-by.js'

const metadata = {
  title: 'Of the metadata',
  authors: [{ name: 'The copylab authors' }],
  abstract: 'Old.',
  keywords: ['COPY'],
}

function notebookOf(...pages: readonly TitlePage[]): Notebook {
  const cells = pages.map((page, k): Cell => {
    const outputs = shownBy(() => showTitlePage(page))
    return { cell_type: 'code', id: `t${k}`, metadata: {}, source: '', execution_count: 1, outputs }
  })
  return { nbformat: 4, nbformat_minor: 5, metadata, cells }
}

test('showTitlePage in a cell stands before the metadata, field by field, and the last one holds', () => {
  const chapter = manuscriptOf(
    notebookOf({ title: 'First', abstract: 'New *one*.' }, { title: ' Mine\n', authors: ['Ada'] }),
  )
  expect(chapter).toMatchObject({
    title: 'Mine',
    authors: ['Ada'],
    abstract: 'New *one*.',
    keywords: ['COPY'],
    date: null,
  })
  expect(chapter.markdown).toBe('')
  expect(manuscriptOf(notebookOf())).toMatchObject({ title: 'Of the metadata', authors: ['The copylab authors'] })
})

test('showTitlePage shows what it is given, as text', () => {
  const [shown] = shownBy(() => showTitlePage({ title: 'A <b>', authors: ['Ada', 'Bob'] }))
  expect((shown as DisplayOutput).data['text/html']).toContain('A &#60;b&#62;')
  expect((shown as DisplayOutput).data['text/plain']).toBe('A <b>\nAda, Bob')
})

test.each([
  ['title', { title: '' }, 'Expected `title` to be text, got ""'],
  ['authors', { authors: 'Ada' }, `Expected \`authors\` to be a list of texts such as ['Ada Byron'], got "Ada"`],
  [
    'authors',
    { authors: [{ name: 'Ada' }] },
    `Expected \`authors\` to be a list of texts such as ['Ada Byron'], got [{"name":"Ada"}]`,
  ],
  [
    'author',
    { author: 'Ada' },
    'Expected a title page to have `title`, `authors`, `abstract`, `keywords`, `date`, got `author`',
  ],
  ['nothing', null, 'Expected a title page `{ title, authors, abstract, keywords, date }`, got null'],
])('showTitlePage refuses %s that is wrong: %j', (_, page, message) => {
  expect(() => showTitlePage(page as TitlePage)).toThrow(new TypeError(message))
})

test('a title page in a notebook counts field by field, as far as its values are right', () => {
  const stored = { title: 1, authors: 'Ada', abstract: null, keywords: ['a', 2], date: '2001' } as unknown
  const output = {
    output_type: 'display_data' as const,
    data: { 'application/vnd.copylab.title-page+json': stored as string },
    metadata: {},
  }
  const cell = { cell_type: 'code', id: 'a', metadata: {}, source: '', execution_count: 1, outputs: [output] } as const
  expect(manuscriptOf({ ...notebookOf(), cells: [cell] })).toMatchObject({
    title: 'Of the metadata',
    authors: ['The copylab authors'],
    abstract: 'Old.',
    keywords: ['COPY'],
    date: '2001',
  })
})
