import { dayNumber, isDate } from '../../../records/calendar.js'
import { dayMicros, endDays, epochDays, firstDay } from '../../../records/epoch.js'
import { infiniteDay, infiniteTime } from '../../../records/infinity.js'
import type { Int32Column, Int64Column } from '../../../records/values.js'

/** A date and time of day. */
export interface Moment {
  /** Days since 1970-01-01; infinite for `infinity` and `-infinity`. */
  day: number
  /** Microseconds since the day's midnight in UTC: beyond the day where the time has a zone. */
  micros: number
}

/**
 * Returns the days since 1970-01-01 of a date, by astronomers' years; NaN for one that no calendar
 * has.
 */
export function dayOf(year: number, month: number, day: number): number {
  return isDate(year, month, day) ? dayNumber(year, month, day) : Number.NaN
}

/**
 * Returns the microseconds since midnight; NaN for a time that no day has. As on the server, a
 * minute may have a second 60, and a day ends at 24:00:00.
 */
export function timeOf(hours: number, minutes: number, seconds: number, micros: number): number {
  if (hours > 24 || minutes > 59 || seconds > 60) return Number.NaN
  const total = ((hours * 60 + minutes) * 60 + seconds) * 1_000_000 + micros
  return total <= dayMicros ? total : Number.NaN
}

/** Adds a date; false where `date` does not reach it. */
export function pushDay(rows: Int32Column, day: number): boolean {
  if (!Number.isFinite(day)) rows.push(infiniteDay(day))
  else if (day < firstDay || day >= endDays.date) return false
  else rows.push(day - epochDays)
  return true
}

/** Adds a time; false where `timestamp` does not reach it. */
export function pushTime(rows: Int64Column, day: number, micros: number): boolean {
  const total = (day - epochDays) * dayMicros + micros
  // Before the year 2285 the sum is a safe integer.
  if (!Number.isSafeInteger(total)) return pushFar(rows, day, micros)
  rows.pushSafe(total)
  return true
}

function pushFar(rows: Int64Column, day: number, micros: number): boolean {
  if (!Number.isFinite(day)) {
    const { high, low } = infiniteTime(day)
    rows.push(high, low)
    return true
  }
  const exact = BigInt(day - epochDays) * BigInt(dayMicros) + BigInt(micros)
  if (exact < firstMicros || exact >= endMicros) return false
  rows.pushBig(exact)
  return true
}

const firstMicros = BigInt(firstDay - epochDays) * BigInt(dayMicros)
const endMicros = BigInt(endDays.timestamp - epochDays) * BigInt(dayMicros)
