import { isValue } from '../columns/evidence/is-value.js'
import type { SampleRecord } from '../syntax/sample.js'

/** What stands before the records of a file. */
export interface FirstLines {
  /** Number of lines before the header, or before the first record. */
  readonly skipLines: number
  /** These lines, without empty ones. */
  readonly passed: readonly SampleRecord[]
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
 * Finds the lines before the header: `sep=;`, lines that begin with `#`, and lines of a report,
 * which have one field or at least two less than the records.
 */
export function firstLinesOf(records: readonly SampleRecord[], fields: number): FirstLines {
  const isPassed = (record: SampleRecord, k: number): boolean => {
    const own = record.fields.length
    if (isNote(record)) return own !== fields || !isAsNext(records[k + 1])
    return namedDelimiter(record.text) !== null || (fields > 1 && (own === 1 || own < fields - 1))
  }
  let k = 0
  while (k < records.length && k < maxLines && isPassed(records[k]!, k)) k++
  const first = records[k] ?? null
  if (first === null) return { skipLines: 0, passed: [], first: records[0] ?? null }
  return { skipLines: first.line - 1, passed: records.slice(0, k), first }
}

/** Whether a line is one of those before the header that say of themselves that they are none. */
export function isNote({ text }: SampleRecord): boolean {
  return text.startsWith('#')
}

/**
 * Whether a line such as `#id,v` is a header or a record by the next one, which holds values, or
 * begins like it.
 */
function isAsNext(next: SampleRecord | undefined): boolean {
  return next === undefined || isNote(next) || next.fields.some((field) => isValue(field.trim()))
}
