import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { readNotebook } from '../notebook-file.js'
import { type Attributes, type Document, type Element, inlinesOf, mapElements, raw } from './ast.js'
import { bibliographyKeys } from './bibliography.js'
import { type Numbering, withCrossReferences } from './cross-references.js'
import { withFigurePrinter } from './figure-printer.js'
import { htmlDocument } from './html-document.js'
import { latexHeader } from './latex-document.js'
import { type CodePlacement, type Manuscript, manuscriptOf } from './manuscript.js'
import { pandoc, readMarkdown } from './pandoc.js'
import { type ProseNumber, unquotedNumbers } from './prose-numbers.js'
import { numbersTex } from './quoted-numbers.js'
import { tablesOf, withTables } from './tables.js'
import { typstPdf } from './typst.js'
import { typstDocument } from './typst-document.js'
import { finishedWordDocument } from './word-document.js'

/** The formats that a chapter is exported to. */
export const chapterFormats = ['pdf', 'tex', 'docx', 'html'] as const
export type ChapterFormat = (typeof chapterFormats)[number]

export interface ExportOptions {
  /** All of them unless told. */
  readonly to?: readonly ChapterFormat[]
  /** The folder that the files are written to. */
  readonly out: string
  /** What becomes of the code cells; `hidden` unless told. */
  readonly code?: CodePlacement
  /** A BibTeX file; `references.bib` beside the notebook unless told, none where there is none. */
  readonly bibliography?: string
  /** Is told each step, in words. */
  readonly onStep?: (text: string) => void
}

/** What an export wrote. */
export interface ExportedChapter {
  /** Paths of the documents, by format. */
  readonly documents: Readonly<Partial<Record<ChapterFormat, string>>>
  readonly figures: number
  readonly tables: number
  readonly numbers: number
  /** Numbers in the prose that are not among them; null where the notebook gives no numbers. */
  readonly unquoted: readonly ProseNumber[] | null
}

/** A figure in the forms that documents take. */
interface Drawing {
  readonly id: string
  readonly svg: string
  readonly png: Uint8Array | null
}

/**
 * Makes a chapter of an executed notebook: `chapter.pdf`, `chapter.tex` with `body.tex`, `numbers.tex` and `references.bib`, `chapter.docx` and `chapter.html`, and
 * the figures (SVG, PDF) and tables (TeX) by themselves. The same notebook gives the same bytes. Throws an `Error` for a failed cell, a link to nothing, and a
 * letter that no TeX is known for.
 */
export async function exportChapter(path: string, options: ExportOptions): Promise<ExportedChapter> {
  const { to = chapterFormats, out, code, onStep = () => {} } = options
  const { manuscript, bibtex, source, documentFor: resolved } = await readChapter(path, options)
  const documentFor = (numbering: Numbering): Document => withFolds(resolved(numbering), code, numbering)
  onStep(`Drawing ${manuscript.figures.length} figures`)
  const drawings = await drawn(manuscript, to.includes('docx'))
  await mkdir(join(out, 'figures'), { recursive: true })
  for (const { id, svg } of drawings) {
    await writeFile(join(out, 'figures', `${id}.svg`), svg)
    await writeFile(
      join(out, 'figures', `${id}.pdf`),
      figurePdf(svg, manuscript.figures.find((figure) => figure.id === id)!.layout),
    )
  }
  const parts: Parts = { manuscript, bibtex, drawings, out, documentFor }
  const writers: Readonly<Record<ChapterFormat, (parts: Parts) => Promise<string>>> = {
    pdf: writePdf,
    tex: writeTex,
    docx: writeDocx,
    html: writeHtml,
  }
  const documents: Partial<Record<ChapterFormat, string>> = {}
  for (const format of to) {
    onStep(`Writing ${format}`)
    documents[format] = await writers[format](parts)
  }
  return {
    documents,
    figures: drawings.length,
    tables: tablesOf(source).length,
    numbers: manuscript.numbers.length,
    unquoted: await unquotedOf(manuscript, resolved('latex')),
  }
}

/** The numbers in a notebook's prose, captions and title among it, that are not among those it quotes; null for a notebook that gives no such numbers. */
export async function unquotedIn(
  path: string,
  options: Pick<ExportOptions, 'code' | 'bibliography'> = {},
): Promise<readonly ProseNumber[] | null> {
  const { manuscript, documentFor } = await readChapter(path, options)
  return unquotedOf(manuscript, documentFor('latex'))
}

/** `document` has its references resolved, so that their numbers are no prose. */
async function unquotedOf(
  { title, abstract, numbers }: Manuscript,
  document: Document,
): Promise<readonly ProseNumber[] | null> {
  if (numbers.length === 0) return null
  const before = abstract === null ? [] : (await readMarkdown(abstract)).blocks
  return unquotedNumbers({ blocks: [{ t: 'Para', c: inlinesOf(title) }, ...before, ...document.blocks] }, numbers)
}

