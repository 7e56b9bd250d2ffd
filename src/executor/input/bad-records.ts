import type { BadRecordError } from '../errors.js'

/** Maximum number of kinds that are told apart; the records of others are counted together. */
const maxKinds = 20
/** Maximum number of places that are named of each kind. */
const maxPlaces = 3

/** Bad records of one kind. */
export interface BadKind {
  /** The reason of its first record. */
  readonly reason: string
  /** The first of its records, "file:line". */
  readonly places: readonly string[]
  readonly lines: number
}

interface Kind extends BadKind {
  readonly places: string[]
  lines: number
}

/**
 * The bad records of one pass over an input, by kind: those of one kind have the same reason but
 * for the values in it. Memory is bounded.
 */
export class BadRecords {
  count = 0
  /** The first bad record; null for none. */
  first: BadRecordError | null = null
  private readonly kinds = new Map<string, Kind>()
  private linesOfOthers = 0

  add(error: BadRecordError): void {
    const { file, line, lastLine, reason } = error
    this.count++
    this.first ??= error
    const lines = lastLine - line + 1
    const name = reason.replace(/"(?:[^"\\]|\\.)*"/g, '""')
    const kind = this.kinds.get(name) ?? { reason, places: [], lines: 0 }
    if (!this.kinds.has(name)) {
      if (this.kinds.size === maxKinds) {
        this.linesOfOthers += lines
        return
      }
      this.kinds.set(name, kind)
    }
    kind.lines += lines
    if (kind.places.length < maxPlaces) kind.places.push(`${file}:${line}${lines > 1 ? `-${lastLine}` : ''}`)
  }

  /** The kinds that are told apart, in the order of their first records. */
  list(): readonly BadKind[] {
    return [...this.kinds.values()].map((kind) => ({ ...kind }))
  }

  /** A sentence about each kind: how many lines, the reason of the first, the first places. */
  words(): string[] {
    const words = this.list().map(badKindText)
    return this.linesOfOthers === 0 ? words : [...words, `${linesInWords(this.linesOfOthers)} for other reasons`]
  }
}

/** "12 lines: expected 5 fields, got 4, first in a.csv:7, b.csv:2" */
export function badKindText({ reason, places, lines }: BadKind): string {
  return `${linesInWords(lines)}: ${reason}, first in ${places.join(', ')}`
}

function linesInWords(lines: number): string {
  return lines === 1 ? '1 line' : `${lines} lines`
}
