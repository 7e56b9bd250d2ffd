import { join } from 'node:path'
import { textOfHtml } from '../../../notebook/html-text.js'
import { writeWhole } from '../../../writable.js'
import {
  bibliographyFile,
  type ChapterParts,
  citationOptions,
  elsewhere,
  headingOptions,
  pictureFiles,
  withReferences,
} from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import { charactersInPlaces } from '../source/characters.js'
import { charactersWithoutGlyph } from './missing-glyphs.js'
import { typstPdf } from './typst.js'
import { typstDocument } from './typst-document.js'

/** Writes `chapter.pdf`, set by Typst. Returns its path. */
export async function writePdf(parts: ChapterParts): Promise<string> {
  const { manuscript, abstract, bibtex, drawings, out, documentFor, passages, warn } = parts
  const options = { from: 'json', to: 'typst', wrap: 'none' }
  const document = JSON.stringify(withReferences(documentFor('typst'), bibtex))
  const body = await pandoc(
    { ...options, ...headingOptions, ...citationOptions(bibtex) },
    document,
    bibliographyFile(bibtex),
  )
  const abstractText = abstract === null ? null : await pandoc(options, JSON.stringify(abstract))
  const drawn = Object.fromEntries(drawings.map(({ id, svg }) => [`${id}.svg`, svg]))
  const written = typstPdf(typstDocument(manuscript, abstractText, body), { ...drawn, ...pictureFiles(parts) })
  const path = join(out, 'chapter.pdf')
  writeWhole(path, written, elsewhere)
  const inFigures = drawings.map(({ id, svg }) => ({ place: `the figure ${id}`, text: textOfHtml(svg) }))
  const everywhere = [...passages, ...inFigures]
  const missing = charactersWithoutGlyph(everywhere.map(({ text }) => text).join('\n'))
  if (missing.size > 0)
    warn(
      `chapter.pdf has an empty box for characters that no font here has: ${charactersInPlaces(missing, everywhere)}`,
    )
  return path
}
