import { BadRecordError } from '../../errors.js'
import type { Records } from '../../records/records.js'
import type { BytesRows, FloatRows, IntegerRows, WideRows } from '../../records/values.js'
import { airportCodes, type FlightLines, isDelay, isDistance } from './flight-lines.js'

const minuteMicros = 60_000_000
const hyphen = 45
/** 2000-01-01 in milliseconds since 1970. */
const epochMs = 946_684_800_000

const delayClasses = wordsOf(['early', 'on time', 'late', 'very late'])
/** Delays in minutes: `early` before 0, `on time` below 15, `late` below 60, `very late` from there on. */
const delayClass = (delay: number): number => Number(delay >= 0) + Number(delay >= 15) + Number(delay >= 60)

const distanceClasses = wordsOf(['short', 'medium', 'long'])
/** Distances in miles: `short` below 500, `medium` below 1,500, `long` from there on. */
const distanceClass = (distance: number): number => Number(distance >= 500) + Number(distance >= 1500)

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
 * The analyse step for one day's file: derives what the table holds beside the fields of a line. A flight's number is its day as eight digits and
 * its line as five, so that it does not depend on what else is loaded; `origin_mean_delay` is the mean delay of the flights from the same airport
 * so far that day, this one included. `day` is written `2001-01-01`.
 */
export class FlightAnalysis {
  private readonly midnightMicros: number
  private readonly weekday: number
  private readonly firstId: number
  private readonly means = new RunningMeans()

  constructor(
    private readonly day: string,
    private readonly fileName: string,
  ) {
    const midnight = Date.parse(`${day}T00:00:00Z`)
    this.midnightMicros = (midnight - epochMs) * 1000
    this.weekday = new Date(midnight).getUTCDay() || 7
    this.firstId = Number(day.replaceAll('-', '')) * 100_000
  }

  /** Adds the flights of the lines from `from` up to but without `end`. Throws `BadRecordError`. */
  analyse(lines: FlightLines, from: number, end: number, to: Records): void {
    const until = lines.refusedFrom(from, end)
    this.addColumns(lines, from, until, to.columns as unknown as FlightColumns)
    to.complete(until - from)
    if (until < end) throw this.refusal(lines, until)
  }

  /** One column after the other: short loops over numbers. */
  private addColumns(lines: FlightLines, from: number, end: number, columns: FlightColumns): void {
    const { firstId, midnightMicros, weekday, means } = this
    const count = end - from
    const minutes = lines.minutes.subarray(from, end)
    const delays = lines.delays.subarray(from, end)
    const distances = lines.distances.subarray(from, end)
    const origins = lines.origins.subarray(from, end)
    const [ids, departures, hours, weekdays, originNames, destinationNames] = columns
    const [, , , , , , routes, delayMinutes, delayNames, miles, distanceNames, meanDelays] = columns
    const row = hours.extend(count)
    for (let k = 0; k < count; k++) hours.values[row + k] = (minutes[k]! / 60) | 0
    weekdays.extend(count)
    weekdays.values.fill(weekday, row, row + count)
    delayMinutes.extend(count)
    delayMinutes.values.set(delays, row)
    miles.extend(count)
    miles.values.set(distances, row)
    ids.extend(count)
    for (let k = 0; k < count; k++) ids.setSafe(row + k, firstId + lines.line(from + k))
    departures.extend(count)
    for (let k = 0; k < count; k++) departures.setSafe(row + k, midnightMicros + minutes[k]! * minuteMicros)
    meanDelays.extend(count)
    for (let k = 0; k < count; k++) meanDelays.values[row + k] = means.add(origins[k]!, delays[k]!)
    addNames(lines.view, lines.originsAt.subarray(from, end), originNames, destinationNames, routes)
    addWords(delayNames, delays, delayClasses, delayClass)
    addWords(distanceNames, distances, distanceClasses, distanceClass)
  }

