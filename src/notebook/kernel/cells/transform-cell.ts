import type * as TypeScript from '@tslab/typescript-for-tslab'
import { isCell, isEarlierCells, ts } from './tslab.js'

/** The global by which cells reach `linkVariables`. */
export const linkName = '__tslab__'

/**
 * A cell as tslab can emit it. tslab turns a name of an earlier cell into a property of `exports`
 * wherever the name stands, which is wrong in `{ server }`, and in `const { name: own } = server`
 * for the property. And it leaves a cell's functions with variables that no later cell can change.
 * So a shorthand is written in full, names of properties are not names of variables, and the cell
 * hands on functions that set its captured `let`s.
 */
export function transformCell(program: TypeScript.Program): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const checker = program.getTypeChecker()
  return (context) => (file) => {
    if (!isCell(file)) return file
    const { factory } = context
    const declared = assignableNames(file)
    const captured = new Set<string>()

    const isEarlier = (symbol: TypeScript.Symbol | undefined): boolean =>
      symbol?.declarations?.some((declaration) => isEarlierCells(declaration.getSourceFile())) ?? false

    const note = (name: TypeScript.Identifier, symbol: TypeScript.Symbol | undefined, inFunction: boolean): void => {
      const declaration = symbol?.valueDeclaration
      if (inFunction && declaration && declared.has(declaration)) captured.add(name.text)
    }

    /**
     * A name of a property: one that is no node of the cell, so that nothing takes it for a
     * variable's.
     */
    const property = (name: TypeScript.Identifier): TypeScript.PropertyName =>
      // `{ __proto__ }` is a property, `{ __proto__: … }` the prototype.
      name.text === '__proto__'
        ? factory.createComputedPropertyName(factory.createStringLiteral(name.text))
        : factory.createIdentifier(name.text)

    const visitor =
      (inFunction: boolean) =>
      (node: TypeScript.Node): TypeScript.Node => {
        const visit = visitor(inFunction || ts.isFunctionLike(node) || ts.isClassLike(node))
        if (ts.isIdentifier(node)) {
          note(node, checker.getSymbolAtLocation(node), inFunction)
          return node
        }
        if (ts.isShorthandPropertyAssignment(node)) {
          const symbol = checker.getShorthandAssignmentValueSymbol(node)
          note(node.name, symbol, inFunction)
          const fallback = node.objectAssignmentInitializer
          if (!isEarlier(symbol)) return fallback ? ts.visitEachChild(node, visit, context) : node
          const variable = factory.createPropertyAccessExpression(
            factory.createIdentifier('exports'),
            factory.createIdentifier(node.name.text),
          )
          const value = fallback
            ? factory.createAssignment(variable, ts.visitNode(fallback, visit) as TypeScript.Expression)
            : variable
          return factory.createPropertyAssignment(property(node.name), value)
        }
        if (ts.isPropertyAssignment(node) && ts.isIdentifier(node.name)) {
          const value = ts.visitNode(node.initializer, visit) as TypeScript.Expression
          // Here `__proto__: …` is meant.
          return factory.updatePropertyAssignment(node, factory.createIdentifier(node.name.text), value)
        }
        if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
          const { dotDotDotToken, propertyName, name, initializer } = node
          return factory.updateBindingElement(
            node,
            dotDotDotToken,
            factory.createIdentifier(propertyName.text),
            ts.visitNode(name, visit) as TypeScript.BindingName,
            initializer && (ts.visitNode(initializer, visit) as TypeScript.Expression),
          )
        }
        return ts.visitEachChild(node, visit, context)
      }

    const visited = ts.visitEachChild(file, visitor(false), context)
    const others = [...declared.values()].filter((name) => !captured.has(name) && earlierNames(program).has(name))
    if (captured.size + others.length === 0) return visited
    const link = linkStatement(factory, [...captured], others)
    return factory.updateSourceFile(visited, [link, ...visited.statements])
  }
}

/**
 * The declarations of variables of a cell that may be assigned to, whatever pattern they stand in,
 * and their names.
 */
function assignableNames(file: TypeScript.SourceFile): ReadonlyMap<TypeScript.Node, string> {
  const found = new Map<TypeScript.Node, string>()
  const add = (declaration: TypeScript.VariableDeclaration | TypeScript.BindingElement): void => {
    if (ts.isIdentifier(declaration.name)) found.set(declaration, declaration.name.text)
    else for (const element of declaration.name.elements) if (ts.isBindingElement(element)) add(element)
  }
  for (const statement of file.statements) {
    if (!ts.isVariableStatement(statement) || statement.declarationList.flags & ts.NodeFlags.Const) continue
    for (const declaration of statement.declarationList.declarations) add(declaration)
  }
  return found
}

/** The names that earlier cells declared. */
function earlierNames(program: TypeScript.Program): ReadonlySet<string> {
  const earlier = program.getSourceFiles().find(isEarlierCells) as unknown as { readonly locals?: Map<string, unknown> }
  return new Set(
    [...(earlier.locals?.keys() ?? [])].map((name) => ts.unescapeLeadingUnderscores(name as TypeScript.__String)),
  )
}

/** `__tslab__.link({ workers: (given) => { workers = given } }, { … })` */
function linkStatement(
  factory: TypeScript.NodeFactory,
  captured: readonly string[],
  others: readonly string[],
): TypeScript.Statement {
  const setter = (name: string): TypeScript.PropertyAssignment => {
    const given = factory.createUniqueName('given')
    const assignment = factory.createAssignment(factory.createIdentifier(name), given)
    return factory.createPropertyAssignment(
      name,
      factory.createArrowFunction(
        undefined,
        undefined,
        [factory.createParameterDeclaration(undefined, undefined, given)],
        undefined,
        undefined,
        factory.createBlock([factory.createExpressionStatement(assignment)]),
      ),
    )
  }
  const link = factory.createPropertyAccessExpression(factory.createIdentifier(linkName), 'link')
  const given = [captured, others].map((names) => factory.createObjectLiteralExpression(names.map(setter)))
  return factory.createExpressionStatement(factory.createCallExpression(link, undefined, given))
}
