import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { strFromU8, unzipSync } from 'fflate'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Document, textOf } from '../../../src/chapter/export/ast.js'
import { pandoc } from '../../../src/chapter/export/pandoc.js'
import { tableHtml, tableMarkdown } from '../../../src/entries/analysis.js'
import { ExportError, type ExportedChapter, exportChapter } from '../../../src/entries/chapter.js'
import { figureDisplay } from '../../../src/notebook/figure-display.js'
import { writeNotebook } from '../../../src/notebook/file/notebook-file.js'
import { code, shown, text } from '../export/sample-chapter.js'

const link = '[l](javascript:alert(2)) ![i](http://evil.example/x.png)'
const tex = '\\input{/etc/passwd} `\\write18{id}`{=latex} $\\csname x\\endcsname$'
const html = '<img src=x onerror=alert(1)><script>alert(1)</script> &lt;'
const value = `${link} ${tex} ${html} http://evil.example 5 % # & _ ^ ~`
/** Spaces, and where a format breaks lines, are no matter. */
const words = (written: string): string => written.replace(/[\s\u200b]+/g, '')

const letters = 'Ș ặ Ш ο 太 😀 ا e\u0301 👨‍👩‍👧 \ue000 \u{12000}'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
const rows = [{ name: value, n: 1 }]
const figure = {
  data: [{ x: [1, 2], y: [1, 2] }],
  layout: { title: { text: value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;') } },
}
const notebook = {
  nbformat: 4,
  nbformat_minor: 5,
  metadata: {
    title: `Title ${value}`,
    authors: [{ name: `Author ${value}` }],
    date: `Date ${value}`,
    keywords: [`word ${value}`],
    abstract: `<div onclick=x>${html}</div> ${tex} $\\alpha^2$ *of mine* and \0 \x1b \ud800 control`,
  },
  cells: [
    text('letters', `## Letters\n\n${letters} and [mine](http://mine.example).`),
    text('found', '![mine](has%20pixels.png) and $\\gamma$'),
    text('lost', '![gone](img/gone.png)\n\n![far](http://far.example/a.png)'),
    code(
      'values',
      'show',
      shown({ 'text/html': tableHtml(rows), 'text/markdown': tableMarkdown(rows, { caption: `Caption ${value}` }) }),
      shown(figureDisplay(figure, 'plotly.min.js').data),
    ),
  ],
} as const

let folder: string
let out: string
let exported: ExportedChapter
let failures: readonly string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'copylab-hostile-'))
  out = join(folder, 'out')
  await writeNotebook(notebook, join(folder, 'hostile.ipynb'))
  await writeFile(join(folder, 'has pixels.png'), png)
  const error = await exportChapter(join(folder, 'hostile.ipynb'), { out }).catch((caught: unknown) => caught)
  expect(error).toBeInstanceOf(ExportError)
  const { exported: written, failures: named } = error as ExportError
  exported = written
  failures = named
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const read = (...path: string[]): Promise<string> => readFile(join(out, ...path), 'utf8')

