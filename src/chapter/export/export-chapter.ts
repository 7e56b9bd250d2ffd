import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readNotebook } from '../../notebook/notebook-file.js'
import { withoutPasswords } from '../../notebook/without-passwords.js'
import { type Attributes, type Document, type Element, inlinesOf, mapElements, raw } from './ast.js'
import { bibliographyBeside, bibliographyKeys } from './bibliography.js'
import type { ChapterParts, Drawing } from './chapter-parts.js'
import { type Target, withCrossReferences } from './cross-references.js'
import { withFigurePrinter } from './figure-printer.js'
import { writeHtml } from './html/write-html.js'
import { type CodePlacement, type Manuscript, manuscriptOf } from './manuscript.js'
import { readMarkdown } from './pandoc.js'
import type { PrintFigure } from './print-figure.js'
import { type ProseNumber, unquotedNumbers } from './prose-numbers.js'
import { tablesOf, withTables } from './tables.js'
import { writeTex } from './tex/write-tex.js'
import { typstPdf } from './typst/typst.js'
import { writePdf } from './typst/write-pdf.js'
import { writeDocx } from './word/write-docx.js'

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

const writers: Readonly<Record<ChapterFormat, (parts: ChapterParts) => Promise<string>>> = {
  pdf: writePdf,
  tex: writeTex,
  docx: writeDocx,
  html: writeHtml,
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

/**
 * Makes a chapter of an executed notebook: `chapter.pdf`, `chapter.tex` with `body.tex`, `numbers.tex` and `references.bib`, `chapter.docx` and `chapter.html`, and
 * the figures (SVG, PDF) and tables (TeX) by themselves. The same notebook gives the same bytes. Throws an `Error` for a failed cell, a link to nothing, and a
 * letter that no TeX is known for.
 */
export async function exportChapter(path: string, options: ExportOptions): Promise<ExportedChapter> {
  const { to = chapterFormats, out, code, onStep = () => {} } = options
  const { manuscript, abstract, bibtex, source, documentFor: resolved } = await readChapter(path, options)
  const documentFor = (target: Target): Document => withFolds(resolved(target), code, target)
  // A link to nothing is refused before anything is drawn.
  documentFor('text')
  onStep(`Drawing ${manuscript.figures.length} figures`)
  const drawings = await drawn(manuscript, to.includes('docx'))
  const folder = join(out, 'figures')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const [k, { id, svg }] of drawings.entries()) {
    await writeFile(join(folder, `${id}.svg`), svg)
    await writeFile(join(folder, `${id}.pdf`), figurePdf(svg, manuscript.figures[k]!))
  }
  const parts: ChapterParts = { manuscript, abstract, bibtex, drawings, out, documentFor }
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
    unquoted: unquotedOf(manuscript, abstract, resolved('latex')),
  }
}

/** The numbers in a notebook's prose, captions and title among it, that are not among those it quotes; null for a notebook that gives no such numbers. */
export async function unquotedIn(
  path: string,
  options: Pick<ExportOptions, 'code' | 'bibliography'> = {},
): Promise<readonly ProseNumber[] | null> {
  const { manuscript, abstract, documentFor } = await readChapter(path, options)
  return unquotedOf(manuscript, abstract, documentFor('latex'))
}

/** `document` has its references resolved, so that their numbers are no prose. */
function unquotedOf(
  { title, numbers, saysNumbers }: Manuscript,
  abstract: Document | null,
  document: Document,
): readonly ProseNumber[] | null {
  if (!saysNumbers) return null
  const before = [{ t: 'Para', c: inlinesOf(title) }, ...(abstract?.blocks ?? [])]
  return unquotedNumbers({ blocks: [...before, ...document.blocks] }, numbers)
}

/** A notebook as a text that can be written in every format. */
interface Chapter {
  readonly manuscript: Manuscript
  readonly abstract: Document | null
  readonly bibtex: string | null
  /** The text before its references are resolved. */
  readonly source: Document
  readonly documentFor: (target: Target) => Document
}

async function readChapter(
  path: string,
  { code, bibliography = bibliographyBeside(path) }: Pick<ExportOptions, 'code' | 'bibliography'>,
): Promise<Chapter> {
  const manuscript = manuscriptOf(withoutPasswords(await readNotebook(path)), { code })
  const bibtex = await readBibliography(bibliography)
  const source = withTables(await readMarkdown(manuscript.markdown))
  const references = {
    figures: manuscript.figures.map(({ id }) => id),
    tables: tablesOf(source).map(({ id }) => id),
    works: bibliographyKeys(bibtex ?? ''),
  }
  return {
    manuscript,
    abstract: manuscript.abstract === null ? null : await readMarkdown(manuscript.abstract),
    bibtex,
    source,
    documentFor: (target) => withCrossReferences(source, references, target),
  }
}

async function readBibliography(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`Expected a BibTeX file at ${path}: ${error.message}`, { cause: error })
  })
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

/** A page as large as the figure is printed. */
function figurePdf(svg: string, { widthCm, layout: { width, height } }: PrintFigure): Uint8Array {
  const heightCm = ((widthCm * height) / width).toFixed(3)
  const page = `#set page(width: ${widthCm}cm, height: ${heightCm}cm, margin: 0pt)\n#image("figure.svg", width: 100%)`
  return typstPdf(page, { 'figure.svg': svg })
}

/** Code stands before what it shows: in HTML folded, elsewhere not at all. */
function withFolds(document: Document, code: CodePlacement | undefined, target: Target): Document {
  if (code !== 'folded') return document
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Div') return undefined
    const [[, classes], content] = element.c as [Attributes, Element[]]
    if (!classes.includes('code')) return undefined
    if (target !== 'text') return []
    return [
      raw('Block', 'html', '<details class="code"><summary>Code</summary>'),
      ...content,
      raw('Block', 'html', '</details>'),
    ]
  })
  return { ...document, blocks }
}
