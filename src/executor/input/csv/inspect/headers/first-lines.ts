import type { SampleRecord } from '../syntax/sample.js'

/** What stands before the records of a file. */
export interface FirstLines {
  /** Number of lines before the header, or before the first record. */
  readonly skipLines: number
  /** These lines, without empty ones. */
  readonly passed: readonly string[]
  /** The header or the first record; null for a file without any. */
  readonly first: SampleRecord | null
}

/** Lines before the header that are looked at. */
const maxLines = 50

/** The line by which Excel is told the delimiter, `sep=;`. */
const separatorLine = /^\uFEFF?sep=(.)\r?$/i

/** Returns the delimiter that a file's first line names as Excel reads it; null for none. */
export function namedDelimiter(firstLine: string): string | null {
  return separatorLine.exec(firstLine)?.[1] ?? null
}

/**
 * Finds the lines before the header: `sep=;`, and lines of one field in a file whose records have
 * several.
 */
export function firstLinesOf(records: readonly SampleRecord[], fields: number): FirstLines {
  const isPassed = (record: SampleRecord): boolean =>
    namedDelimiter(record.text) !== null || (fields > 1 && record.fields.length === 1)
  let k = 0
  while (k < records.length && k < maxLines && isPassed(records[k]!)) k++
  const first = records[k] ?? null
  if (first === null) return { skipLines: 0, passed: [], first: records[0] ?? null }
  return { skipLines: first.line - 1, passed: records.slice(0, k).map(({ text }) => text), first }
}
