import { BadRecordError } from '../errors.js'
import type { Records } from '../records/records.js'
import type { BytesRows, FloatRows, IntegerRows, WideRows } from '../records/values.js'
import type { CsvRecords } from './csv-records.js'
import { digitsIn, integerIn } from './field-numbers.js'

const minuteMicros = 60_000_000
const hyphen = 45
const space = 32
const colon = 58
/** 2000-01-01 in milliseconds since 1970. */
const epochMs = 946_684_800_000

const [early, onTime, late, veryLate] = ['early', 'on time', 'late', 'very late'].map((word) => Buffer.from(word))
const [short, medium, long] = ['short', 'medium', 'long'].map((word) => Buffer.from(word))

const longestWord = veryLate!.length

/** Delays in minutes: `early` before 0, `on time` below 15, `late` below 60, `very late` from there on. */
function delayClass(delay: number): Buffer {
  if (delay < 0) return early!
  if (delay < 15) return onTime!
  return delay < 60 ? late! : veryLate!
}

/** Distances in miles: `short` below 500, `medium` below 1,500, `long` from there on. */
function distanceClass(distance: number): Buffer {
  if (distance < 500) return short!
  return distance < 1500 ? medium! : long!
}

/** The columns of the flights' table, in their order. */
type FlightColumns = readonly [
  id: WideRows,
  departedAt: WideRows,
  hour: IntegerRows,
  weekday: IntegerRows,
  origin: BytesRows,
  destination: BytesRows,
  route: BytesRows,
  delay: IntegerRows,
  delayClass: BytesRows,
  distance: IntegerRows,
  distanceClass: BytesRows,
  originMeanDelay: FloatRows,
]

/**
 * The analyse step for one day's file, `flights-2001-01-01.csv`: checks a line's fields and derives what the table holds beside them. A
 * flight's number is its day as eight digits and its line as five, so that it does not depend on what else is loaded; `origin_mean_delay` is
 * the mean delay of the flights from the same airport so far that day, this one included.
 */
export class FlightAnalysis {
  private readonly day: string
  private readonly dayBytes: Buffer
  private readonly midnightMicros: number
  private readonly weekday: number
  private readonly firstId: number
  private readonly means = new RunningMeans()

  constructor(private readonly fileName: string) {
    const day = /^flights-(\d{4}-\d{2}-\d{2})\.csv$/.exec(fileName)?.[1]
    if (day === undefined) throw new TypeError(`Expected a file name like flights-2001-01-01.csv, got ${fileName}`)
    const midnight = Date.parse(`${day}T00:00:00Z`)
    this.day = day
    this.dayBytes = Buffer.from(day)
    this.midnightMicros = (midnight - epochMs) * 1000
    this.weekday = new Date(midnight).getUTCDay() || 7
    this.firstId = Number(day.replaceAll('-', '')) * 100_000
  }

  /** Adds the flights of the lines from `from` up to but without `end`. Throws `BadRecordError`. */
  analyse(lines: CsvRecords, from: number, end: number, to: Records): void {
    const flights = readFlights(lines, from, end, this.dayBytes)
    this.addColumns(lines, from, flights, to.columns as unknown as FlightColumns)
    to.complete(flights.count)
    if (flights.count < end - from) throw this.refusal(lines, from + flights.count)
  }

