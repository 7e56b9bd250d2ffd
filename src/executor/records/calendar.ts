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

/** Days from March to each month's first, by the month from 1: January ends the year before. */
const daysBefore = Int32Array.of(0, 306, 337, 0, 31, 61, 92, 122, 153, 184, 214, 245, 275)
/** Eras that are added, so that every year of PostgreSQL's dates counts from 0 on. */
const addedEras = 12

/** Returns the days from 1970-01-01 to a date from 4800 BC on. */
export function dayNumber(year: number, month: number, day: number): number {
  const counted = (month > 2 ? year : year - 1) + addedEras * 400
  const leapDays = (counted >> 2) - ((counted / 100) | 0) + ((counted / 400) | 0)
  return counted * 365 + leapDays + daysBefore[month]! + day - 1 - addedEras * eraDays - shift
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

/** Days of each month, by the month from 1, of a year that is no leap year. */
const daysOfMonths = Int32Array.of(0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)

/** Whether the calendar has a date. */
export function isDate(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false
  return day <= daysOfMonths[month]! || (month === 2 && day === 29 && isLeapYear(year))
}

function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
}
