import { lstatSync, readFileSync, statSync } from 'node:fs'
import { JournalError } from './journal-error.js'

/** The text of a journal, line by line. */
export interface JournalText {
  /** Whole lines: each ended with a line end. */
  readonly lines: readonly string[]
  /** How many bytes they take. */
  readonly bytes: number
  /** Whether something stands behind the last whole line: what a crash or a full disk left of one. */
  readonly torn: boolean
}

/** Reads a journal's text; null where there is no such file. Throws `JournalError` for what is no file, before it is opened, and for one that may not be read. */
export function readText(path: string): JournalText | null {
  if (!isJournalFile(path)) return null
  const content = reading(path, () => readFileSync(path))
  const bytes = content.lastIndexOf('\n') + 1
  const text = content.toString('utf8', 0, bytes).replace(/^\uFEFF/, '')
  const lines = text.split('\n').slice(0, -1)
  return { lines: lines.map((line) => line.replace(/\r$/, '')), bytes, torn: bytes < content.length }
}

/** Whether there is a journal of that name. Throws `JournalError` where something else stands there: to open a pipe would wait for ever. */
export function isJournalFile(path: string): boolean {
  const own = reading(path, () => lstatSync(path, { throwIfNoEntry: false }))
  if (!own) return false
  const found = reading(path, () => statSync(path, { throwIfNoEntry: false }))
  if (!found)
    throw new JournalError(path, null, 'is a link to a file that is not there: restore the file, or remove the link')
  if (!found.isFile())
    throw new JournalError(
      path,
      null,
      `is a ${found.isDirectory() ? 'folder' : 'pipe or device'} where a journal should be: move it away`,
    )
  return true
}

function reading<T>(path: string, read: () => T): T {
  try {
    return read()
  } catch (cause) {
    throw new JournalError(
      path,
      null,
      `cannot be read (${(cause as NodeJS.ErrnoException).code}): make it readable for you`,
      {
        cause,
      },
    )
  }
}
