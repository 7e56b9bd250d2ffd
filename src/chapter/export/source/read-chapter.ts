import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { readNotebook } from '../../../notebook/file/notebook-file.js'
import { withoutPasswords } from '../../../notebook/without-passwords.js'
import { mathMl } from '../../page/math.js'
import { type Document, inlinesOf, mapElements } from '../ast.js'
import { bibliographyBeside, bibliographyKeys } from '../bibliography.js'
import { linkedBareCells, type Target, withCrossReferences } from '../cross-references.js'
import { type CodePlacement, type Manuscript, manuscriptOf } from '../manuscript.js'
import { readMarkdown, readPlainMarkdown } from '../pandoc.js'
import { tablesOf, withTables } from '../tables.js'
import { isPrintable, type Passage, printable } from './characters.js'
import { type Picture, withPictures } from './pictures.js'

export interface ReadOptions {
  readonly code?: CodePlacement | undefined
  /**
   * Path of a BibTeX file.
   *
   * @default `references.bib` in the notebook's folder, none where there is
   * none
   */
  readonly bibliography?: string | undefined
  /**
   * Folder that the addresses of images in the text are relative to.
   *
   * @default the notebook's folder
   */
  readonly images?: string | undefined
}

/** A notebook as a text that can be written in every format. */
export interface Chapter {
  readonly manuscript: Manuscript
  readonly abstract: Document | null
  readonly bibtex: string | null
  /** The text before its references are resolved. */
  readonly source: Document
  readonly documentFor: (target: Target) => Document
  readonly pictures: readonly Picture[]
  /** One text for each image that the text needs and that cannot be read: which, where and why. */
  readonly missing: readonly string[]
  /** The texts, each with the place where it stands. */
  readonly passages: readonly Passage[]
  /** The cells that the text links to for a figure or a table that they did not show. */
  readonly linkedBareCells: readonly string[]
  /** The places of characters that no document may hold. */
  readonly unprintable: readonly string[]
}

/** Reads an executed notebook, with its bibliography and its images, as a chapter. */
export async function readChapter(
  path: string,
  { code, bibliography = bibliographyBeside(path), images = dirname(path) }: ReadOptions,
): Promise<Chapter> {
  const written = manuscriptOf(withoutPasswords(await readNotebook(path)), { code })
  const manuscript = printable(written)
  const passages = passagesOf(manuscript)
  const bibtex = await readBibliography(bibliography)
  const figures = new Set(manuscript.figures.map(({ id }) => `${id}.svg`))
  const text = await withPictures(withTables(await readMarkdown(manuscript.markdown)), {
    folder: images,
    figures,
    passages,
  })
  const summary = manuscript.abstract === null ? null : await readPlainMarkdown(manuscript.abstract)
  const source = text.document
  const references = {
    figures: manuscript.figures.map(({ id }) => id),
    tables: tablesOf(source).map(({ id }) => id),
    works: bibliographyKeys(bibtex ?? ''),
    bareCells: new Set(manuscript.bareCells),
  }
  return {
    manuscript,
    abstract: summary && withKnownFormulas(withoutImages(summary)),
    bibtex,
    source,
    documentFor: (target) => withCrossReferences(source, references, target),
    pictures: text.pictures,
    missing: text.missing,
    linkedBareCells: linkedBareCells(source, references.bareCells),
    passages,
    unprintable: passagesOf(written).flatMap(({ place, text }) => (isPrintable(text) ? [] : [place])),
  }
}

function passagesOf({ title, authors, date, abstract, keywords, passages }: Manuscript): Passage[] {
  const onTitlePage = [title, ...authors, date ?? '', abstract ?? '', ...keywords].join('\n')
  return [{ place: 'the title page', text: onTitlePage }, ...passages]
}

/** The document without its images: an abstract has words alone. */
function withoutImages(document: Document): Document {
  const blocks = mapElements(document.blocks, (element) =>
    element.t === 'Image' ? (element.c as [unknown, Document['blocks']])[1] : undefined,
  )
  return { ...document, blocks }
}

/**
 * Turns formulas that the page does not know into text: those of the notebook's metadata are TeX,
 * and TeX can read files and run programs.
 */
function withKnownFormulas(document: Document): Document {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Math') return undefined
    const [{ t: kind }, tex] = element.c as [{ t: string }, string]
    return mathMl(tex, 'inline') === null ? inlinesOf(kind === 'InlineMath' ? `$${tex}$` : `$$${tex}$$`) : undefined
  })
  return { ...document, blocks }
}

async function readBibliography(path: string | undefined): Promise<string | null> {
  if (path === undefined) return null
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new Error(`Expected a BibTeX file at ${path}: ${error.message}`, { cause: error })
  })
}
