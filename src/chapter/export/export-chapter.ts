import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writeWhole } from '../../writable.js'
import { needTools } from '../tools/tools.js'
import { type Attributes, type Document, type Element, inlinesOf, mapElements, raw } from './ast.js'
import { type ChapterParts, type Drawing, elsewhere } from './chapter-parts.js'
import type { Target } from './cross-references.js'
import { withFigurePrinter } from './figure-printer.js'
import { writeHtml } from './html/write-html.js'
import type { CodePlacement, Manuscript } from './manuscript.js'
import type { PrintFigure } from './print-figure.js'
import { type ProseNumber, unquotedNumbers } from './prose-numbers.js'
import { type Chapter, type ReadOptions, readChapter } from './source/read-chapter.js'
import { tablesOf } from './tables.js'
import { writeTex } from './tex/write-tex.js'
import { typstPdf } from './typst/typst.js'
import { writePdf } from './typst/write-pdf.js'
import { writeDocx } from './word/write-docx.js'

/** The formats that a chapter is exported to. */
export const chapterFormats = ['pdf', 'tex', 'docx', 'html'] as const
export type ChapterFormat = (typeof chapterFormats)[number]

export interface ExportOptions extends ReadOptions {
  /**
   * Formats to write.
   *
   * @default all
   */
  readonly to?: readonly ChapterFormat[]
  /** The folder that the files are written to. */
  readonly out: string
  /**
   * Placement of the code cells.
   *
   * @default 'hidden'
   */
  readonly code?: CodePlacement
  /** Called with one line for each step. */
  readonly onStep?: (text: string) => void
}

const writers: Readonly<Record<ChapterFormat, (parts: ChapterParts) => Promise<string>>> = {
  pdf: writePdf,
  tex: writeTex,
  docx: writeDocx,
  html: writeHtml,
}

/** Result of an export. */
export interface ExportedChapter {
  /** Paths of the documents, by format. */
  readonly documents: Readonly<Partial<Record<ChapterFormat, string>>>
  readonly figures: number
  readonly tables: number
  readonly numbers: number
  /** Numbers in the prose that are not among the notebook's numbers; null where it gives none. */
  readonly unquoted: readonly ProseNumber[] | null
  /**
   * Warnings about what a reader of the documents would miss, such as characters that no font has.
   */
  readonly warnings: readonly string[]
}

/**
 * Thrown at the end of an export when parts of the chapter could not be written. The rest is
 * written.
 */
export class ExportError extends Error {
  override readonly name = 'ExportError'
  /** Everything that was written. */
  readonly exported: ExportedChapter
  /** The parts that could not be written, each with its reason. */
  readonly failures: readonly string[]

  constructor(failures: readonly string[], exported: ExportedChapter) {
    super(failures.join('\n'))
    this.failures = failures
    this.exported = exported
  }
}

/**
 * Makes a chapter of an executed notebook: `chapter.pdf`, `chapter.tex` with `body.tex`,
 * `numbers.tex` and `references.bib`, `chapter.docx` and `chapter.html`, and the figures (SVG, PDF)
 * and tables (TeX) by themselves. The same notebook gives the same bytes. Each format is written
 * even where others fail. Throws an `Error` for a failed cell and a link to nothing before anything
 * is written, `MissingToolsError` where packages are missing, and an `ExportError` at the end for
 * what could not be.
 */
export async function exportChapter(path: string, options: ExportOptions): Promise<ExportedChapter> {
  const { to = chapterFormats, out, code, onStep = () => {} } = options
  needTools()
  const chapter = await readChapter(path, options)
  const { manuscript, source } = chapter
  // A link to nothing is refused before anything is drawn.
  chapter.documentFor('text')
  onStep(`Drawing ${manuscript.figures.length} figures`)
  const failures = [...chapter.missing]
  const warnings = [
    ...chapter.unprintable.map((place) => `Control characters in ${place} are written as □`),
    ...chapter.linkedBareCells.map(
      (cell) => `The text links to #${cell}, a cell without figure or table: its words stay`,
    ),
  ]
  const tried = async <T>(what: string, task: () => Promise<T>): Promise<T | undefined> => {
    try {
      return await task()
    } catch (error) {
      const { message } = error as Error
      // Files that cannot be written name themselves.
      failures.push(message.includes(what) ? message : `${what} could not be written: ${message}`)
      return undefined
    }
  }
  makeFolder(out, elsewhere)
  const drawings = await drawn(manuscript, to.includes('docx'), tried)
  await tried('figures', () => writeFigures(out, drawings, chapter))
  const documentFor = (target: Target): Document =>
    withFolds(withoutMissing(chapter.documentFor(target), manuscript, drawings), code, target)
  const parts: ChapterParts = { ...chapter, drawings, out, documentFor, warn: (text) => warnings.push(text) }
  const documents: Partial<Record<ChapterFormat, string>> = {}
  for (const format of to) {
    onStep(`Writing ${format}`)
    const written = await tried(`chapter.${format}`, () => writers[format](parts))
    if (written !== undefined) documents[format] = written
  }
  const exported = {
    documents,
    figures: drawings.length,
    tables: tablesOf(source).length,
    numbers: manuscript.numbers.length,
    unquoted: unquotedOf(manuscript, chapter.abstract, chapter.documentFor('latex')),
    warnings,
  }
  if (failures.length > 0) throw new ExportError([...new Set(failures)], exported)
  return exported
}

