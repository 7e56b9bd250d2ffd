import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bibliographyFile,
  type ChapterParts,
  citationOptions,
  headingOptions,
  serialise,
  withReferences,
} from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import { typstPdf } from './typst.js'
import { typstDocument } from './typst-document.js'

/** Writes `chapter.pdf`, set by Typst. Returns its path. */
export async function writePdf({
  manuscript,
  abstract,
  bibtex,
  drawings,
  out,
  documentFor,
}: ChapterParts): Promise<string> {
  const options = { from: 'json', to: 'typst', wrap: 'none' }
  const document = serialise(withReferences(documentFor('typst'), bibtex), (id) => `${id}.svg`)
  const body = await pandoc(
    { ...options, ...headingOptions, ...citationOptions(bibtex) },
    document,
    bibliographyFile(bibtex),
  )
  const abstractText = abstract === null ? null : await pandoc(options, JSON.stringify(abstract))
  const files = Object.fromEntries(drawings.map(({ id, svg }) => [`${id}.svg`, svg]))
  const path = join(out, 'chapter.pdf')
  await writeFile(path, typstPdf(typstDocument(manuscript, abstractText, body), files))
  return path
}
