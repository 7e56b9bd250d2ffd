import { join } from 'node:path'
import ts from 'typescript'
import { projectRoot } from '../../src/project.js'

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
  const path = join(projectRoot, 'dist', 'entries', `${entry}.d.ts`)
  const program = ts.createProgram([path], {
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    module: ts.ModuleKind.NodeNext,
    noEmit: true,
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`Expected declarations at ${path}: run npm run build`)
  return checker.getExportsOfModule(module).flatMap((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    if (!(symbol.flags & ts.SymbolFlags.Function)) return []
    const tags = symbol.getJsDocTags(checker)
    const said = (tag: string): string[] =>
      tags.filter(({ name }) => name === tag).map(({ text }) => ts.displayPartsToString(text))
    return {
      name: exported.name,
      text: ts.displayPartsToString(symbol.getDocumentationComment(checker)),
      examples: said('example'),
      refusals: said('throws'),
    }
  })
}
