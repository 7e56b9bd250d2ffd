import { epochMs } from '../../records/epoch.js'
import type { BytesColumn, Float64Column, Int32Column, Int64Column } from '../../records/values.js'
import type { CsvRecords } from '../csv/syntax/csv-records.js'
import type { AnalyseCsv } from '../csv/syntax/read-csv.js'
import { airportCodes, dayWords, type FlightFields, makeFlightFields, readFlights, refusal } from './flight-fields.js'

const minuteMicros = 60_000_000
const hyphen = 45

const delayClasses = wordsOf(['early', 'on time', 'late', 'very late'])
/**
 * Delays in minutes: `early` before 0, `on time` below 15, `late` below 60, `very late` from there
 * on.
 */
const delayClass = (delay: number): number => Number(delay >= 0) + Number(delay >= 15) + Number(delay >= 60)

const distanceClasses = wordsOf(['short', 'medium', 'long'])
/** Distances in miles: `short` below 500, `medium` below 1,500, `long` from there on. */
const distanceClass = (distance: number): number => Number(distance >= 500) + Number(distance >= 1500)

/** Serves all analyses: none of them waits between reading fields and using them. */
let fields = makeFlightFields(8192)

/** The columns of the flights' table, in their order. */
type FlightColumns = readonly [
  id: Int64Column,
  departedAt: Int64Column,
  hour: Int32Column,
  weekday: Int32Column,
  origin: BytesColumn,
  destination: BytesColumn,
  route: BytesColumn,
  delay: Int32Column,
  delayClass: BytesColumn,
  distance: Int32Column,
  distanceClass: BytesColumn,
  originMeanDelay: Float64Column,
]

/**
 * Makes the analyse step for one day's file, which derives the table's columns that are not fields
 * of a line. A flight's number is its day as eight digits and its line as five, so that it does not
 * depend on what else is loaded; `origin_mean_delay` is the mean delay of the flights from the same
 * airport so far that day, this one included. `day` is written `2001-01-01`. The function serves
 * one pass over the file, and throws `BadRecordError`.
 */
export function analyseDay(day: string, fileName: string): AnalyseCsv {
  const words = dayWords(day)
  const midnight = Date.parse(`${day}T00:00:00Z`)
  const facts: DayFacts = {
    midnightMicros: (midnight - epochMs) * 1000,
    weekday: new Date(midnight).getUTCDay() || 7,
    firstId: Number(day.replaceAll('-', '')) * 100_000,
    means: makeRunningMeans(),
  }
  return (records, from, end, to) => {
    if (end - from > fields.minutes.length) fields = makeFlightFields(2 * (end - from))
    const until = readFlights(records, from, end, words, fields)
    addColumns(records, from, until, fields, facts, to.columns as unknown as FlightColumns)
    to.complete(until - from)
    if (until < end) throw refusal(records, until, day, fileName)
  }
}

/** Values common to all flights of a day, and the means so far. */
interface DayFacts {
  readonly midnightMicros: number
  readonly weekday: number
  readonly firstId: number
  readonly means: RunningMeans
}

/**
 * Adds the flights of the records from `from` up to but without `end`, one column after the other:
 * short loops over numbers.
 */
function addColumns(
  records: CsvRecords,
  from: number,
  end: number,
  fields: FlightFields,
  { midnightMicros, weekday, firstId, means }: DayFacts,
  columns: FlightColumns,
): void {
  const count = end - from
  const minutes = fields.minutes.subarray(0, count)
  const delays = fields.delays.subarray(0, count)
  const distances = fields.distances.subarray(0, count)
  const origins = fields.origins.subarray(0, count)
  const lines = records.lines.subarray(from, end)
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
  for (let k = 0; k < count; k++) ids.setSafe(row + k, firstId + lines[k]!)
  departures.extend(count)
  for (let k = 0; k < count; k++) departures.setSafe(row + k, midnightMicros + minutes[k]! * minuteMicros)
  meanDelays.extend(count)
  for (let k = 0; k < count; k++) meanDelays.values[row + k] = addToMean(means, origins[k]!, delays[k]!)
  addNames(records.view, fields.originsAt.subarray(0, count), originNames, destinationNames, routes)
  addWords(delayNames, delays, delayClasses, delayClass)
  addWords(distanceNames, distances, distanceClasses, distanceClass)
}

/**
 * Adds the airports of lines whose origins' codes are at these places, and the routes between them.
 * Four bytes are written at a time; the next write overwrites those in excess.
 */
function addNames(
  lines: DataView,
  originsAt: Int32Array,
  origins: BytesColumn,
  destinations: BytesColumn,
  routes: BytesColumn,
): void {
  const count = originsAt.length
  let at = origins.reserveBytes(3 * count + 1)
  let routeAt = routes.reserveBytes(7 * count + 1)
  destinations.reserveBytes(3 * count + 1)
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
    origins.offsets[row + k] = at
    destinations.offsets[row + k] = at
    routes.offsets[row + k] = routeAt
  }
}

/** Words of at most twelve characters, to be written four characters at a time. */
interface Words {
  readonly characters: Int32Array
  readonly lengths: readonly number[]
}

function wordsOf(words: readonly string[]): Words {
  const padded = Buffer.from(words.map((word) => word.padEnd(12)).join(''))
  return {
    characters: Int32Array.from({ length: words.length * 3 }, (_, k) => padded.readInt32BE(4 * k)),
    lengths: words.map((word) => word.length),
  }
}

/** Adds the word for each number. */
function addWords(
  rows: BytesColumn,
  numbers: Int32Array,
  { characters, lengths }: Words,
  classOf: (n: number) => number,
): void {
  const count = numbers.length
  let at = rows.reserveBytes(12 * count)
  const row = rows.extend(count)
  const { view, offsets } = rows
  for (let k = 0; k < count; k++) {
    const word = classOf(numbers[k]!)
    view.setInt32(at, characters[3 * word]!)
    view.setInt32(at + 4, characters[3 * word + 1]!)
    view.setInt32(at + 8, characters[3 * word + 2]!)
    at += lengths[word]!
    offsets[row + k] = at
  }
}

/** Means of the delays so far, by airport. */
interface RunningMeans {
  /** The place of an airport in the lists, from 1. */
  readonly places: Uint16Array
  readonly flights: number[]
  readonly delays: number[]
}

function makeRunningMeans(): RunningMeans {
  return { places: new Uint16Array(airportCodes), flights: [0], delays: [0] }
}

/** Counts a flight in, and returns the mean of its origin's delays. */
function addToMean({ places, flights, delays }: RunningMeans, origin: number, delay: number): number {
  let place = places[origin]!
  if (place === 0) {
    place = flights.push(0) - 1
    delays.push(0)
    places[origin] = place
  }
  const count = flights[place]! + 1
  const sum = delays[place]! + delay
  flights[place] = count
  delays[place] = sum
  return sum / count
}
