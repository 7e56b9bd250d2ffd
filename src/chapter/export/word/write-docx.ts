import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  bibliographyFile,
  type ChapterParts,
  citationOptions,
  headingOptions,
  serialise,
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
  const written = await pandoc(
    options,
    serialise(document, (id) => `${id}.png`),
    { ...Object.fromEntries(pngs), ...bibliographyFile(bibtex), 'reference.docx': await wordReference() },
  )
  const path = join(out, 'chapter.docx')
  await writeFile(path, finishedWordDocument(written, pngs, new Map(drawings.map(({ id, svg }) => [`${id}.png`, svg]))))
  return path
}
