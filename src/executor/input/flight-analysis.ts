import { BadRecordError } from '../errors.js'
import type { Analyse } from './input.js'

const minuteMs = 60_000
const hourMs = 3_600_000
const dayMs = 86_400_000

/** Delays in minutes: `early` before 0, `on time` below 15, `late` below 60, `very late` from there on. */
export function delayClass(delay: number): string {
  if (delay < 0) return 'early'
  if (delay < 15) return 'on time'
  return delay < 60 ? 'late' : 'very late'
}

/** Distances in miles: `short` below 500, `medium` below 1,500, `long` from there on. */
export function distanceClass(distance: number): string {
  if (distance < 500) return 'short'
  return distance < 1500 ? 'medium' : 'long'
}

/**
 * The analyse step for one day's file, `flights-2001-01-01.csv`: checks a line's fields and derives what the table holds beside them. A
 * flight's number is its day as eight digits and its line as five, so that it does not depend on what else is loaded; `origin_mean_delay` is
 * the mean delay of the flights from the same airport so far that day, this one included. Throws `BadRecordError`.
 */
export function makeFlightAnalyse(fileName: string): Analyse {
  const day = /^flights-(\d{4}-\d{2}-\d{2})\.csv$/.exec(fileName)?.[1]
  if (day === undefined) throw new TypeError(`Expected a file name like flights-2001-01-01.csv, got ${fileName}`)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const weekday = new Date(midnight).getUTCDay() || 7
  const firstId = Number(day.replaceAll('-', '')) * 100_000
  const origins = new Map<string, { flights: number; delay: number }>()

  return ({ text, number }) => {
    const bad = (reason: string): BadRecordError => new BadRecordError(fileName, number, reason)
    const fields = text.split(',')
    if (fields.length !== 5) throw bad(`expected 5 fields, got ${fields.length}`)
    const [date, delayText, distanceText, origin, destination] = fields as [string, string, string, string, string]
    if (!date.startsWith(day)) throw bad(`expected a date of ${day}, got ${JSON.stringify(date)}`)
    const sinceMidnight = timeOfDayMs(date)
    if (sinceMidnight < 0) throw bad(`expected a date like ${day} 07:45, got ${JSON.stringify(date)}`)
    if (!isInteger(delayText)) throw bad(`expected the delay to be whole minutes, got ${JSON.stringify(delayText)}`)
    const delay = Number(delayText)
    if (delay < -dayMs / minuteMs || delay > (7 * dayMs) / minuteMs) {
      throw bad(`expected a delay between a day early and a week late, got ${delay} minutes`)
    }
    if (!isInteger(distanceText))
      throw bad(`expected the distance to be whole miles, got ${JSON.stringify(distanceText)}`)
    const distance = Number(distanceText)
    if (distance < 0 || distance > 12_451)
      throw bad(`expected a distance of up to half the Earth, got ${distance} miles`)
    if (!isAirport(origin)) throw bad(`expected the origin to be an airport's code, got ${JSON.stringify(origin)}`)
    if (!isAirport(destination)) {
      throw bad(`expected the destination to be an airport's code, got ${JSON.stringify(destination)}`)
    }
    let sum = origins.get(origin)
    if (sum === undefined) {
      sum = { flights: 0, delay: 0 }
      origins.set(origin, sum)
    }
    sum.flights += 1
    sum.delay += delay
    return [
      firstId + number,
      midnight + sinceMidnight,
      Math.floor(sinceMidnight / hourMs),
      weekday,
      origin,
      destination,
      `${origin}-${destination}`,
      delay,
      delayClass(delay),
      distance,
      distanceClass(distance),
      sum.delay / sum.flights,
    ]
  }
}

/** Milliseconds since midnight of `2001-01-01 07:45`, or -1 when the time is not written so. */
function timeOfDayMs(date: string): number {
  if (date.length !== 16 || date.charCodeAt(10) !== 32 || date.charCodeAt(13) !== 58) return -1
  const hours = twoDigits(date, 11)
  const minutes = twoDigits(date, 14)
  return hours < 24 && minutes < 60 ? hours * hourMs + minutes * minuteMs : -1
}

/** The number that two digits write, or more than 99. */
function twoDigits(text: string, at: number): number {
  const tens = text.charCodeAt(at) - 48
  const ones = text.charCodeAt(at + 1) - 48
  return tens >= 0 && tens < 10 && ones >= 0 && ones < 10 ? tens * 10 + ones : Number.POSITIVE_INFINITY
}

/** Whether the text is an integer of at most nine digits. */
function isInteger(text: string): boolean {
  const first = text.charCodeAt(0) === 45 ? 1 : 0
  if (text.length === first || text.length - first > 9) return false
  for (let i = first; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 48
    if (!(digit >= 0 && digit < 10)) return false
  }
  return true
}

/** Whether the text is three upper-case letters or digits. */
function isAirport(text: string): boolean {
  if (text.length !== 3) return false
  for (let i = 0; i < 3; i++) {
    const code = text.charCodeAt(i)
    if (!((code >= 65 && code <= 90) || (code >= 48 && code <= 57))) return false
  }
  return true
}
