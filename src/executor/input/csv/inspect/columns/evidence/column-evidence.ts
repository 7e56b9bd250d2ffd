import { withoutSpaces } from '../../../../../records/spaces.js'
import { nullWords } from '../../../fields/null-fields.js'
import type { Candidate, Kind } from './candidate.js'
import { DateCandidate } from './date-candidate.js'
import { Distinct, hashOf } from './distinct.js'
import { NumberCandidate } from './number-candidate.js'
import { type Place, placeOf } from './place.js'
import { Repeated } from './repeated.js'
import { ArrayCandidate, BooleanCandidate, shapeCandidates } from './shape-candidates.js'

/** How often a word occurred that other programs write for null, and where first. */
export interface NullWord {
  readonly word: string
  readonly first: Place
  count: number
}

const candidateOf: Readonly<Record<Kind, () => Candidate>> = {
  bool: () => new BooleanCandidate(),
  number: () => new NumberCandidate(),
  date: () => new DateCandidate(),
  ...shapeCandidates,
  array: () => new ArrayCandidate(),
}

/** Every kind, in the order in which the first that fits is taken. */
export const kinds: readonly Kind[] = ['bool', 'number', 'date', 'uuid', 'bytea', 'json', 'array']

/** What all values of one column say about its type and its spelling. */
export class ColumnEvidence {
  /** Fields that are neither empty nor a word for null. */
  values = 0
  /** Empty fields, without quotes and with them. */
  empty = 0
  emptyQuoted = 0
  /** Fields `\N` where backslashes escape. */
  escapedNulls = 0
  readonly words = new Map<string, NullWord>()
  /** Kinds that are still possible. */
  candidates: readonly Candidate[]
  /** How its numbers and dates are written, also where it holds other values. */
  readonly written: readonly (NumberCandidate | DateCandidate)[]
  readonly distinct = new Distinct()
  /** Values that are of every kind that is left. */
  private readonly repeated = new Repeated()

  /** `possible` are the kinds to look for: all, or those of a type that is stated. */
  constructor(
    private readonly file: () => string,
    possible: readonly Kind[] = kinds,
  ) {
    this.candidates = possible.map((kind) => candidateOf[kind]())
    this.written = this.candidates.filter((one) => one instanceof NumberCandidate || one instanceof DateCandidate)
  }

  /** Takes a null in that is told by its backslash. */
  addNull(): void {
    this.escapedNulls++
  }

  /** Takes a field in: `bytes[from]` up to but without `bytes[to]`, UTF-8. */
  add(bytes: Buffer, from: number, to: number, quoted: boolean, line: number): void {
    if (from === to) {
      if (quoted) this.emptyQuoted++
      else this.empty++
      return
    }
    const hash = hashOf(bytes, from, to)
    if (this.repeated.has(hash)) {
      this.values++
      this.distinct.addDuplicate()
      return
    }
    this.distinct.add(hash)
    if (this.candidates.length === 0 && to - from > maxWordBytes) {
      this.values++
      return
    }
    const text = bytes.toString('utf8', from, to)
    const place = (): Place => placeOf(this.file(), line, text)
    if (!quoted && nullWords.has(text)) {
      const known = this.words.get(text)
      if (known) known.count++
      else this.words.set(text, { word: text, first: place(), count: 1 })
      return
    }
    this.values++
    const value = withoutSpaces(text)
    let isPlain = true
    const left = this.candidates.filter((candidate) => {
      const { contradicted } = candidate
      const isLeft = candidate.add(value, this.values, place)
      if (isLeft && candidate.contradicted > contradicted) isPlain = false
      return isLeft
    })
    if (left.length < this.candidates.length) this.candidates = left
    if (isPlain && !nullWords.has(text)) this.repeated.add(hash)
  }

  /**
   * The candidate of a kind that every value is of; undefined where one is not, or none is there.
   */
  certain(kind: Kind): Candidate | undefined {
    return this.candidates.find((candidate) => candidate.kind === kind && candidate.contradicted === 0)
  }
}

/** Length of the longest word for null. */
const maxWordBytes = Math.max(...[...nullWords].map((word) => Buffer.byteLength(word)))
