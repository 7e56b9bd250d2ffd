import { readFileSync } from 'node:fs'
import ts from 'typescript'

/** The `@example` of an exported function, as it stands in its docstring. */
export interface Example {
  readonly name: string
  /** The example's TypeScript, without the fence; empty where there is none. */
  readonly code: string
}

/** A line of an example that says what it gives: `median([3, 1, 2]) // 2`. */
export interface Stated {
  readonly line: string
  readonly stated: string
  readonly found: string
}

/** The examples of all functions that the named file exports. */
export function examplesIn(path: string): Example[] {
  const file = ts.createSourceFile(path, readFileSync(path, 'utf8'), ts.ScriptTarget.Latest, true)
  return file.statements.flatMap((statement) => {
    if (!ts.isFunctionDeclaration(statement) || !statement.name) return []
    if (!statement.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword)) return []
    const tag = ts.getJSDocTags(statement).find(({ tagName }) => tagName.text === 'example')
    const text = ts.getTextOfJSDocComment(tag?.comment) ?? ''
    return [{ name: statement.name.text, code: /^```ts\n(.*)\n```$/s.exec(text.trim())?.[1] ?? '' }]
  })
}

const valued = /^(?!const |let )(\S.*?) \/\/ (.+)$/

/**
 * Runs an example with the given names in reach, and returns each line that states a value beside
 * the value found, both in words: numbers are rounded to 4 digits.
 */
export function runExample({ code }: Example, names: object): Stated[] {
  const lines = code.split('\n')
  const body = lines.map((line) => line.replace(valued, (_, expression) => `found.push(${expression})`)).join('\n')
  const script = ts.transpile(body, { target: ts.ScriptTarget.ES2022 })
  const found: unknown[] = []
  new Function('found', ...Object.keys(names), script)(found, ...Object.values(names))
  const stated = lines.flatMap((line) => {
    const match = valued.exec(line)
    return match ? [{ line, stated: match[2]! }] : []
  })
  return stated.map((one, k) => ({ ...one, found: inWords(found[k]) }))
}

function inWords(value: unknown): string {
  if (typeof value === 'number') return String(Number(value.toPrecision(4)))
  if (Array.isArray(value)) return `[${value.map(inWords).join(', ')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  return `{ ${Object.entries(value)
    .map(([name, field]) => `${name}: ${inWords(field)}`)
    .join(', ')} }`
}
