import { withoutSpaces } from '../../../records/spaces.js'
import { dayOf, type Moment, timeOf } from './moment.js'
import { makeZoneOffset } from './zone-offset.js'

export type TimeType = 'date' | 'timestamp' | 'timestamptz'

/**
 * A date, year first, with a time, a zone, and an era: `2001-2-3 4:05:06.789 +01:30 BC`. The zone
 * of a date alone stands after a space.
 */
const shape =
  /^(\d{4,7})-(\d{1,2})-(\d{1,2})(?:(?:T| +)(\d{1,2}):(\d{1,2})(?::(\d{1,2})(\.\d+)?)?(?: *([+-][\d:]+|[a-z][\w+/-]*))??|(?: +([+-][\d:]+|[a-z][\w+/-]*))??)(?: +(AD|BC))?$/i
const offsetShape = /^([+-])(\d{1,2})(?::(\d{2})(?::(\d{2}))?|(\d{2}))?$/
const infinityShape = /^(-?)infinity$/i

const examples: Readonly<Record<TimeType, string>> = {
  date: 'dates are read as 2019-01-13; state its format in `formats`, such as DD/MM/YYYY',
  timestamp: 'timestamps are read as 2019-01-13 14:05:06; state its format in `formats`, such as DD/MM/YYYY HH24:MI',
  timestamptz:
    'timestamps are read as 2019-01-13 14:05:06+01; state its format in `formats`, such as DD/MM/YYYY HH24:MI',
}

/**
 * Returns the reader of dates and times as text, in the spellings of PostgreSQL that begin with the
 * year and so depend on no setting. It returns null, or why a text is none of them.
 */
export function timeTextReader(type: TimeType): (text: string, to: Moment) => string | null {
  const zoneOffset = makeZoneOffset()
  return (given, to) => {
    const text = withoutSpaces(given)
    const infinity = infinityShape.exec(text)
    if (infinity !== null) {
      to.day = infinity[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY
      to.micros = 0
      return null
    }
    const match = shape.exec(text)
    if (match === null) return examples[type]
    const [, year, month, day, hours, minutes, seconds = '0', fraction, timeZone, dateZone, era = 'AD'] = match
    const zone = timeZone ?? dateZone
    if (type === 'date' && hours !== undefined) return 'a date would lose its time; take timestamp'
    if (type !== 'timestamptz' && zone !== undefined) return `a ${type} would lose its zone; take timestamptz`
    const counted = Number(year)
    to.day = counted === 0 ? Number.NaN : dayOf(/^bc$/i.test(era) ? 1 - counted : counted, Number(month), Number(day))
    if (Number.isNaN(to.day)) return 'no calendar has this date'
    to.micros = hours === undefined ? 0 : timeOf(Number(hours), Number(minutes), Number(seconds), microsOf(fraction))
    if (Number.isNaN(to.micros)) return 'no day has this time'
    return zone === undefined ? null : subtractZone(zone, to, zoneOffset)
  }
}

/** Microseconds of a fraction of a second, rounded as the server does. */
function microsOf(fraction = ''): number {
  const scaled = Number(`0${fraction}`) * 1_000_000
  const rounded = Math.round(scaled)
  // Ties go to the even number.
  return rounded - scaled === 0.5 && rounded % 2 === 1 ? rounded - 1 : rounded
}

function subtractZone(zone: string, to: Moment, zoneOffset: ReturnType<typeof makeZoneOffset>): string | null {
  if (/^(z|utc|gmt)$/i.test(zone)) return null
  if (/^[a-z]/i.test(zone)) {
    const found = zoneOffset(zone, to)
    if (typeof found === 'string') return found
    to.micros -= found
    return null
  }
  const offset = offsetShape.exec(zone)
  if (offset === null) return 'offsets are read as +05, +0545, +05:45 or +05:45:30'
  const [, sign, hours, colonMinutes, seconds = '0', minutes = colonMinutes ?? '0'] = offset
  if (Number(hours) > 15 || Number(minutes) > 59 || Number(seconds) > 59)
    return 'PostgreSQL reads offsets below 16 hours'
  const whole = (Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)
  to.micros -= (sign === '-' ? -1 : 1) * whole * 1_000_000
  return null
}