/** A notebook as a text that can be written in every format. */
interface Chapter {
  readonly manuscript: Manuscript
  readonly bibtex: string | null
  /** The text before its references are resolved. */
  readonly source: Document
  readonly documentFor: (numbering: Numbering) => Document
}

async function readChapter(
  path: string,
  { code, bibliography }: Pick<ExportOptions, 'code' | 'bibliography'>,
): Promise<Chapter> {
  const manuscript = manuscriptOf(await readNotebook(path), { code })
  const bibtex = await readBibliography(path, bibliography)
  const source = withTables(await readMarkdown(manuscript.markdown))
  const references = {
    figures: manuscript.figures.map(({ id }) => id),
    tables: tablesOf(source).map(({ id }) => id),
    works: bibliographyKeys(bibtex ?? ''),
  }
  return { manuscript, bibtex, source, documentFor: (numbering) => withCrossReferences(source, references, numbering) }
}

interface Parts {
  readonly manuscript: Manuscript
  readonly bibtex: string | null
  readonly drawings: readonly Drawing[]
  readonly out: string
  readonly documentFor: (numbering: Numbering) => Document
}

async function readBibliography(notebook: string, given: string | undefined): Promise<string | null> {
  const path = given ?? join(dirname(notebook), 'references.bib')
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (given !== undefined)
      throw new Error(`Expected a BibTeX file at ${given}: ${(error as Error).message}`, { cause: error })
    return null
  }
}

async function drawn({ figures }: Manuscript, withPngs: boolean): Promise<Drawing[]> {
  if (figures.length === 0) return []
  return withFigurePrinter(async (printer) => {
    const drawings: Drawing[] = []
    for (const figure of figures) {
      const svg = await printer.svg(figure)
      drawings.push({ id: figure.id, svg, png: withPngs ? await printer.png(svg) : null })
    }
    return drawings
  })
}

/** A page as large as the figure. */
function figurePdf(svg: string, { width, height }: { readonly width: number; readonly height: number }): Uint8Array {
  const points = (pixels: number): string => `${(pixels * 0.75).toFixed(3)}pt`
  const page = `#set page(width: ${points(width)}, height: ${points(height)}, margin: 0pt)\n#image("figure.svg", width: 100%)`
  return typstPdf(page, { 'figure.svg': svg })
}

/** Code stands before what it shows: in HTML folded, elsewhere not at all. */
function withFolds(document: Document, code: CodePlacement | undefined, numbering: Numbering): Document {
  if (code !== 'folded') return document
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Div') return undefined
    const [[, classes], content] = element.c as [Attributes, Element[]]
    if (!classes.includes('code')) return undefined
    if (numbering !== 'text') return []
    return [
      raw('Block', 'html', '<details class="code"><summary>Code</summary>'),
      ...content,
      raw('Block', 'html', '</details>'),
    ]
  })
  return { ...document, blocks }
}

/** The document as pandoc reads it, its images named anew. */
function json(document: Document, imageName: (id: string) => string): string {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Image') return undefined
    const [attributes, text, [target, title]] = element.c as [Attributes, Element[], [string, string]]
    const id = basename(target, extname(target))
    return [{ t: 'Image', c: [attributes, text, [imageName(id), title]] }]
  })
  return JSON.stringify({ ...document, blocks })
}

/** How pandoc resolves citations itself. */
function citing(bibtex: string | null): Record<string, unknown> {
  return bibtex === null
    ? {}
    : {
        citeproc: true,
        bibliography: ['references.bib'],
        metadata: { 'reference-section-title': 'References', 'link-citations': true },
      }
}

function bibliographyFile(bibtex: string | null): Record<string, string> {
  return bibtex === null ? {} : { 'references.bib': bibtex }
}

const shifted = { 'shift-heading-level-by': -1 } as const

async function writePdf({ manuscript, bibtex, drawings, out, documentFor }: Parts): Promise<string> {
  const options = { from: 'json', to: 'typst', wrap: 'none', ...shifted, ...citing(bibtex) }
  const body = await pandoc(
    options,
    json(documentFor('typst'), (id) => `${id}.svg`),
    bibliographyFile(bibtex),
  )
  const abstract =
    manuscript.abstract === null
      ? null
      : await pandoc({ from: 'markdown-citations-smart', to: 'typst', wrap: 'none' }, manuscript.abstract)
  const files = Object.fromEntries(drawings.map(({ id, svg }) => [`${id}.svg`, svg]))
  const path = join(out, 'chapter.pdf')
  await writeFile(path, typstPdf(typstDocument(manuscript, abstract, body), files))
  return path
}

