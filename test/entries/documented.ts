import ts from 'typescript'
import { entryDeclarations, resolvedSymbol } from './declarations.js'

/** The docstring of a function that an entry exports. */
export interface Documented {
  readonly name: string
  /** What stands before its tags. */
  readonly text: string
  /** The code of its examples. */
  readonly examples: readonly string[]
  /** What it says that it throws, and when. */
  readonly refusals: readonly string[]
}

/** Reads the docstrings of the functions of a built entry, in the order of the entry. */
export function documentedFunctions(entry: string): Documented[] {
  const { checker, exported } = entryDeclarations(entry)
  return exported.flatMap((one) => {
    const symbol = resolvedSymbol(checker, one)
    if (!(symbol.flags & ts.SymbolFlags.Function)) return []
    const tags = symbol.getJsDocTags(checker)
    const said = (tag: string): string[] =>
      tags.filter(({ name }) => name === tag).map(({ text }) => ts.displayPartsToString(text))
    return {
      name: one.name,
      text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      examples: said('example'),
      refusals: said('throws'),
    }
  })
}
