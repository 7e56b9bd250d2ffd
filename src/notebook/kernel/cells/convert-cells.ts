import type * as TypeScript from '@tslab/typescript-for-tslab'
import type { CellProgram } from './cell-program.js'
import type { DeclaredName } from './linked-variables.js'
import { readableDiagnostics } from './readable-diagnostics.js'
import { withReadableTags } from './readable-docs.js'
import { type CellDiagnostic, type Converter, isEarlierCells, ts } from './tslab.js'

/**
 * tslab's converter, corrected: `export` before a declaration is no mistake, `for await` needs no
 * other `await`, namespaces are known to all later cells, a type that cannot be written down for
 * them is `any`, and messages are short. `onDeclared` is called with the names that a cell
 * declares, before it runs. No position changes.
 */
export function correctedConverter(
  converter: Converter,
  latest: () => CellProgram,
  onDeclared: (names: readonly DeclaredName[]) => void,
): Converter {
  return {
    ...converter,
    convert(earlier, code) {
      const text = withoutExports(code)
      const first = converter.convert(earlier, text)
      const widened = widenedText(text, first.diagnostics)
      const converted = widened === null ? first : converter.convert(earlier, widened)
      const { diagnostics } = converted
      if (diagnostics.length > 0) return { ...converted, diagnostics: readableDiagnostics(diagnostics, latest()) }
      const declared = declaredNames(latest())
      onDeclared(declared)
      return {
        ...converted,
        declOutput: `${converted.declOutput ?? ''}${namespacesOf(earlier, declared)}`,
        hasToplevelAwait: converted.hasToplevelAwait || awaitsAtTop(latest().cell),
      }
    },
    inspect(earlier, code, position) {
      const info = converter.inspect(earlier, withoutExports(code), position)
      return info && withReadableTags(info)
    },
    complete: (earlier, code, position) => converter.complete(earlier, withoutExports(code), position),
  }
}

/**
 * Code with blanks in the place of `export` before a declaration, and of `export { … }` of the
 * cell's own names: every cell exports all it declares.
 */
function withoutExports(code: string): string {
  if (!code.includes('export')) return code
  const file = ts.createSourceFile('cell.ts', code, ts.ScriptTarget.Latest)
  const blanks = file.statements.flatMap((statement): readonly TypeScript.Node[] => {
    if (ts.isExportDeclaration(statement)) {
      const isOwn = !statement.moduleSpecifier && statement.exportClause && ts.isNamedExports(statement.exportClause)
      return isOwn ? [statement] : []
    }
    const isNamed = !('name' in statement) || statement.name !== undefined
    const modifiers = ts.canHaveModifiers(statement) && isNamed ? (ts.getModifiers(statement) ?? []) : []
    return modifiers.filter(({ kind }) => kind === ts.SyntaxKind.ExportKeyword || kind === ts.SyntaxKind.DefaultKeyword)
  })
  return blanks.reduce((text, node) => {
    const start = node.getStart(file)
    return text.slice(0, start) + text.slice(start, node.end).replace(/[^\r\n]/g, ' ') + text.slice(node.end)
  }, code)
}

/**
 * The type of a variable cannot be written down for later cells: it has private members, or names
 * what its module keeps to itself.
 */
const unwritableType: readonly number[] = [2527, 2742, 4023, 4025, 4058, 4060, 4094]

/**
 * A cell whose only fault is that such types cannot be written, with `any` for them; null for all
 * others.
 */
function widenedText(text: string, diagnostics: readonly CellDiagnostic[]): string | null {
  if (diagnostics.length === 0 || !diagnostics.every(({ code }) => unwritableType.includes(code))) return null
  const file = ts.createSourceFile('cell.ts', text, ts.ScriptTarget.Latest)
  const places = diagnostics.map(({ start }) => {
    const declared = file.statements
      .flatMap((statement) => (ts.isVariableStatement(statement) ? statement.declarationList.declarations : []))
      .find(({ name, type }) => ts.isIdentifier(name) && !type && name.getStart(file) === start.offset)
    return declared?.name.end ?? null
  })
  if (places.includes(null)) return null
  const last = [...new Set(places as number[])].sort((a, b) => b - a)
  return last.reduce((widened, place) => `${widened.slice(0, place)}: any${widened.slice(place)}`, text)
}

/** Fields of the compiler's nodes that its published types lack. */
interface Bound {
  readonly locals?: ReadonlyMap<string, TypeScript.Symbol>
}
interface Checker extends TypeScript.TypeChecker {
  isTypeAssignableTo(source: TypeScript.Type, target: TypeScript.Type): boolean
}

/** The names that a cell declares, as they are typed. */
function declaredNames({ program, cell }: CellProgram): DeclaredName[] {
  const checker = program.getTypeChecker() as Checker
  const earlier = program.getSourceFiles().find(isEarlierCells)
  const isSame = (symbol: TypeScript.Symbol, former: TypeScript.Symbol | undefined): boolean => {
    if (!former || !isAssignable(symbol) || !isVariable(former)) return false
    const [own, theirs] = [symbol, former].map((one) => checker.getTypeOfSymbolAtLocation(one, cell))
    return checker.isTypeAssignableTo(own!, theirs!)
  }
  const names: DeclaredName[] = []
  ;(cell as unknown as Bound).locals?.forEach((symbol, name) => {
    names.push({
      name,
      isSame: isSame(symbol, (earlier as unknown as Bound).locals?.get(symbol.escapedName as string)),
    })
  })
  return names
}

const isVariable = ({ flags }: TypeScript.Symbol): boolean => (flags & ts.SymbolFlags.Variable) !== 0

/** Whether a symbol is declared by `let` or `var`. */
function isAssignable({ valueDeclaration }: TypeScript.Symbol): boolean {
  return valueDeclaration !== undefined &&
    (ts.isVariableDeclaration(valueDeclaration) || ts.isBindingElement(valueDeclaration))
    ? (ts.getCombinedNodeFlags(valueDeclaration) & ts.NodeFlags.Const) === 0
    : false
}

/**
 * The namespaces of earlier cells, which tslab forgets after the next cell; those that were
 * declared again are left out.
 */
function namespacesOf(earlier: string, declared: readonly DeclaredName[]): string {
  const file = ts.createSourceFile('earlier.d.ts', earlier, ts.ScriptTarget.Latest)
  const kept = file.statements.filter(
    (statement) => ts.isModuleDeclaration(statement) && !declared.some(({ name }) => name === statement.name.text),
  )
  return kept.map((statement) => `${statement.getText(file)}\n`).join('')
}

/** Whether a cell waits for something outside of functions. */
function awaitsAtTop(node: TypeScript.Node): boolean {
  if (ts.isFunctionLike(node) || ts.isClassStaticBlockDeclaration(node)) return false
  if (ts.isAwaitExpression(node) || (ts.isForOfStatement(node) && node.awaitModifier)) return true
  return ts.forEachChild(node, awaitsAtTop) ?? false
}
