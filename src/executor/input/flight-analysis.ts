import { BadRecordError } from '../errors.js'
import type { Records } from '../records/records.js'
import type { BytesRows, FloatRows, IntegerRows, WideRows } from '../records/values.js'
import type { CsvRecords } from './csv-records.js'
import { integerIn, timeOfDayIn } from './field-numbers.js'

const minuteMicros = 60_000_000
const hourMicros = 60 * minuteMicros
/** 2000-01-01 in milliseconds since 1970. */
const epochMs = 946_684_800_000

const [early, onTime, late, veryLate] = ['early', 'on time', 'late', 'very late'].map((word) => Buffer.from(word))
const [short, medium, long] = ['short', 'medium', 'long'].map((word) => Buffer.from(word))

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
  private readonly route = Buffer.from('ORG-DST')

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

  /** Adds the flight of one line to the records. Throws `BadRecordError`. */
  analyse(lines: CsvRecords, position: number, to: Records): void {
    const { day, route } = this
    const { bytes, starts, ends } = lines
    const field = lines.firstFields[position]!
    const fields = lines.fieldsOf(position)
    if (fields !== 5) throw this.refused(lines, position, '5 fields', String(fields))

    const date = starts[field]!
    const time = date + 10 + 1
    if (!startsWith(bytes, date, ends[field]!, this.dayBytes))
      throw this.refused(lines, position, `a date of ${day}`, 0)
    const sinceMidnight = ends[field]! === time + 5 && bytes[time - 1] === 32 ? timeOfDayIn(bytes, time, time + 5) : -1
    if (!(sinceMidnight >= 0)) throw this.refused(lines, position, `a date like ${day} 07:45`, 0)

    const delay = integerIn(bytes, starts[field + 1]!, ends[field + 1]!)
    if (Number.isNaN(delay)) throw this.refused(lines, position, 'the delay to be whole minutes', 1)
    if (delay < -24 * 60 || delay > 7 * 24 * 60) {
      throw this.refused(lines, position, 'a delay between a day early and a week late', `${delay} minutes`)
    }
    const distance = integerIn(bytes, starts[field + 2]!, ends[field + 2]!)
    if (Number.isNaN(distance)) throw this.refused(lines, position, 'the distance to be whole miles', 2)
    if (distance < 0 || distance > 12_451) {
      throw this.refused(lines, position, 'a distance of up to half the Earth', `${distance} miles`)
    }
    const origin = starts[field + 3]!
    const originCode = airportIn(bytes, origin, ends[field + 3]!)
    if (originCode < 0) throw this.refused(lines, position, "the origin to be an airport's code", 3)
    const destination = starts[field + 4]!
    if (airportIn(bytes, destination, ends[field + 4]!) < 0) {
      throw this.refused(lines, position, "the destination to be an airport's code", 4)
    }

    for (let i = 0; i < 3; i++) {
      route[i] = bytes[origin + i]!
      route[i + 4] = bytes[destination + i]!
    }
    const delayWord = delayClass(delay)
    const distanceWord = distanceClass(distance)
    const columns = to.columns as unknown as FlightColumns
    columns[0].pushSafe(this.firstId + lines.line(position))
    columns[1].pushSafe(this.midnightMicros + sinceMidnight)
    columns[2].push(Math.floor(sinceMidnight / hourMicros))
    columns[3].push(this.weekday)
    columns[4].push(bytes, origin, origin + 3)
    columns[5].push(bytes, destination, destination + 3)
    columns[6].push(route, 0, route.length)
    columns[7].push(delay)
    columns[8].push(delayWord, 0, delayWord.length)
    columns[9].push(distance)
    columns[10].push(distanceWord, 0, distanceWord.length)
    columns[11].push(this.means.add(originCode, delay))
    to.complete()
  }

  /** What is wrong with a line: what was expected, and what it has instead, in words or as its field. */
  private refused(lines: CsvRecords, position: number, expected: string, got: number | string): BadRecordError {
    const shown = typeof got === 'string' ? got : JSON.stringify(lines.fieldText(lines.firstFields[position]! + got))
    return new BadRecordError(this.fileName, lines.line(position), `expected ${expected}, got ${shown}`)
  }
}

function startsWith(bytes: Uint8Array, from: number, to: number, prefix: Uint8Array): boolean {
  if (to - from < prefix.length) return false
  for (let i = 0; i < prefix.length; i++) if (bytes[from + i] !== prefix[i]) return false
  return true
}

const airportCodes = 36 ** 3

/** Three upper-case letters or digits as a number below 36³; -1 for anything else. */
function airportIn(bytes: Uint8Array, from: number, to: number): number {
  if (to - from !== 3) return -1
  let code = 0
  for (let i = from; i < to; i++) {
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
