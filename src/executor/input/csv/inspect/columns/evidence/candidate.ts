import type { Place } from './place.js'

/** Kinds of values that a column may hold; text is what is left. */
export type Kind = 'bool' | 'number' | 'date' | 'uuid' | 'bytea' | 'json' | 'array'

/**
 * Number, and share of the values, of contradictions up to which a kind may still be the column's.
 */
const [toleratedValues, toleratedShare] = [20, 0.05]
/** Maximum number of contradictions whose places are kept. */
const maxPlaces = 5

/** One kind that a column may be of, with what speaks against it. */
export abstract class Candidate {
  abstract readonly kind: Kind
  /** Number of values that are none of the kind. */
  contradicted = 0
  /** The first of them. */
  readonly places: Place[] = []

  /** Takes a value in; returns whether it is of the kind. */
  protected abstract takes(text: string, place: () => Place): boolean

  /** Whether a value is of the kind, spelled as all values so far are; takes nothing in. */
  abstract fits(text: string): boolean

  /** Takes a value in, the `count`th of its column; returns whether the kind is still possible. */
  add(text: string, count: number, place: () => Place): boolean {
    if (this.takes(text, place)) return true
    this.contradicted++
    if (this.places.length < maxPlaces) this.places.push(place())
    return this.contradicted <= toleratedValues || this.contradicted <= toleratedShare * count
  }
}
