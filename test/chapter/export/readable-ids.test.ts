import { expect, test } from 'vitest'
import { manuscriptOf } from '../../../src/chapter/export/manuscript.js'
import type { Cell, Notebook } from '../../../src/entries/chapter.js'
import { code, sampleNotebook, shown, text } from './sample-chapter.js'

const notebookOf = (...cells: Cell[]): Notebook => ({ ...sampleNotebook, metadata: {}, cells })
const figure = (title: string) =>
  shown({ 'application/vnd.plotly.v1+json': { data: [], layout: { title: { text: title } } } })
const table = (caption: string) =>
  shown({ 'text/html': `<table><caption>${caption}</caption></table>`, 'text/markdown': '| a |\n|---|\n| 1 |' })
const uuid = (k: number) => `d2f516e1-d70f-4a0b-9c3d-00000000000${k}`

test('manuscriptOf names what cells with random ids show by title, caption or heading, and links to them still lead there', () => {
  const { figures, tables, markdown, passages } = manuscriptOf(
    notebookOf(
      text(
        'intro',
        `# T\n\n## My own part\n\nSee [figure](#${uuid(1)}), [second](#${uuid(1)}-2), [table](#${uuid(2)}-table).`,
      ),
      code(uuid(1), '', figure('<b>Wie lang dauert&#39;s für 1 Stück?</b><br>Nine'), figure('Other')),
      code(uuid(2), '', table('Total &amp; time, ms')),
      code(uuid(3), '', figure('')),
      code('4b1c9d02', '', figure('')),
      code(uuid(4), '', figure('Named')),
      code('named', '', figure('Named')),
      code('facade', '', figure('x')),
    ),
  )
  expect(figures.map(({ id }) => id)).toEqual([
    ...['wie-lang-dauert-s-fur-1-stuck', 'wie-lang-dauert-s-fur-1-stuck-2', 'my-own-part', 'my-own-part-2', 'named-2'],
    ...['named', 'facade'],
  ])
  expect(tables).toEqual(['total-time-ms-table'])
  expect(markdown).toContain(
    'See [figure](#wie-lang-dauert-s-fur-1-stuck), [second](#wie-lang-dauert-s-fur-1-stuck-2), [table](#total-time-ms-table).',
  )
  expect(JSON.stringify(passages)).not.toContain('d2f516e1')
})

test('manuscriptOf cuts long titles for names where a word ends', () => {
  const { figures } = manuscriptOf(notebookOf(code(uuid(1), '', figure('word '.repeat(40)))))
  expect(figures[0]!.id).toMatch(/^(word-)+word$/)
  expect(figures[0]!.id.length).toBeLessThanOrEqual(60)
})
