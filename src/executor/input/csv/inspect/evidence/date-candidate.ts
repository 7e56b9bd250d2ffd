import { dateFormatsOf } from '../../fields/date-formats.js'
import { Candidate } from './candidate.js'
import type { Place } from './place.js'

/** Evidence that a column holds dates or times, and how they are written. */
export class DateCandidate extends Candidate {
  override readonly kind = 'date'
  /** Formats by which all values so far can be read; null before the first value. */
  formats: readonly string[] | null = null
  /** For each format that is excluded the value that did it. */
  readonly excludedBy = new Map<string, Place>()
  /** A value with several readings; null for none. */
  ambiguous: Place | null = null
  private previous = ''

  override fits(text: string): boolean {
    const read = dateFormatsOf(text)
    return this.formats === null ? read.length > 0 : this.formats.some((format) => read.includes(format))
  }

  protected override takes(text: string, place: () => Place): boolean {
    if (text === this.previous) return true
    const read = dateFormatsOf(text)
    const left = this.formats === null ? read : this.formats.filter((format) => read.includes(format))
    if (left.length === 0) return false
    if (this.formats !== null && left.length < this.formats.length) {
      for (const format of this.formats) if (!left.includes(format)) this.excludedBy.set(format, place())
    }
    if (left.length > 1) this.ambiguous ??= place()
    this.formats = left
    this.previous = text
    return true
  }
}
