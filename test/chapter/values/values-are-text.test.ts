import fc from 'fast-check'
import { expect, test } from 'vitest'
import { markdownOf, phrase } from '../../../src/analysis/text/phrase.js'
import { type Document, textOf } from '../../../src/chapter/export/ast.js'
import { readMarkdown } from '../../../src/chapter/export/pandoc.js'
import { tablesOf } from '../../../src/chapter/export/tables.js'
import { markdownWriter } from '../../../src/chapter/page/markdown.js'
import { tableMarkdown } from '../../../src/entries/analysis.js'
import { markdownItem } from '../../../src/format.js'
import { textOfHtml } from '../../../src/notebook/html-text.js'

const named = [
  '[l](javascript:alert(2)) ![i](http://evil.example/x.png)',
  '![i](http://evil.example/x.png){width=50%}',
  '[r][1] [1]: http://evil.example',
  '<http://evil.example> http://evil.example www.evil.example a@evil.example mailto:a@evil.example',
  '<img src=x onerror=alert(1)><script>alert(1)</script><!-- a --> &lt;b&gt; &amp; &copy; &#60; AT&T',
  '\\input{/etc/passwd} \\write18{id} $x^2$ $$y$$ \\(z\\) \\[w\\] \\begin{x} \\end{x} \\\\ \\*',
  '`x`{=latex} `{=html} ``` ~~~ `code`',
  '*a* **b** _c_ __d__ ~~e~~ ~f~ x^2^ ==g== ~sub~',
  '[@key] @key [-@key] ^[note] [^1] :smile: {#id .class} [span]{.x} ::: div',
  '# no heading',
  '1. one',
  '- item',
  '+ item',
  '* item',
  '=====',
  '-----',
  '> quoted',
  '(1) one',
  'i. one',
  'a) one',
  '#. one',
  '% title',
  '| line',
  ': defined',
  '    code',
  "-- --- ... \"quoted\" 'quoted' don't 5' 6\"",
  'a | b \\| c',
  '=1+1',
  '[x] task',
  '-',
  ':-:',
  'Table: none',
]
const mark = fc.constantFrom(
  ...'\\`*_{}[]()<>#+-.!|~^"\'@:;=&$%/?, 12aiIvwx\n'.split(''),
  ...named,
  'http://',
  'www.',
  '](',
  '![',
  '\\input',
  '&lt;',
  '{=latex}',
)
const value = fc.oneof(
  fc.constantFrom(...named),
  fc.array(mark, { maxLength: 12 }).map((marks) => marks.join('')),
)

const seed = Math.trunc(Math.random() * 2 ** 31)
const values = [...named, ...fc.sample(value, { numRuns: 300, seed })]

/** A text with each run of spaces as one: formats keep everything else. */
const words = (text: string): string => text.replace(/\s+/g, ' ').trim()

const inert = ['Str', 'Space', 'SoftBreak', 'Plain', 'Para']
const structure = ['Table', 'BulletList', 'AlignLeft', 'AlignRight', 'AlignDefault', 'ColWidthDefault', 'ColWidth']
function marksIn(node: unknown): string[] {
  if (Array.isArray(node)) return node.flatMap(marksIn)
  if (typeof node !== 'object' || node === null || !('t' in node)) return []
  const { t, c } = node as { t: string; c?: unknown }
  return [...(inert.includes(t) || structure.includes(t) ? [] : [t]), ...marksIn(c)]
}

function cellsOf(document: Document): string[] {
  const cells: string[] = []
  const visit = (node: unknown): void => {
    if (!Array.isArray(node)) return
    if (node.length === 5 && Array.isArray(node[4])) cells.push(words(textOf(node[4])))
    else node.forEach(visit)
  }
  for (const { table } of tablesOf(document)) visit((table.c as unknown[]).slice(3))
  return cells
}

test(`a value and a heading of a table are text to pandoc and to the page (seed ${seed})`, async () => {
  const markdown = tableMarkdown(
    values.map((one) => ({ a: 'x', b: one })),
    { labels: { a: '-', b: named[0]! } },
  )
  const document = await readMarkdown(markdown)
  expect(cellsOf(document)).toEqual(['-', named[0], ...values.flatMap((one) => ['x', words(one)])])
  expect(marksIn(document.blocks)).toEqual([])
  const html = markdownWriter().write(markdown)
  const cells = html.split(/<td align="left">x<\/td>\n<td align="left">|<\/td>\n<\/tr>/).filter((_, k) => k % 2 === 1)
  expect(cells.filter((cell) => cell.includes('<'))).toEqual([])
  expect(cells.map((cell) => words(textOfHtml(cell)))).toEqual(values.map(words))
})

test(`a caption of a table is text to pandoc (seed ${seed})`, async () => {
  const markdown = values.map((caption) => tableMarkdown([{ a: 1 }], { caption: `c${caption}` })).join('\n\n')
  const document = await readMarkdown(markdown)
  expect(
    tablesOf(document).map(({ table }) => words(textOf((table.c as [unknown, [unknown, unknown]])[1][1]))),
  ).toEqual(values.map((caption) => words(`c${caption}`)))
  expect(marksIn(document.blocks)).toEqual([])
})

test(`what is said, and what is put into a phrase, is text to pandoc and to the page (seed ${seed})`, async () => {
  const said = values.filter((one) => words(one) !== '')
  const phrases = said.flatMap((one) => [{ text: one, numbers: [] }, phrase`${one}: ${one}`])
  const markdown = phrases.map((one) => markdownItem(markdownOf(one))).join('\n')
  const document = await readMarkdown(markdown)
  expect(document.blocks.map(({ t }) => t)).toEqual(['BulletList'])
  expect((document.blocks[0]!.c as unknown[]).map((item) => words(textOf(item)))).toEqual(
    phrases.map(({ text }) => words(text)),
  )
  expect(marksIn(document.blocks)).toEqual([])
  const html = markdownWriter().write(markdown)
  const items = html.split(/<\/?[uo]l>|<li>|<\/li>/).filter((item) => item.trim() !== '')
  expect(items.filter((item) => item.includes('<'))).toEqual([])
  expect(items.map((item) => words(textOfHtml(item)))).toEqual(phrases.map(({ text }) => words(text)))
})
