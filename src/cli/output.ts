import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type StudyFinding, sentencesOf } from '../entries/analysis.js'
import { withWords } from './json-words.js'

/** Prints a command's answer on standard output. */
export function print(text: string): void {
  process.stdout.write(`${text}\n`)
}

/**
 * The place of a written file, for a person: its path as it can be typed in the shell that the
 * command was called from, and its address, which terminals open.
 */
export function placeText(label: string, path: string): string {
  return `${label.padEnd(8)}  ${fromHere(path)}\n${' '.repeat(10)}${pathToFileURL(path).href}`
}

export function fromHere(path: string): string {
  const inside = relative(process.cwd(), path)
  return inside.startsWith('..') ? resolve(path) : inside
}

/** Prints a value as JSON, for programs to read: results with the sentences that state them. */
export function printJson(value: unknown): void {
  print(JSON.stringify(withWords(value), null, 2))
}

/** Findings as lines; says so when there are none. */
export function findingsText(findings: readonly StudyFinding[]): string {
  const lines = findings.flatMap((finding) => sentencesOf(finding).map((text) => `! ${finding.code}: ${text}`))
  return lines.join('\n') || 'No finding'
}

/**
 * Rows as aligned columns of plain text; only fields that hold numbers, strings or booleans, in
 * some row, numbers to the right.
 */
export function rowsText(rows: readonly object[]): string {
  const [first] = rows
  if (!first) return 'No rows'
  const valueIn = (row: object, name: string): unknown => (row as Record<string, unknown>)[name]
  const known = (name: string): unknown => rows.map((row) => valueIn(row, name)).find((value) => value !== null)
  const names = Object.keys(first).filter((name) => !['undefined', 'object'].includes(typeof known(name)))
  const cells = rows.map((row) => names.map((name) => format(valueIn(row, name))))
  const widths = names.map((name, k) => Math.max(name.length, ...cells.map((row) => row[k]!.length)))
  const numeric = names.map((name) => typeof known(name) === 'number')
  const line = (row: readonly string[]): string =>
    row
      .map((cell, k) => (numeric[k] ? cell.padStart(widths[k]!) : cell.padEnd(widths[k]!)))
      .join('  ')
      .trimEnd()
  return [line(names), ...cells.map(line)].join('\n')
}

function format(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (typeof value === 'number' && !Number.isInteger(value)) return String(Number(value.toPrecision(6)))
  return String(value)
}
