import { basename, resolve } from 'node:path'
import pg from 'pg'
import { plainSyntax } from '../../../file-spec.js'
import type { Inspection } from '../inspection.js'

const { escapeIdentifier } = pg

/** Returns the call of `csv` that states what was found out. */
export function callOf(folder: string, inspection: Inspection, pattern: RegExp | string | undefined): string {
  const { columns, perFile, delimiter, quote, encoding, comment, decimal, thousands, header } = inspection
  const skipLines = new Set(perFile.map((file) => file.skipLines))
  const lines = [
    columnsText(columns),
    ...formatLines(inspection),
    `delimiter: ${quoted(delimiter)},`,
    ...(quote === plainSyntax.quote ? [] : [`quote: ${quote === null ? 'null' : quoted(quote)},`]),
    ...(inspection.escape === plainSyntax.escape ? [] : [`escape: ${quoted(inspection.escape)},`]),
    ...(perFile.every((file) => file.header === header) ? [`header: ${header},`] : []),
    `encoding: ${quoted(encoding)},`,
    ...(decimal === plainSyntax.decimal ? [] : [`decimal: ${quoted(decimal)},`]),
    ...(thousands === null ? [] : [`thousands: ${quoted(thousands)},`]),
    ...(comment === null ? [] : [`comment: ${quoted(comment)},`]),
    ...(skipLines.size === 1 && !skipLines.has(0) ? [`skipLines: ${[...skipLines][0]},`] : []),
    ...(pattern === undefined ? [] : [`pattern: ${typeof pattern === 'string' ? quoted(pattern) : pattern},`]),
  ]
  return `csv(${quoted(folder)}, {\n${lines.map((line) => `  ${line}\n`).join('')}})`
}

/** The columns by their names, or as a list where an object would not keep names in order. */
function columnsText(columns: Inspection['columns']): string {
  const isInOrder = columns.every(({ name }) => !/^\d+$/.test(name) && name !== '__proto__')
  const [open, close] = isInOrder ? ['{', '}'] : ['[', ']']
  const lines = columns.map(({ name, type }) =>
    isInOrder ? `${keyOf(name)}: ${quoted(type)}` : `{ name: ${quoted(name)}, type: ${quoted(type)} }`,
  )
  return `columns: ${open}\n${lines.map((line) => `    ${line},\n`).join('')}  ${close},`
}

function formatLines({ columns }: Inspection): string[] {
  const formats = columns.filter(({ format }) => format !== null)
  if (formats.length === 0) return []
  const entries = formats.map(({ name, format }) => `${keyOf(name)}: ${quoted(format!)}`)
  return [`formats: { ${entries.join(', ')} },`]
}

/** Returns the statement that creates the table, named like the folder. */
export function ddlOf(folder: string, { columns, primaryKeys }: Inspection): string {
  const lines = columns.map(
    ({ name, type, nulls }) => `${escapeIdentifier(name)} ${type}${nulls === 0 && type !== 'text' ? ' NOT NULL' : ''}`,
  )
  const key = keyAmong(columns, primaryKeys)
  if (key !== undefined) lines.push(`PRIMARY KEY (${escapeIdentifier(key)})`)
  const table = basename(resolve(folder)).replace(/\.[^.]+$/, '')
  return `CREATE TABLE ${escapeIdentifier(table)} (\n${lines.map((line) => `  ${line}`).join(',\n')}\n);`
}

/**
 * The column that is the key by all appearances: texts differ by chance, except in the first
 * column.
 */
function keyAmong(columns: Inspection['columns'], candidates: readonly string[]): string | undefined {
  const isText = (name: string): boolean => columns.find((column) => column.name === name)?.type === 'text'
  return candidates.find((name) => !isText(name) || name === columns[0]?.name)
}

function keyOf(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)
}

/** A text as a literal of TypeScript, between single quotes. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inner}'`
}
