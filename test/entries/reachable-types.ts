import { join } from 'node:path'
import ts from 'typescript'
import { projectRoot } from '../../src/project.js'
import { entryDeclarations, resolvedSymbol } from './declarations.js'

const built = join(projectRoot, 'dist')

/** The declarations of an entry: what it exports, and which types its exports name. */
export interface EntryTypes {
  /** Names that are values at run time. */
  readonly values: readonly string[]
  /** Names that are types alone. */
  readonly types: readonly string[]
  /**
   * Types of this project that an exported declaration names, or one of the types that it names,
   * and that the entry does not export: "Study, named by runStudy".
   */
  readonly missing: readonly string[]
}

/** Reads the built declarations of an entry, `executor` for `dist/entries/executor.d.ts`. */
export function entryTypes(entry: string): EntryTypes {
  const { checker, exported } = entryDeclarations(entry)
  const resolved = (symbol: ts.Symbol): ts.Symbol => resolvedSymbol(checker, symbol)
  const known = new Set(exported.map(resolved))
  const missing = new Map<ts.Symbol, string>()
  const seen = new Set<ts.Symbol>()
  const isOwn = (symbol: ts.Symbol): boolean =>
    symbol.declarations?.some((one) => one.getSourceFile().fileName.startsWith(built)) ?? false

  const walk = (symbol: ts.Symbol, by: string): void => {
    if (seen.has(symbol)) return
    seen.add(symbol)
    for (const declaration of symbol.declarations ?? []) {
      const visit = (node: ts.Node): void => {
        if (ts.isIdentifier(node)) note(node)
        ts.forEachChild(node, visit)
      }
      visit(declaration)
    }
    function note(name: ts.Identifier): void {
      const found = checker.getSymbolAtLocation(name)
      if (!found) return
      const named = resolved(found)
      if (!isOwn(named) || named === symbol || ts.isTypeParameterDeclaration(named.declarations![0]!)) return
      if ((named.flags & ts.SymbolFlags.Type) !== 0 && !known.has(named)) missing.set(named, missing.get(named) ?? by)
      if ((named.flags & ts.SymbolFlags.Type) !== 0 || isTypeOf(name)) walk(named, named.name)
    }
  }
  const isTypeOf = ({ parent }: ts.Node): boolean => ts.isTypeQueryNode(parent)
  for (const symbol of exported) walk(resolved(symbol), symbol.name)
  const isValue = (symbol: ts.Symbol): boolean =>
    (resolved(symbol).flags & ts.SymbolFlags.Value) !== 0 && !isTypeOnly(symbol)
  return {
    values: exported.filter(isValue).map(({ name }) => name),
    types: exported.filter((one) => !isValue(one)).map(({ name }) => name),
    missing: [...missing].map(([symbol, by]) => `${symbol.name}, named by ${by}`).sort(),
  }
}

/** Whether a symbol is exported by `export type`, be it a value or not. */
function isTypeOnly({ declarations = [] }: ts.Symbol): boolean {
  return declarations.some((one) => ts.isExportSpecifier(one) && (one.isTypeOnly || one.parent.parent.isTypeOnly))
}
