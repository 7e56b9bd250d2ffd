import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * Path of the bibliography in a notebook's folder, `references.bib`; undefined where there is none.
 */
export function bibliographyBeside(notebook: string): string | undefined {
  const path = join(dirname(notebook), 'references.bib')
  return existsSync(path) ? path : undefined
}

/** The keys of a BibTeX file's entries. */
export function bibliographyKeys(bibtex: string): Set<string> {
  const entries = [...bibtex.matchAll(/^\s*@(\w+)\s*\{\s*([^,\s]+)\s*,/gm)]
  return new Set(entries.filter(([, kind]) => !/^(?:comment|string|preamble)$/i.test(kind!)).map(([, , key]) => key!))
}
