/** A field of a file: where it stands, and its text. */
export interface Place {
  readonly file: string
  /** Number of the (first) line of its record, from 1. */
  readonly line: number
  readonly text: string
}

/** Maximum number of characters of a field that are kept. */
const maxShown = 60

/** Returns the place of a field; the beginning of a long text. */
export function placeOf(file: string, line: number, text: string): Place {
  return { file, line, text: text.length > maxShown ? `${text.slice(0, maxShown)}…` : text }
}
