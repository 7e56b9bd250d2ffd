/** The keys of a BibTeX file's entries. */
export function bibliographyKeys(bibtex: string): Set<string> {
  const entries = [...bibtex.matchAll(/^\s*@(\w+)\s*\{\s*([^,\s]+)\s*,/gm)]
  return new Set(entries.filter(([, kind]) => !/^(?:comment|string|preamble)$/i.test(kind!)).map(([, , key]) => key!))
}
