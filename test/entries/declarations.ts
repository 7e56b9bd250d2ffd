import { join } from 'node:path'
import ts from 'typescript'
import { packageRoot } from '../../src/project.js'

/** Exports of an entry, with what tells of them. */
export interface EntryDeclarations {
  readonly checker: ts.TypeChecker
  readonly exported: readonly ts.Symbol[]
}

/** Reads the built declarations of an entry, `executor` for `dist/entries/executor.d.ts`. */
export function entryDeclarations(entry: string): EntryDeclarations {
  const path = join(packageRoot, 'dist', 'entries', `${entry}.d.ts`)
  const program = ts.createProgram([path], {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  })
  const checker = program.getTypeChecker()
  const file = program.getSourceFile(path)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`Expected declarations at ${path}: run npm run build`)
  return { checker, exported: checker.getExportsOfModule(module) }
}

/** The symbol that an export stands for. */
export function resolvedSymbol(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol
}
