import { basename, extname } from 'node:path'
import { type Attributes, type Document, type Element, inlinesOf, mapElements } from './ast.js'
import type { Target } from './cross-references.js'
import type { Manuscript } from './manuscript.js'

/** A figure in the forms that documents take. */
export interface Drawing {
  readonly id: string
  readonly svg: string
  readonly png: Uint8Array | null
}

/** What the documents of a chapter are written from. */
export interface ChapterParts {
  readonly manuscript: Manuscript
  readonly abstract: Document | null
  /** The text of a BibTeX file. */
  readonly bibtex: string | null
  readonly drawings: readonly Drawing[]
  /** The folder that is written to. */
  readonly out: string
  /** The text, its links resolved. */
  readonly documentFor: (target: Target) => Document
}

/** Options of pandoc: the chapter's title is no heading of its text, whose headings therefore move up. */
export const headingOptions = { 'shift-heading-level-by': -1 } as const

/** The document as the JSON that pandoc reads, each image under the name that is given for its id. */
export function serialise(document: Document, imageName: (id: string) => string): string {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Image') return undefined
    const [attributes, text, [address, title]] = element.c as [Attributes, Element[], [string, string]]
    const id = basename(address, extname(address))
    return [{ t: 'Image', c: [attributes, text, [imageName(id), title]] }]
  })
  return JSON.stringify({ ...document, blocks })
}

/** Options of pandoc by which it resolves citations itself: the works stand where the document has room for them. None without a bibliography. */
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

/** The document with what its title page says. */
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