  /** What is wrong with a line that was refused. */
  private refusal(lines: FlightLines, position: number): BadRecordError {
    const refused = (expected: string, got: string): BadRecordError =>
      new BadRecordError(this.fileName, lines.line(position), `expected ${expected}, got ${got}`)
    const fields = lines.text(position).split(',')
    if (fields.length !== 5) return refused('5 fields', String(fields.length))
    const [date, delay, distance, origin] = fields as [string, string, string, string]
    const [quotedDate, quotedDelay, quotedDistance, quotedOrigin, quotedDestination] = fields.map((field) =>
      JSON.stringify(field),
    ) as [string, string, string, string, string]
    if (!date.startsWith(this.day)) return refused(`a date of ${this.day}`, quotedDate)
    if (!/^ ([01]\d|2[0-3]):[0-5]\d$/.test(date.slice(this.day.length))) {
      return refused(`a date like ${this.day} 07:45`, quotedDate)
    }
    if (!wholeNumber.test(delay)) return refused('the delay to be whole minutes', quotedDelay)
    if (!isDelay(Number(delay))) return refused('a delay between a day early and a week late', `${delay} minutes`)
    if (!wholeNumber.test(distance)) return refused('the distance to be whole miles', quotedDistance)
    if (!isDistance(Number(distance))) return refused('a distance of up to half the Earth', `${distance} miles`)
    if (!/^[A-Z\d]{3}$/.test(origin)) return refused("the origin to be an airport's code", quotedOrigin)
    return refused("the destination to be an airport's code", quotedDestination)
  }
}

const wholeNumber = /^-?\d+$/

/**
 * Adds the airports of lines whose origins' codes stand at these places, and the routes between them. Four bytes are written at a time, of which
 * the next ones overwrite what does not belong.
 */
function addNames(
  lines: DataView,
  originsAt: Int32Array,
  origins: BytesRows,
  destinations: BytesRows,
  routes: BytesRows,
): void {
  const count = originsAt.length
  let at = origins.room(3 * count + 1)
  let routeAt = routes.room(7 * count + 1)
  destinations.room(3 * count + 1)
  const row = origins.extend(count)
  destinations.extend(count)
  routes.extend(count)
  const [originView, destinationView, routeView] = [origins.view, destinations.view, routes.view]
  for (let k = 0; k < count; k++) {
    const origin = lines.getInt32(originsAt[k]!)
    const destination = lines.getInt32(originsAt[k]! + 4)
    originView.setInt32(at, origin)
    destinationView.setInt32(at, destination)
    routeView.setInt32(routeAt, origin)
    routeView.setInt8(routeAt + 3, hyphen)
    routeView.setInt32(routeAt + 4, destination)
    at += 3
    routeAt += 7
    origins.ends[row + k] = at
    destinations.ends[row + k] = at
    routes.ends[row + k] = routeAt
  }
}

/** Words of at most twelve letters, to be written four letters at a time. */
interface Words {
  readonly letters: Int32Array
  readonly lengths: readonly number[]
}

function wordsOf(words: readonly string[]): Words {
  const padded = Buffer.from(words.map((word) => word.padEnd(12)).join(''))
  return {
    letters: Int32Array.from({ length: words.length * 3 }, (_, k) => padded.readInt32BE(4 * k)),
    lengths: words.map((word) => word.length),
  }
}

/** Adds the word for each number. */
function addWords(
  rows: BytesRows,
  numbers: Int32Array,
  { letters, lengths }: Words,
  classOf: (n: number) => number,
): void {
  const count = numbers.length
  let at = rows.room(12 * count)
  const row = rows.extend(count)
  const { view, ends } = rows
  for (let k = 0; k < count; k++) {
    const word = classOf(numbers[k]!)
    view.setInt32(at, letters[3 * word]!)
    view.setInt32(at + 4, letters[3 * word + 1]!)
    view.setInt32(at + 8, letters[3 * word + 2]!)
    at += lengths[word]!
    ends[row + k] = at
  }
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
