import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { type Document, type Element, inlinesOf, mapElements, raw } from '../ast.js'
import { type ChapterParts, headingOptions, serialise } from '../chapter-parts.js'
import { pandoc } from '../pandoc.js'
import { numbersTex } from '../quoted-numbers.js'
import { tableLines, tablesOf } from '../tables.js'
import { latexDocument, latexPreamble } from './latex-document.js'
import { letterDeclarations } from './latex-letters.js'

/**
 * Writes `chapter.tex`, and what it consists of, for a thesis to take: `body.tex`, the `preamble.tex` that it needs, `references.bib`, every table by itself below
 * `tables/`, and `numbers.tex`. Returns the path of the first.
 */
export async function writeTex({ manuscript, abstract, bibtex, out, documentFor }: ChapterParts): Promise<string> {
  const document = documentFor('latex')
  const options = { from: 'json', to: 'latex', wrap: 'none', ...(bibtex === null ? {} : { 'cite-method': 'natbib' }) }
  const tex = (blocks: readonly Element[]): Promise<string> => pandoc(options, JSON.stringify({ ...document, blocks }))
  const words = async (text: string): Promise<string> => (await tex([{ t: 'Plain', c: inlinesOf(text) }])).trim()

  const text = serialise(withSpaceForTables(document), (id) => `figures/${id}.pdf`)
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
  const letters = letterDeclarations([body, numbers, ...Object.values(title).flat()].join(''))

  const path = join(out, 'chapter.tex')
  await writeFile(path, latexDocument(title, bibtex !== null))
  await writeFile(join(out, 'preamble.tex'), latexPreamble(highlighting, letters))
  await writeFile(join(out, 'body.tex'), body)
  await writeFile(join(out, 'numbers.tex'), numbers)
  if (bibtex !== null) await writeFile(join(out, 'references.bib'), bibtex)
  const folder = join(out, 'tables')
  await rm(folder, { recursive: true, force: true })
  await mkdir(folder, { recursive: true })
  for (const { id, table } of tablesOf(document)) {
    const needs =
      '% Needs the packages longtable, booktabs, array and calc, and in a cell perhaps what preamble.tex has.\n'
    await writeFile(join(folder, `${id}.tex`), needs + (await tex(small(table))))
  }
  return path
}

/** A table in small letters, from the left margin. */
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