  /** One column after the other: short loops over numbers. */
  private addColumns(lines: CsvRecords, from: number, flights: Flights, columns: FlightColumns): void {
    const { firstId, midnightMicros, weekday, means } = this
    const { count, minutes, delays, distances, origins } = flights
    const [ids, departures, hours, weekdays, originNames, destinationNames] = columns
    const [, , , , , , routes, delayMinutes, delayClasses, miles, distanceClasses, meanDelays] = columns
    const row = hours.extend(count)
    for (let k = 0; k < count; k++) hours.values[row + k] = (minutes[k]! / 60) | 0
    weekdays.extend(count)
    weekdays.values.fill(weekday, row, row + count)
    delayMinutes.extend(count)
    delayMinutes.values.set(delays.subarray(0, count), row)
    miles.extend(count)
    miles.values.set(distances.subarray(0, count), row)
    ids.extend(count)
    for (let k = 0; k < count; k++) ids.setSafe(row + k, firstId + lines.line(from + k))
    departures.extend(count)
    for (let k = 0; k < count; k++) departures.setSafe(row + k, midnightMicros + minutes[k]! * minuteMicros)
    meanDelays.extend(count)
    for (let k = 0; k < count; k++) meanDelays.values[row + k] = means.add(origins[k]!, delays[k]!)
    addNames(lines, from, count, originNames, destinationNames, routes)
    addWords(delayClasses, delays, count, delayClass)
    addWords(distanceClasses, distances, count, distanceClass)
  }

  /** What is wrong with a line that was not read. */
  private refusal(lines: CsvRecords, position: number): BadRecordError {
    const refused = (expected: string, got: string): BadRecordError =>
      new BadRecordError(this.fileName, lines.line(position), `expected ${expected}, got ${got}`)
    const fields = lines.fieldsOf(position)
    if (fields !== 5) return refused('5 fields', String(fields))
    const field = lines.firstFields[position]!
    const [date, delay, distance, origin, destination] = Array.from({ length: 5 }, (_, k) =>
      JSON.stringify(lines.fieldText(field + k)),
    ) as [string, string, string, string, string]
    const number = (k: number): number => integerIn(lines.bytes, lines.starts[field + k]!, lines.ends[field + k]!)
    if (!date.startsWith(`"${this.day}`)) return refused(`a date of ${this.day}`, date)
    if (minutesIn(lines, field, this.dayBytes) < 0) return refused(`a date like ${this.day} 07:45`, date)
    if (Number.isNaN(number(1))) return refused('the delay to be whole minutes', delay)
    if (!isDelay(number(1))) return refused('a delay between a day early and a week late', `${number(1)} minutes`)
    if (Number.isNaN(number(2))) return refused('the distance to be whole miles', distance)
    if (!isDistance(number(2))) return refused('a distance of up to half the Earth', `${number(2)} miles`)
    if (airportIn(lines, field + 3) < 0) return refused("the origin to be an airport's code", origin)
    return refused("the destination to be an airport's code", destination)
  }
}

/** What the fields of some lines say, up to the first line that is amiss. */
interface Flights {
  count: number
  /** Minutes since midnight. */
  minutes: Int32Array
  delays: Int32Array
  distances: Int32Array
  /** The airports' codes as numbers. */
  origins: Int32Array
}

/** Filled anew by every call of `readFlights`. */
const read: Flights = {
  count: 0,
  minutes: new Int32Array(0),
  delays: new Int32Array(0),
  distances: new Int32Array(0),
  origins: new Int32Array(0),
}

/** Reads the fields of the lines from `from` up to but without `end`, of one day. What it returns is overwritten by the next call. */
function readFlights(lines: CsvRecords, from: number, end: number, day: Uint8Array): Flights {
  if (end - from > read.minutes.length) {
    for (const name of ['minutes', 'delays', 'distances', 'origins'] as const) read[name] = new Int32Array(end - from)
  }
  const { minutes, delays, distances, origins } = read
  const { bytes, starts, ends, firstFields } = lines
  let k = 0
  for (; k < end - from; k++) {
    const field = firstFields[from + k]!
    if (firstFields[from + k + 1]! - field !== 5) break
    const minute = minutesIn(lines, field, day)
    const delay = integerIn(bytes, starts[field + 1]!, ends[field + 1]!)
    const distance = integerIn(bytes, starts[field + 2]!, ends[field + 2]!)
    const origin = airportIn(lines, field + 3)
    if (minute < 0 || !isDelay(delay) || !isDistance(distance) || origin < 0 || airportIn(lines, field + 4) < 0) break
    minutes[k] = minute
    delays[k] = delay
    distances[k] = distance
    origins[k] = origin
  }
  read.count = k
  return read
}

