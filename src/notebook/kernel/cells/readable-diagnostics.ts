import type * as TypeScript from '@tslab/typescript-for-tslab'
import { listed, nearestName } from '../../../names.js'
import type { CellProgram } from './cell-program.js'
import { type CellDiagnostic, cellPrefix, ts } from './tslab.js'

/** "Object literal may only specify known properties", with and without the compiler's own guess. */
const unknownProperty: readonly number[] = [2353, 2561]

/**
 * The compiler's messages as one reads them in a cell: a property that an object may not have is one line that names the nearest one, or those that
 * there are, without the types of both sides. Others stay as they are.
 */
export function readableDiagnostics(
  diagnostics: readonly CellDiagnostic[],
  { program, cell }: CellProgram,
): readonly CellDiagnostic[] {
  const checker = program.getTypeChecker()
  const explained = new Map<number, CellDiagnostic>()
  for (const one of diagnostics) {
    if (one.fileName !== undefined || !unknownProperty.includes(one.code)) continue
    const offset = one.start.offset + cellPrefix.length
    const found = objectWith(cell, offset)
    const type = found && checker.getContextualType(found.object)
    if (!found || !type) continue
    const given = found.object.properties.map(({ name }) => name?.getText(cell))
    const known = propertiesOf(checker, type).filter((name) => !given.includes(name))
    explained.set(one.start.offset, { ...one, messageText: unknownText(found.name, known) })
  }
  const said = new Set<number>()
  return diagnostics.flatMap((one) => {
    const replacement = one.fileName === undefined ? explained.get(one.start.offset) : undefined
    if (!replacement) return [one]
    if (said.has(one.start.offset)) return []
    said.add(one.start.offset)
    return [replacement]
  })
}

function unknownText(name: string, known: readonly string[]): string {
  const nearest = nearestName(name, known)
  if (nearest !== null) return `There is no \`${name}\` here: did you mean \`${nearest}\`?`
  return known.length === 0 ? `There is no \`${name}\` here` : `There is no \`${name}\` here; there is ${listed(known)}`
}

/** The object literal that has a property at a place, and the property's name. */
function objectWith(
  cell: TypeScript.SourceFile,
  offset: number,
): { readonly object: TypeScript.ObjectLiteralExpression; readonly name: string } | null {
  const find = (node: TypeScript.Node): ReturnType<typeof objectWith> | undefined => {
    if (offset < node.pos || offset >= node.end) return undefined
    if (ts.isObjectLiteralElementLike(node) && node.name?.getStart(cell) === offset) {
      const name = ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : node.name.getText(cell)
      return { object: node.parent as TypeScript.ObjectLiteralExpression, name }
    }
    return ts.forEachChild(node, find)
  }
  return find(cell) ?? null
}

/** The properties that an object of a type may have; those of lists, which no literal in braces is, are left out. */
function propertiesOf(checker: TypeScript.TypeChecker, type: TypeScript.Type): string[] {
  const parts = type.isUnion() ? type.types : [type]
  const objects = parts.filter((part) => !checker.isArrayLikeType(part) && part.flags & ts.TypeFlags.Object)
  const names = (objects.length > 0 ? objects : parts).flatMap((part) =>
    checker.getPropertiesOfType(part).map((symbol) => symbol.name),
  )
  return [...new Set(names)]
}
