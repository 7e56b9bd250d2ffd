import { runInNewContext, Script } from 'node:vm'
import { type CodeCell, cellTags, type Notebook } from './file/notebook-file.js'

/** Values for a notebook's `params`, by name: anything that JSON can hold. */
export type Parameters = Readonly<Record<string, unknown>>

/** The code cell tagged `parameters`, the first one. Throws `TypeError` when there is none. */
export function parametersCell(notebook: Notebook): CodeCell {
  const cell = notebook.cells.find((one) => one.cell_type === 'code' && cellTags(one).includes('parameters'))
  if (cell?.cell_type !== 'code') {
    throw new TypeError('Expected a code cell tagged `parameters` to put parameters after, got none')
  }
  return cell
}

/**
 * The values that the cell tagged `parameters` declares, by name. The object is evaluated by
 * itself, without imports and globals. Throws `TypeError` when there is no such cell, when it
 * declares no `const params = { … }`, and when that holds more than plain values.
 */
export function declaredParameters(notebook: Notebook): Parameters {
  const { source } = parametersCell(notebook)
  const declaration = /\bconst\s+params\s*(?::[^=]*)?=\s*(?=\{)/.exec(source)
  const literal = declaration && objectAtStart(source.slice(declaration.index + declaration[0].length))
  if (!literal) throw new TypeError('Expected the cell tagged `parameters` to declare `const params = { … }`')
  try {
    return structuredClone(runInNewContext(literal, Object.create(null), { timeout: 1_000 }))
  } catch (error) {
    throw new TypeError(
      `Expected \`params\` in the cell tagged \`parameters\` to hold plain values: ${(error as Error).message}`,
      { cause: error },
    )
  }
}

/**
 * The object literal that a text begins with, as an expression: it ends at the first brace where it
 * can be parsed. Null when it never can.
 */
function objectAtStart(text: string): string | null {
  for (let end = text.indexOf('}'); end >= 0; end = text.indexOf('}', end + 1)) {
    const expression = `(${text.slice(0, end + 1)}\n)`
    if (isScript(expression)) return expression
  }
  return null
}

function isScript(code: string): boolean {
  try {
    new Script(code)
    return true
  } catch {
    return false
  }
}