describe('exportChapter of a notebook with hostile values', () => {
  it('writes every format, and names the images that cannot be had, and their cells, at the end', async () => {
    expect(Object.keys(exported.documents)).toEqual(['pdf', 'tex', 'docx', 'html'])
    expect(failures).toEqual([
      `The image img/gone.png in the cell lost cannot be written: there is no file ${join(folder, 'img', 'gone.png')}`,
      'The image http://far.example/a.png in the cell lost cannot be written: copylab fetches nothing; save it next to the notebook and name that file',
    ])
  })

  it('has the values as text in HTML', async () => {
    const page = await read('chapter.html')
    const tags = [...page.matchAll(/<(?:a|img|script|iframe|object|div)\b[^>]*>/g)].map(([tag]) => tag.slice(0, 40))
    expect(
      tags.filter((tag) => !/^<(?:a href="(?:#|http:\/\/mine)|div class=|img src="data:image\/png)/.test(tag)),
    ).toEqual([])
    const document = JSON.parse(
      await pandoc({ from: 'html', to: 'json' }, page.slice(page.indexOf('<body>'))),
    ) as Document
    const said = words(textOf(document.blocks))
    for (const what of ['Title', 'Author', 'Date', 'Caption', '']) expect(said).toContain(words(`${what} ${value}`))
  })

  it('has the values as text in TeX', async () => {
    const body = await read('body.tex')
    const title = await read('chapter.tex')
    for (const written of [body, title.slice(title.indexOf('\\input{preamble}') + 16)]) {
      expect(written).not.toMatch(/\\(?:input\{\/|write18|csname)/)
      expect(written).not.toMatch(/\\(?:href|url|includegraphics)\S*\{(?:javascript|http:\/\/evil|x)/)
    }
    const document = JSON.parse(await pandoc({ from: 'latex-smart', to: 'json' }, body)) as Document
    expect(words(textOf(document.blocks))).toContain(words(value))
  })

  it('has the values as text in Word, with no address of theirs', async () => {
    const files = unzipSync(await readFile(exported.documents.docx!))
    const said = strFromU8(files['word/document.xml']!)
      .replace(/<[^>]*>/g, '')
      .replace(/&(lt|gt|quot|amp);/g, (_, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name]!)
    for (const what of ['Title', 'Author', 'Date', 'Caption', ''])
      expect(words(said)).toContain(words(`${what} ${value}`))
    expect(strFromU8(files['word/_rels/document.xml.rels']!)).not.toMatch(/evil|javascript/)
  })

  it('keeps what the author wrote on purpose', async () => {
    const page = await read('chapter.html')
    expect(page).toContain('<a href="http://mine.example">mine</a>')
    expect(page).toContain(`src="data:image/png;base64,${png.toString('base64')}"`)
    expect(page).toMatch(/<math.*α.*<em>of mine<\/em>/s)
    expect(await read('body.tex')).toContain('{figures/notebook-image-1.png}')
    expect((await readdir(join(out, 'figures'))).sort()).toEqual(['notebook-image-1.png', 'values.pdf', 'values.svg'])
  })

  it('writes letters without a TeX macro as they are, and names them, those without a glyph, and control characters', async () => {
    expect(await read('body.tex')).toContain(letters)
    expect(await read('chapter.html')).toContain(letters)
    const [control, glyphs, macros, ...others] = exported.warnings
    expect(others).toEqual([])
    expect(control).toBe('Control characters in the title page are written as □')
    expect(await read('chapter.html')).toContain('□ □ □ control')
    expect(glyphs).toMatch(/^chapter\.pdf has an empty box for .*in the cell letters .*\u{12000} \(U\+12000\)/u)
    expect(macros).toMatch(
      /^chapter\.tex has characters .*in the cell letters Ș \(U\+0218\), ặ \(U\+1EB7\), .*e\u0301 \(U\+0065 U\+0301\)/,
    )
  })
})

describe('files that cannot be written', () => {
  const plain = { ...notebook, cells: [text('a', '## Heading\n\nText.')], metadata: { title: 'Plain' } }

  it('are named whole, while the other formats are written and nothing half-written stays', async () => {
    const path = join(folder, 'plain.ipynb')
    await writeNotebook(plain, path)
    const taken = join(folder, 'taken')
    await mkdir(join(taken, 'chapter.docx'), { recursive: true })
    await mkdir(join(taken, 'chapter.pdf'))
    const error = await exportChapter(path, { out: taken }).catch((caught: ExportError) => caught)
    expect((error as ExportError).failures).toEqual(
      ['chapter.pdf', 'chapter.docx'].map(
        (name) =>
          `${join(taken, name)} cannot be written, a folder has its name: remove that folder, or name another folder with --out (\`out\`)`,
      ),
    )
    expect((await readdir(taken)).filter((name) => !name.endsWith('.tex')).sort()).toEqual([
      'chapter.docx',
      'chapter.html',
      'chapter.pdf',
      'figures',
      'tables',
    ])
    await expect(exportChapter(path, { out: join(path, 'below', 'a-file') })).rejects.toThrow(
      `${join(path, 'below', 'a-file')} cannot be written, a part of its path is a file, not a folder: remove that file, or name another folder`,
    )
  })
})
