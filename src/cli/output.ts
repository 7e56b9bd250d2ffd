import { relative, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { tableText } from '../analysis/tables/tables.js'
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

/** Rows as aligned columns of plain text; says so when there are none. */
export function rowsText(rows: readonly object[]): string {
  return rows.length === 0 ? 'No rows' : tableText(rows)
}