async function writeTex({ manuscript, bibtex, out, documentFor }: Parts): Promise<string> {
  const document = documentFor('latex')
  const cite = bibtex === null ? {} : { 'cite-method': 'natbib' }
  const options = { from: 'json', to: 'latex', wrap: 'none', ...cite }
  const body = await pandoc(
    { ...options, ...shifted },
    json(document, (id) => `figures/${id}.pdf`),
  )
  const { title, authors, date, abstract, keywords } = manuscript
  const abstractTex =
    abstract === null
      ? undefined
      : await pandoc({ from: 'markdown-citations-smart', to: 'latex', wrap: 'none' }, abstract)
  const whole = JSON.stringify({
    ...document,
    blocks: [raw('Block', 'latex', '\\input{body}')],
  })
  const chapter = await pandoc(
    {
      ...options,
      standalone: true,
      'table-of-contents': true,
      'number-sections': true,
      ...(bibtex === null ? {} : { bibliography: ['references.bib'] }),
      variables: {
        title: texText(title),
        author: authors.map(texText),
        ...(date === null ? {} : { date: texText(date) }),
        ...(abstractTex === undefined ? {} : { abstract: abstractTex }),
        keywords,
        documentclass: 'article',
        papersize: 'a4',
        fontsize: '11pt',
        geometry: ['left=2.5cm', 'right=2.5cm', 'top=2.6cm', 'bottom=2.8cm'],
        graphics: true,
        tables: true,
        colorlinks: true,
        natbiboptions: 'round',
        'biblio-style': 'plainnat',
        'header-includes': latexHeader(body + (abstractTex ?? '') + title),
      },
    },
    whole,
  )
  const path = join(out, 'chapter.tex')
  await writeFile(path, chapter)
  await writeFile(join(out, 'body.tex'), body)
  await writeFile(join(out, 'numbers.tex'), numbersTex(manuscript.numbers))
  if (bibtex !== null) await writeFile(join(out, 'references.bib'), bibtex)
  const folder = join(out, 'tables')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { id, table } of tablesOf(document)) {
    await writeFile(join(folder, `${id}.tex`), await pandoc(options, JSON.stringify({ ...document, blocks: [table] })))
  }
  return path
}

function texText(text: string): string {
  return text.replace(/[&%$#_{}]/g, '\\$&').replace(/~/g, '\\textasciitilde{}')
}

async function writeDocx({ manuscript, bibtex, drawings, out, documentFor }: Parts): Promise<string> {
  const pngs = new Map(drawings.map(({ id, png }) => [`${id}.png`, png!]))
  const options = {
    from: 'json',
    to: 'docx+native_numbering',
    standalone: true,
    'table-of-contents': true,
    'output-file': 'chapter.docx',
    ...shifted,
    ...citing(bibtex),
  }
  const document = withTitle(documentFor('office'), manuscript)
  const written = await pandoc(
    options,
    json(document, (id) => `${id}.png`),
    { ...Object.fromEntries(pngs), ...bibliographyFile(bibtex) },
  )
  const path = join(out, 'chapter.docx')
  await writeFile(path, finishedWordDocument(written, pngs, new Map(drawings.map(({ id, svg }) => [`${id}.png`, svg]))))
  return path
}

function withTitle(document: Document, { title, authors, date, abstract }: Manuscript): Document {
  const inlines = (text: string): Element => ({ t: 'MetaInlines', c: inlinesOf(text) })
  return {
    ...document,
    meta: {
      ...document.meta,
      title: inlines(title),
      author: { t: 'MetaList', c: authors.map(inlines) },
      ...(date === null ? {} : { date: inlines(date) }),
      ...(abstract === null ? {} : { abstract: { t: 'MetaBlocks', c: [{ t: 'Para', c: inlinesOf(abstract) }] } }),
    },
  }
}

async function writeHtml({ manuscript, bibtex, drawings, out, documentFor }: Parts): Promise<string> {
  const svgs = new Map(drawings.map(({ id, svg }) => [id, svg]))
  const document = documentFor('text')
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t === 'Table') return [{ t: 'Div', c: [['', ['table'], []], [element]] }]
    if (element.t !== 'Figure') return undefined
    const [attributes, caption] = element.c as [Attributes, [unknown, Element[]], Element[]]
    const svg = svgs.get(attributes[0])
    return svg === undefined ? undefined : [{ t: 'Figure', c: [attributes, caption, [raw('Block', 'html', svg)]] }]
  })
  const options = {
    from: 'json',
    to: 'html5',
    standalone: true,
    template: 'page.html',
    'table-of-contents': true,
    'number-sections': true,
    'html-math-method': { method: 'mathml' },
    wrap: 'none',
    ...shifted,
    ...citing(bibtex),
  }
  const body = await pandoc(options, JSON.stringify(withTitle({ ...document, blocks }, manuscript)), {
    ...bibliographyFile(bibtex),
    'page.html': bodyTemplate,
  })
  const path = join(out, 'chapter.html')
  await writeFile(path, htmlDocument(manuscript.title, body))
  return path
}

const bodyTemplate = `<h1 class="title">$title$</h1>
$for(author)$<p class="author">$author$</p>
$endfor$$if(date)$<p class="date">$date$</p>
$endif$$if(abstract)$<div class="abstract"><p><strong>Abstract.</strong></p>
$abstract$</div>
$endif$<nav aria-label="Contents">
$table-of-contents$
</nav>
$body$
`
