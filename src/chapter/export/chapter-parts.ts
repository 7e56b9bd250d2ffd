import { type Attributes, type Document, type Element, inlinesOf, mapElements } from './ast.js'
import type { Target } from './cross-references.js'
import type { Chapter } from './source/read-chapter.js'

/** A figure in the forms that documents take. */
export interface Drawing {
  readonly id: string
  readonly svg: string
  readonly png: Uint8Array | null
}

/** Parts from which every document of a chapter is written. */
export interface ChapterParts extends Pick<Chapter, 'manuscript' | 'abstract' | 'bibtex' | 'pictures' | 'passages'> {
  readonly drawings: readonly Drawing[]
  /** Called with each warning: what a reader of the document would miss. */
  readonly warn: (text: string) => void
  /** The folder that is written to. */
  readonly out: string
  /** The text, its links resolved. */
  readonly documentFor: (target: Target) => Document
}

/** Remedy in errors about a folder that cannot be written to. */
export const elsewhere = 'name another folder with --out (`out`)'

/**
 * Options of pandoc that move headings up by one level: the chapter's title is no heading of its
 * text.
 */
export const headingOptions = { 'shift-heading-level-by': -1 } as const

/** The document with each image at another address. */
export function withImages(document: Document, addressOf: (name: string) => string): Document {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Image') return undefined
    const [attributes, text, [address, title]] = element.c as [Attributes, Element[], [string, string]]
    return [{ t: 'Image', c: [attributes, text, [addressOf(address), title]] }]
  })
  return { ...document, blocks }
}

/** The author's images as files by their names. */
export function pictureFiles({ pictures }: Pick<ChapterParts, 'pictures'>): Record<string, Uint8Array> {
  return Object.fromEntries(pictures.map(({ name, bytes }) => [name, bytes]))
}

/**
 * Options of pandoc by which it resolves citations itself: the works stand where the document has
 * room for them. None without a bibliography.
 */
export function citationOptions(bibtex: string | null): Record<string, unknown> {
  return bibtex === null
    ? {}
    : { citeproc: true, bibliography: ['references.bib'], metadata: { 'link-citations': true } }
}

/** The document with a last section for the works that it cites. */
export function withReferences(document: Document, bibtex: string | null): Document {
  if (bibtex === null) return document
  const heading = { t: 'Header', c: [2, ['references', ['unnumbered'], []], [{ t: 'Str', c: 'References' }]] }
  return { ...document, blocks: [...document.blocks, heading, { t: 'Div', c: [['refs', [], []], []] }] }
}

export function bibliographyFile(bibtex: string | null): Record<string, string> {
  return bibtex === null ? {} : { 'references.bib': bibtex }
}

/** The document with its title page as metadata: title, authors, date and abstract. */
export function withTitle(document: Document, { manuscript, abstract }: ChapterParts): Document {
  const { title, authors, date } = manuscript
  const inlines = (text: string): Element => ({ t: 'MetaInlines', c: inlinesOf(text) })
  return {
    ...document,
    meta: {
      ...document.meta,
      title: inlines(title),
      author: { t: 'MetaList', c: authors.map(inlines) },
      ...(date === null ? {} : { date: inlines(date) }),
      ...(abstract === null ? {} : { abstract: { t: 'MetaBlocks', c: abstract.blocks } }),
    },
  }
}
