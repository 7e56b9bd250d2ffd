import { join } from 'node:path'
import { writeWhole } from '../../../writable.js'
import {
  bibliographyFile,
  type ChapterParts,
  citationOptions,
  elsewhere,
  headingOptions,
  pictureFiles,
  withImages,
  withReferences,
  withTitle,
} from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import { finishedWordDocument } from './word-document.js'
import { wordReference } from './word-reference.js'
import { asWordText } from './word-text.js'

/** Writes `chapter.docx`. Returns its path. */
export async function writeDocx(parts: ChapterParts): Promise<string> {
  const { bibtex, drawings, out, documentFor } = parts
  const pngs = new Map(drawings.map(({ id, png }) => [`${id}.png`, png!]))
  const pngNames = new Map(drawings.map(({ id }) => [`${id}.svg`, `${id}.png`]))
  const options = {
    from: 'json',
    to: 'docx',
    standalone: true,
    'number-sections': true,
    'reference-doc': 'reference.docx',
    'output-file': 'chapter.docx',
    ...headingOptions,
    ...citationOptions(bibtex),
  }
  const document = withTitle(asWordText(withReferences(documentFor('office'), bibtex)), parts)
  const written = await pandoc(options, JSON.stringify(withImages(document, (name) => pngNames.get(name) ?? name)), {
    ...Object.fromEntries(pngs),
    ...pictureFiles(parts),
    ...bibliographyFile(bibtex),
    'reference.docx': await wordReference(),
  })
  const path = join(out, 'chapter.docx')
  const svgs = new Map(drawings.map(({ id, svg }) => [`${id}.png`, svg]))
  writeWhole(path, finishedWordDocument(written, pngs, svgs), elsewhere)
  return path
}
