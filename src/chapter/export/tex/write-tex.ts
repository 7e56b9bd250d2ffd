import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder, writeWhole } from '../../../writable.js'
import { type Document, type Element, inlinesOf, mapElements, raw } from '../ast.js'
import { type ChapterParts, elsewhere, headingOptions, withImages } from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import { numbersTex } from '../quoted-numbers.js'
import { charactersInPlaces } from '../source/characters.js'
import { tableLines, tablesOf } from '../tables.js'
import { latexDocument, latexPreamble } from './latex-document.js'
import { characterDeclarations, charactersWithoutMacro } from './latex-unicode.js'

/**
 * Writes `chapter.tex` and its parts, for a thesis to include: `body.tex`, the `preamble.tex` that
 * it needs, `references.bib`, every table by itself below `tables/`, and `numbers.tex`. Returns the
 * path of the first.
 */
export async function writeTex(parts: ChapterParts): Promise<string> {
  const { manuscript, abstract, bibtex, drawings, out, documentFor, passages, warn } = parts
  const document = documentFor('latex')
  const options = { from: 'json', to: 'latex', wrap: 'none', ...(bibtex === null ? {} : { 'cite-method': 'natbib' }) }
  const tex = (blocks: readonly Element[]): Promise<string> => pandoc(options, JSON.stringify({ ...document, blocks }))
  const words = async (text: string): Promise<string> => (await tex([{ t: 'Plain', c: inlinesOf(text) }])).trim()

  const pdfNames = new Map(drawings.map(({ id }) => [`${id}.svg`, `${id}.pdf`]))
  const text = JSON.stringify(
    withImages(withSpaceForTables(document), (name) => `figures/${pdfNames.get(name) ?? name}`),
  )
  const body = await pandoc({ ...options, ...headingOptions }, text)
  const macros = { ...options, standalone: true, template: 'macros.tex' }
  const highlighting = (await pandoc(macros, text, { 'macros.tex': '$highlighting-macros$' })).trim()
  const title = {
    title: await words(manuscript.title),
    authors: await Promise.all(manuscript.authors.map(words)),
    keywords: await Promise.all(manuscript.keywords.map(words)),
    date: manuscript.date === null ? null : await words(manuscript.date),
    abstract: abstract === null ? null : (await tex(abstract.blocks)).trim(),
  }
  const numbers = numbersTex(manuscript.numbers)
  const written = [body, numbers, ...Object.values(title).flat()].join('')
  const declarations = characterDeclarations(written) + (body.includes('\\pandocbounded') ? boundedImages : '')
  const strange = charactersWithoutMacro(passages.map(({ text }) => text).join('\n'))

  const path = join(out, 'chapter.tex')
  const write = (name: string, content: string): void => writeWhole(join(out, name), content, elsewhere)
  write('chapter.tex', latexDocument(title, bibtex !== null))
  write('preamble.tex', latexPreamble(highlighting, declarations))
  write('body.tex', body)
  write('numbers.tex', numbers)
  if (bibtex !== null) write('references.bib', bibtex)
  const folder = join(out, 'tables')
  await rm(folder, { recursive: true, force: true })
  makeFolder(folder, elsewhere)
  for (const { id, table } of tablesOf(document)) {
    const needs =
      '% Needs the packages longtable, booktabs, array and calc, and in a cell perhaps what preamble.tex has.\n'
    write(join('tables', `${id}.tex`), needs + (await tex(small(table))))
  }
  if (strange.size > 0)
    warn(
      `chapter.tex has characters that no TeX macro is known for, as they are: ${charactersInPlaces(strange, passages)}. LuaLaTeX and XeLaTeX print them with a font that has them (\\setmainfont), pdfLaTeX prints their numbers`,
    )
  return path
}

/**
 * Redefines pandoc's macro for images without a width: those larger than the page become as large
 * as it.
 */
const boundedImages = `
\\makeatcharacter
\\@ifundefined{pandoc@box}{\\newsavebox\\pandoc@box}{}
\\providecommand*\\pandocbounded[1]{%
  \\sbox\\pandoc@box{#1}%
  \\Gscale@div\\@tempa{\\textheight}{\\dimexpr\\ht\\pandoc@box+\\dp\\pandoc@box\\relax}%
  \\Gscale@div\\@tempb{\\linewidth}{\\wd\\pandoc@box}%
  \\ifdim\\@tempb\\p@<\\@tempa\\p@\\let\\@tempa\\@tempb\\fi
  \\ifdim\\@tempa\\p@<\\p@\\scalebox{\\@tempa}{\\usebox\\pandoc@box}\\else\\usebox{\\pandoc@box}\\fi}
\\makeatother`

/** A table in small print, from the left margin. */
function small(table: Element): Element[] {
  const set = '\\begingroup\\footnotesize\\setlength{\\tabcolsep}{4pt}\\setlength{\\LTleft}{0pt}'
  return [raw('Block', 'latex', set), table, raw('Block', 'latex', '\\endgroup')]
}

/** Tables of less than half a page are not broken, longer ones begin with some of their rows. */
function withSpaceForTables(document: Document): Document {
  const blocks = mapElements(document.blocks, (element) => {
    if (element.t !== 'Table') return undefined
    const lines = tableLines(element)
    const need = `\\Needspace{${Math.ceil(0.8 * (lines <= 24 ? lines : 8)) + 4}\\baselineskip}`
    return [raw('Block', 'latex', need), ...small(element)]
  })
  return { ...document, blocks }
}