/** From a day early to a week late, in minutes. */
const isDelay = (minutes: number): boolean => minutes >= -24 * 60 && minutes <= 7 * 24 * 60
/** Up to half the Earth, in miles. */
const isDistance = (miles: number): boolean => miles >= 0 && miles <= 12_451

/** Minutes since midnight of a field like `2001-01-01 07:45` of the day, or -1. */
function minutesIn({ bytes, starts, ends }: CsvRecords, field: number, day: Uint8Array): number {
  const date = starts[field]!
  const time = date + day.length + 1
  if (ends[field]! !== time + 5 || bytes[time - 1] !== space || bytes[time + 2] !== colon) return -1
  for (let i = 0; i < day.length; i++) if (bytes[date + i] !== day[i]) return -1
  const hours = digitsIn(bytes, time, 2)
  const minutes = digitsIn(bytes, time + 3, 2)
  return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60 ? hours * 60 + minutes : -1
}

/** Adds the airports of lines that were read, and the routes between them. */
function addNames(
  { bytes, starts, firstFields }: CsvRecords,
  from: number,
  count: number,
  origins: BytesRows,
  destinations: BytesRows,
  routes: BytesRows,
): void {
  let at = origins.room(3 * count)
  destinations.room(3 * count)
  let routeAt = routes.room(7 * count)
  const row = origins.extend(count)
  destinations.extend(count)
  routes.extend(count)
  const [originBytes, destinationBytes, routeBytes] = [origins.bytes, destinations.bytes, routes.bytes]
  for (let k = 0; k < count; k++) {
    const field = firstFields[from + k]! + 3
    const origin = starts[field]!
    const destination = starts[field + 1]!
    for (let i = 0; i < 3; i++) {
      const letter = bytes[origin + i]!
      originBytes[at + i] = letter
      routeBytes[routeAt + i] = letter
    }
    routeBytes[routeAt + 3] = hyphen
    for (let i = 0; i < 3; i++) {
      const letter = bytes[destination + i]!
      destinationBytes[at + i] = letter
      routeBytes[routeAt + 4 + i] = letter
    }
    at += 3
    routeAt += 7
    origins.ends[row + k] = at
    destinations.ends[row + k] = at
    routes.ends[row + k] = routeAt
  }
}

/** Adds the word for each of the first `count` numbers. */
function addWords(rows: BytesRows, numbers: Int32Array, count: number, wordOf: (number: number) => Buffer): void {
  let at = rows.room(longestWord * count)
  const row = rows.extend(count)
  const { bytes, ends } = rows
  for (let k = 0; k < count; k++) {
    const word = wordOf(numbers[k]!)
    for (let i = 0; i < word.length; i++) bytes[at++] = word[i]!
    ends[row + k] = at
  }
}

const airportCodes = 36 ** 3

/** A field of three upper-case letters or digits as a number below 36³; -1 for anything else. */
function airportIn({ bytes, starts, ends }: CsvRecords, field: number): number {
  const from = starts[field]!
  if (ends[field]! - from !== 3) return -1
  let code = 0
  for (let i = from; i < from + 3; i++) {
    const byte = bytes[i]!
    if (byte >= 65 && byte <= 90) code = code * 36 + byte - 55
    else if (byte >= 48 && byte <= 57) code = code * 36 + byte - 48
    else return -1
  }
  return code
}

/** Means of the delays so far, by airport. */
class RunningMeans {
  /** The place of an airport in the lists, from 1. */
  private readonly places = new Uint16Array(airportCodes)
  private readonly flights = [0]
  private readonly delays = [0]

  add(code: number, delay: number): number {
    const { flights, delays } = this
    let place = this.places[code]!
    if (place === 0) {
      place = flights.push(0) - 1
      delays.push(0)
      this.places[code] = place
    }
    const count = flights[place]! + 1
    const sum = delays[place]! + delay
    flights[place] = count
    delays[place] = sum
    return sum / count
  }
}