/**
 * The numbers in a notebook's prose, captions and title included, that are not among those that its
 * results state; null for a notebook that gives no such numbers.
 */
export async function unquotedIn(
  path: string,
  options: Pick<ExportOptions, 'code' | 'bibliography'> = {},
): Promise<readonly ProseNumber[] | null> {
  const { manuscript, abstract, documentFor } = await readChapter(path, options)
  return unquotedOf(manuscript, abstract, documentFor('latex'))
}

/**
 * Unquoted numbers of a chapter, as `unquotedIn` gives them. The references of `document` must be
 * resolved, so that their numbers are no prose.
 */
function unquotedOf(
  { title, numbers, saysNumbers }: Manuscript,
  abstract: Document | null,
  document: Document,
): readonly ProseNumber[] | null {
  if (!saysNumbers) return null
  const before = [{ t: 'Para', c: inlinesOf(title) }, ...(abstract?.blocks ?? [])]
  return unquotedNumbers({ blocks: [...before, ...document.blocks] }, numbers)
}

type Tried = <T>(what: string, task: () => Promise<T>) => Promise<T | undefined>

async function drawn({ figures }: Manuscript, withPngs: boolean, tried: Tried): Promise<Drawing[]> {
  if (figures.length === 0) return []
  return withFigurePrinter(async (printer) => {
    const drawings: Drawing[] = []
    for (const figure of figures) {
      const drawing = await tried(`The figure ${figure.id}`, async () => {
        const svg = await printer.svg(figure)
        return { id: figure.id, svg, png: withPngs ? await printer.png(svg) : null }
      })
      if (drawing) drawings.push(drawing)
    }
    return drawings
  })
}

/** Writes the figures and the author's images as files, for documents that refer to them. */
async function writeFigures(
  out: string,
  drawings: readonly Drawing[],
  { manuscript, pictures }: Pick<Chapter, 'manuscript' | 'pictures'>,
): Promise<void> {
  const folder = join(out, 'figures')
  await rm(folder, { recursive: true, force: true })
  makeFolder(folder, elsewhere)
  for (const { id, svg } of drawings) {
    writeWhole(join(folder, `${id}.svg`), svg, elsewhere)
    const figure = manuscript.figures.find((one) => one.id === id)!
    writeWhole(join(folder, `${id}.pdf`), figurePdf(svg, figure), elsewhere)
  }
  for (const { name, bytes } of pictures) writeWhole(join(folder, name), bytes, elsewhere)
}

/** The text without the images of figures that could not be drawn: their captions stay. */
function withoutMissing(document: Document, { figures }: Manuscript, drawings: readonly Drawing[]): Document {
  const missing = new Set(figures.map(({ id }) => `${id}.svg`))
  for (const { id } of drawings) missing.delete(`${id}.svg`)
  if (missing.size === 0) return document
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Image') return undefined
    const [, , [address]] = element.c as [Attributes, Element[], [string, string]]
    return missing.has(address) ? inlinesOf('[missing figure]') : undefined
  })
  return { ...document, blocks }
}

/** A PDF of one page, as large as the figure is printed. */
function figurePdf(svg: string, { widthCm, layout: { width, height } }: PrintFigure): Uint8Array {
  const heightCm = ((widthCm * height) / width).toFixed(3)
  const page = `#set page(width: ${widthCm}cm, height: ${heightCm}cm, margin: 0pt)\n#image("figure.svg", width: 100%)`
  return typstPdf(page, { 'figure.svg': svg })
}

/** Places the code before its outputs: folded in HTML, left out elsewhere. */
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
