/**
 * What a backslash and the byte after it are, by who writes them. `null`: a field `\N`, or the line
 * `\.` after the data, of COPY and MySQL. `quote`, `delimiter`, `newline`, `self`: before a quote,
 * a delimiter, a newline, another backslash (and NUL, as `\0`). `letter`: as in `\t`, which COPY
 * writes for a tab, and a path for itself. `text`: what nobody writes who escapes, as in `\U`.
 */
export type BackslashKind = 'null' | 'quote' | 'delimiter' | 'newline' | 'self' | 'letter' | 'text'

/** Kinds that programs write, and that are seldom there by chance. */
export const telling: readonly BackslashKind[] = ['null', 'quote', 'delimiter', 'newline']

/** A backslash in a text. */
export interface Backslash {
  readonly kind: BackslashKind
  readonly at: number
}

/** Returns the first backslash of each kind in a text, from left to right, two by two. */
export function backslashesIn(text: string, delimiter: string): readonly Backslash[] {
  const found = new Map<BackslashKind, Backslash>()
  for (let at = text.indexOf('\\'); at >= 0; at = text.indexOf('\\', at + 2)) {
    const kind = kindAt(text, at, delimiter)
    if (!found.has(kind)) found.set(kind, { kind, at })
  }
  return [...found.values()]
}

function kindAt(text: string, at: number, delimiter: string): BackslashKind {
  const next = text[at + 1] ?? '\n'
  if (next === delimiter) return 'delimiter'
  if (next === '\\' || next === '0') return 'self'
  if (next === '\n' || next === '\r') return 'newline'
  if (next === '"' || next === "'") return 'quote'
  if ('btnvfr'.includes(next)) return 'letter'
  const [before, after] = [text[at - 1] ?? '\n', text[at + 2] ?? '\n']
  const endsField = (mark: string): boolean => mark === delimiter || '\r\n'.includes(mark)
  if (next === '.' && before === '\n' && '\r\n'.includes(after)) return 'null'
  const isField = endsField(before) ? endsField(after) : before === '"' && after === '"'
  return next === 'N' && isField ? 'null' : 'text'
}
