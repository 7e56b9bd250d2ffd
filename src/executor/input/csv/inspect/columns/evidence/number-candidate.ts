import { Candidate } from './candidate.js'
import { allReadings, readingsOf } from './number-readings.js'
import type { Place } from './place.js'

/** Integer types by the number of digits that they always hold, narrowest first. */
type Width = 'int4' | 'int8' | 'numeric'

/** Evidence that a column holds numbers, and how they are written. */
export class NumberCandidate extends Candidate {
  override readonly kind = 'number'
  /** Readings by which all values so far are numbers, as bits. */
  readings = allReadings
  /** Of these, readings by which all are whole. */
  whole = allReadings
  /** For each reading that is excluded the value that did it. */
  readonly excludedBy = new Map<number, Place>()
  /** The first value whose marks have more than one reading; null for none. */
  marked: Place | null = null
  /** The first value that is a number by no reading of those before it; null for none. */
  otherWay: Place | null = null
  get first(): Place | null {
    return this.marked
  }
  /** The first value with a leading zero, which a number would lose; null for none. */
  leadingZero: Place | null = null
  /** The first value with a plus and many digits, such as one of a telephone; null for none. */
  leadingPlus: Place | null = null
  /** Whether a value has a minus, so that a plus is the sign of others. */
  hasMinus = false
  /** Whether a value has an exponent. */
  hasExponent = false
  /** Whether `float8` would lose digits of a value, or cannot hold it. */
  isLong = false
  /** Narrowest type for all values, as far as they are whole. */
  width: Width = 'int4'

  override fits(text: string): boolean {
    return special.test(text) || (readingsOf(text).number & this.readings) !== 0
  }

  protected override takes(text: string, place: () => Place): boolean {
    if (special.test(text)) {
      this.whole = 0
      return true
    }
    const { number, whole } = readingsOf(text)
    const left = this.readings & number
    if (left === 0) {
      if (number !== 0) this.otherWay ??= place()
      return false
    }
    const excluded = this.readings & ~number
    for (let k = 0; excluded >> k !== 0; k++) if ((excluded >> k) & 1) this.excludedBy.set(k, place())
    this.readings = left
    this.whole &= whole
    if (number !== allReadings) this.marked ??= place()
    this.isLong ||= isBeyondFloat8(text)
    if (/e/i.test(text)) this.hasExponent = true
    else if (/^[+-]?0\d/.test(text)) this.leadingZero ??= place()
    else if (/^\+\d{8,}$/.test(text)) this.leadingPlus ??= place()
    this.hasMinus ||= text.startsWith('-')
    if (this.width !== 'numeric') this.width = wider(this.width, widthOf(text))
    return true
  }
}

/** Numbers without digits, which floats and `numeric` hold. */
const special = /^([+-]?inf(inity)?|nan)$/i
/** Number of decimal digits that `float8` always holds. */
const float8Digits = 15

/** Whether a number has more digits than `float8` holds, or is too large or too small for it. */
function isBeyondFloat8(text: string): boolean {
  if (text.length <= float8Digits && !/e/i.test(text)) return false
  const [digits = '', exponent = '0'] = text.toLowerCase().split('e')
  const significant = digits.replace(/\D/g, '').replace(/^0+/, '')
  return significant.length > float8Digits || Math.abs(Number(exponent)) > 290
}

const widths: readonly Width[] = ['int4', 'int8', 'numeric']

function wider(a: Width, b: Width): Width {
  return widths[Math.max(widths.indexOf(a), widths.indexOf(b))]!
}

/** The narrowest type for a text's digits, if it is a whole number. */
function widthOf(text: string): Width {
  const digits = text.replace(/[^\d]/g, '').replace(/^0+(?=\d)/, '')
  if (digits.length < 10) return 'int4'
  if (digits.length > 19) return 'numeric'
  const value = BigInt(digits) * (text.startsWith('-') ? -1n : 1n)
  if (BigInt.asIntN(32, value) === value) return 'int4'
  return BigInt.asIntN(64, value) === value ? 'int8' : 'numeric'
}
