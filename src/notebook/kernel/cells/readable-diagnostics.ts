import type * as TypeScript from '@tslab/typescript-for-tslab'
import { unknownName } from '../../../names.js'
import type { CellProgram } from './cell-program.js'
import { type CellDiagnostic, cellPrefix, ts } from './tslab.js'

/**
 * "Object literal may only specify known properties", with and without the compiler's own guess.
 */
const unknownProperty: readonly number[] = [2353, 2561]

/**
 * "… is not assignable to …" of an argument and of a value, the latter also with the compiler's own
 * guess.
 */
const unfitting: readonly number[] = [2345, 2322, 2820]

/**
 * The compiler's messages as one reads them in a cell: a property that an object may not have, and
 * a word that is none of those that may stand there, are one line that names the nearest one, or
 * those that there are, without the types of both sides. Others stay as they are.
 */
export function readableDiagnostics(
  diagnostics: readonly CellDiagnostic[],
  { program, cell }: CellProgram,
): readonly CellDiagnostic[] {
  const checker = program.getTypeChecker()
  const explained = new Map<number, string>()
  for (const { fileName, code, start } of diagnostics) {
    if (fileName !== undefined || explained.has(start.offset)) continue
    const at = start.offset + cellPrefix.length
    const message = unknownProperty.includes(code)
      ? unknownPropertyText(checker, cell, at)
      : unfitting.includes(code)
        ? unknownWordText(checker, cell, at)
        : null
    if (message !== null) explained.set(start.offset, message)
  }
  const reported = new Set<number>()
  return diagnostics.flatMap((one) => {
    const { offset } = one.start
    const messageText = one.fileName === undefined ? explained.get(offset) : undefined
    if (messageText === undefined) return [one]
    if (reported.has(offset)) return []
    reported.add(offset)
    return [{ ...one, messageText }]
  })
}

function unknownPropertyText(checker: TypeScript.TypeChecker, cell: TypeScript.SourceFile, at: number): string | null {
  const found = objectWith(cell, at)
  const type = found && checker.getContextualType(found.object)
  if (!found || !type) return null
  const given = found.object.properties.map(({ name }) => name?.getText(cell))
  const known = propertiesOf(checker, type).filter((name) => !given.includes(name))
  return unknownName(found.name, known, 'properties')
}

/**
 * The message for a word in quotes where one of some words is expected; null for any other mistake.
 */
function unknownWordText(checker: TypeScript.TypeChecker, cell: TypeScript.SourceFile, at: number): string | null {
  const find = (node: TypeScript.Node): TypeScript.StringLiteral | undefined => {
    if (at < node.pos || at >= node.end) return undefined
    if (ts.isStringLiteral(node) && node.getStart(cell) === at) return node
    return ts.forEachChild(node, find)
  }
  const word = find(cell)
  const type = word && checker.getContextualType(word)
  const parts = type?.isUnion() ? type.types : type ? [type] : []
  const known = parts
    .filter((part) => part.isStringLiteral())
    .map((part) => String((part as TypeScript.StringLiteralType).value))
  return word && known.length > 0 ? unknownName(word.text, known, 'a word') : null
}

/** The object literal that has a property at a place, and the property's name. */
function objectWith(
  cell: TypeScript.SourceFile,
  offset: number,
): { readonly object: TypeScript.ObjectLiteralExpression; readonly name: string } | null {
  const find = (node: TypeScript.Node): ReturnType<typeof objectWith> | undefined => {
    if (offset < node.pos || offset >= node.end) return undefined
    if (ts.isObjectLiteralElementLike(node) && node.name?.getStart(cell) === offset) {
      const name =
        ts.isIdentifier(node.name) || ts.isStringLiteral(node.name) ? node.name.text : node.name.getText(cell)
      return { object: node.parent as TypeScript.ObjectLiteralExpression, name }
    }
    return ts.forEachChild(node, find)
  }
  return find(cell) ?? null
}

/**
 * The properties that an object of a type may have; those of lists, which no literal in braces is,
 * are left out.
 */
function propertiesOf(checker: TypeScript.TypeChecker, type: TypeScript.Type): string[] {
  const parts = type.isUnion() ? type.types : [type]
  const objects = parts.filter((part) => !checker.isArrayLikeType(part) && part.flags & ts.TypeFlags.Object)
  const names = (objects.length > 0 ? objects : parts).flatMap((part) =>
    checker.getPropertiesOfType(part).map((symbol) => symbol.name),
  )
  return [...new Set(names)]
}
