/**
 * The proleptic Gregorian calendar in days since 1970-01-01, years counted as astronomers do: 0 is
 * 1 BC (Hinnant, "chrono-compatible low-level date algorithms", 2013).
 */

const eraDays = 146_097
/** Days from 0000-03-01 to 1970-01-01. */
const shift = 719_468

/** A day of the calendar. */
export interface CivilDay {
  readonly year: number
  readonly month: number
  readonly day: number
}

/** Returns the days from 1970-01-01 to a date that `daysOf` allows. */
export function dayNumber(year: number, month: number, day: number): number {
  const shifted = month > 2 ? year : year - 1
  const era = Math.floor(shifted / 400)
  const ofEra = shifted - era * 400
  const ofYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1
  return era * eraDays + ofEra * 365 + Math.floor(ofEra / 4) - Math.floor(ofEra / 100) + ofYear - shift
}

/** Returns the date of a day. */
export function civilDay(dayNumber: number): CivilDay {
  const shifted = dayNumber + shift
  const era = Math.floor(shifted / eraDays)
  const ofEra = shifted - era * eraDays
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  )
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const fromMarch = Math.floor((5 * ofYear + 2) / 153)
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    day: ofYear - Math.floor((153 * fromMarch + 2) / 5) + 1,
  }
}

/** Returns the number of days of a month. */
export function daysOf(year: number, month: number): number {
  if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31
}
