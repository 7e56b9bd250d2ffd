import type { ColumnType } from '../../../../../../study/table/table.js'
import { Records } from '../../../../../records/records.js'
import { formatsOf, type KnownFormat, knownFormats } from '../../../fields/date-formats.js'
import { timeReader } from '../../../fields/field-times.js'
import { ownFormat, type ReadValue } from '../../../fields/value-reader.js'
import { Candidate } from './candidate.js'
import type { Place } from './place.js'

/** Types of dates and times, the narrowest first. */
const timeTypes = ['date', 'timestamp', 'timestamptz'] as const
type TimeType = (typeof timeTypes)[number]

/** Characters of the longest date or time. */
const maxLength = 50

/** Evidence that a column holds dates or times, and how they are written. */
export class DateCandidate extends Candidate {
  override readonly kind = 'date'
  /** Types whose values all are, as PostgreSQL spells them. */
  own: readonly TimeType[] = timeTypes
  /** Formats by which all values so far can be read. */
  formats: readonly KnownFormat[] = allFormats()
  /** A value that formats of different orders read; null for none. */
  ambiguous: Place | null = null
  /** The first value, and the first that is a date in another format; null for none. */
  first: Place | null = null
  otherWay: Place | null = null
  private previous = ''

  override fits(text: string): boolean {
    const { own, formats } = this.readingsOf(text)
    return own.length > 0 || formats.length > 0
  }

  protected override takes(text: string, place: () => Place): boolean {
    if (text === this.previous) return true
    const { own, formats } = this.readingsOf(text)
    if (own.length === 0 && formats.length === 0) {
      if (this.first !== null && new DateCandidate().fits(text)) this.otherWay ??= place()
      return false
    }
    this.first ??= place()
    this.own = own
    this.formats = formats
    if (new Set(formats.map(({ order }) => order)).size > 1) this.ambiguous = place()
    this.previous = text
    return true
  }

  /** Of the readings that are left those by which a text can be read. */
  private readingsOf(text: string): Pick<DateCandidate, 'own' | 'formats'> {
    if (text.length > maxLength || !/^[\d+a-z-]/i.test(text)) return { own: [], formats: [] }
    const bytes = Buffer.from(text)
    return {
      own: this.own.filter((type) => isTime(type, bytes)),
      formats: formatsOf(bytes, 0, bytes.length, this.formats),
    }
  }

  /**
   * Type of the column where its values are spelled as PostgreSQL does; null where they are not.
   */
  get ownType(): ColumnType | null {
    return this.own[0] ?? null
  }
}

let known: readonly KnownFormat[] | null = null

function allFormats(): readonly KnownFormat[] {
  known ??= knownFormats()
  return known
}

const scratch = new Records({ columns: timeTypes.map((type) => ({ name: type, type })), primaryKey: [] })
const readers: readonly ReadValue[] = timeTypes.map((type) => timeReader({ name: type, type }, ownFormat))

function isTime(type: TimeType, bytes: Buffer): boolean {
  const k = timeTypes.indexOf(type)
  const problem = readers[k]!(bytes, 0, bytes.length, scratch.columns[k]!)
  scratch.truncate(0)
  return problem === null
}
