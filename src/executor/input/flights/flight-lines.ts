import { longer } from '../../records/values.js'
import { digitsIn } from '../csv/field-numbers.js'
import { Piece, pieceReader } from '../csv/piece.js'

const newline = 10
const comma = 44
const hyphen = 45
const colon = 58
const dayLength = '2001-01-01'.length
const timeLength = 'hh:mm'.length
/** Of a line that is not written as a flight is. */
const refused = -1

/** Airports' codes are below this number. */
export const airportCodes = 36 ** 3

/** From a day early to a week late, in minutes. */
export const isDelay = (minutes: number): boolean => minutes >= -24 * 60 && minutes <= 7 * 24 * 60
/** Up to half the Earth, in miles. */
export const isDistance = (miles: number): boolean => miles >= 0 && miles <= 12_451

/**
 * Reads one day's file, whose lines behind the header are written `2001-01-01 07:45,-5,300,LAX,JFK`. Empty lines are left out and counted. `day`
 * is written `2001-01-01`, `name` stands for the file in errors; 256 KiB are read at a time when `pieceBytes` is absent.
 */
export function readFlightLines(
  path: string,
  day: string,
  name: string,
  pieceBytes?: number,
): AsyncGenerator<FlightLines> {
  return readFlightPieces(path, (lines) => lines.begin(day, name), pieceBytes)
}

/** The flights of one piece of a day's file: one pass over its bytes both cuts the lines and reads what they say. */
export class FlightLines extends Piece {
  /** Minutes since midnight; -1 for a line that is refused, of which nothing else is known. */
  minutes = new Int32Array(0)
  delays = new Int32Array(0)
  distances = new Int32Array(0)
  /** The origins' codes as numbers. */
  origins = new Int32Array(0)
  /** Where in `bytes` the line begins, and where its origin's code does; the destination's is 4 bytes on. */
  starts = new Int32Array(0)
  originsAt = new Int32Array(0)

  private lines = new Int32Array(0)
  /** The memory of `bytes`, for several bytes at a time. */
  view = new DataView(this.bytes.buffer)
  /** What every line begins with. */
  private day: readonly number[] = []
  /** Where in `bytes` the next field begins. */
  private at = 0

  /** Makes ready for the file of a day. */
  begin(day: string, name: string): void {
    this.restart(name)
    const written = Buffer.from(`${day} `)
    this.day = [0, 4, 7].map((at) => written.readInt32BE(at))
  }

  override line(position: number): number {
    return this.lines[position]!
  }

  /** The first from `from` up to but without `end` that is refused; `end` when all are flights. */
  refusedFrom(from: number, end: number): number {
    const { minutes } = this
    let position = from
    while (position < end && minutes[position] !== refused) position++
    return position
  }

  /** A line as it stands in the file. */
  text(position: number): string {
    const start = this.starts[position]!
    return this.bytes.toString('latin1', start, this.bytes.indexOf(newline, start))
  }

  protected override cut(ended: boolean): void {
    const { bytes, filled } = this
    // The end that the last line may lack.
    bytes[filled] = newline
    if (this.view.buffer !== bytes.buffer) this.view = new DataView(bytes.buffer)
    this.count = 0
    let from = this.consumed
    while (from < filled) {
      if (this.count === this.starts.length) this.grow()
      const plain = this.nextLine > 1 && this.readFlight(from)
      const end = plain ? this.at : bytes.indexOf(newline, from)
      if (end === filled && !ended) break
      if (!plain) this.minutes[this.count] = refused
      if (plain || (end > from && this.nextLine > 1)) {
        this.starts[this.count] = from
        this.lines[this.count++] = this.nextLine
      }
      this.nextLine++
      from = end + 1
    }
    this.consumed = Math.min(from, filled)
  }

  /** Reads the line that begins at `from`, up to its end. Returns false when it is not written as a flight is. */
  private readFlight(from: number): boolean {
    const { bytes, count } = this
    if (!this.beginsWithDay(from)) return false
    const time = from + dayLength + 1
    const minute = minuteIn(bytes, time)
    if (minute < 0 || bytes[time + timeLength] !== comma) return false
    this.at = time + timeLength + 1
    const delay = this.integer()
    const distance = this.integer()
    const { at } = this
    const origin = airportIn(bytes, at)
    if (!isDelay(delay) || !isDistance(distance) || origin < 0 || airportIn(bytes, at + 4) < 0) return false
    if (bytes[at + 3] !== comma || bytes[at + 7] !== newline) return false
    this.minutes[count] = minute
    this.delays[count] = delay
    this.distances[count] = distance
    this.origins[count] = origin
    this.originsAt[count] = at
    this.at = at + 7
    return true
  }

  /** Compares `2001-01-01 ` by four bytes at a time, of which the last overlap. */
  private beginsWithDay(from: number): boolean {
    const { view, day } = this
    return (
      from + dayLength + 1 <= view.byteLength &&
      view.getInt32(from) === day[0] &&
      view.getInt32(from + 4) === day[1] &&
      view.getInt32(from + 7) === day[2]
    )
  }

  /** Reads an integer and the comma behind it; NaN when there is something else. */
  private integer(): number {
    const { bytes } = this
    let { at } = this
    const negative = bytes[at] === hyphen
    if (negative) at++
    const first = at
    let value = 0
    for (let digit = bytes[at]! - 48; digit >= 0 && digit <= 9; digit = bytes[++at]! - 48) value = value * 10 + digit
    if (at === first || bytes[at] !== comma) return Number.NaN
    this.at = at + 1
    return negative ? 0 - value : value
  }

  private grow(): void {
    const least = Math.max(1024, this.count + 1)
    for (const name of ['minutes', 'delays', 'distances', 'origins', 'starts', 'originsAt', 'lines'] as const) {
      this[name] = longer(this[name], least)
    }
  }
}

const readFlightPieces = pieceReader(() => new FlightLines())

/** Minutes since midnight of `07:45`, or -1. */
function minuteIn(bytes: Uint8Array, from: number): number {
  const hours = digitsIn(bytes, from, 2)
  const minutes = digitsIn(bytes, from + 3, 2)
  const isTime = hours >= 0 && hours < 24 && bytes[from + 2] === colon && minutes >= 0 && minutes < 60
  return isTime ? hours * 60 + minutes : -1
}

/** What a character stands for in a code: digits and upper-case letters for 0 to 35, others for a number that makes the code negative. */
const codeDigits = Int32Array.from({ length: 256 }, (_, byte) => {
  const digit = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'.indexOf(String.fromCharCode(byte))
  return digit < 0 ? -airportCodes : digit
})

/** Three upper-case letters or digits as a number below `airportCodes`; below 0 for anything else. */
function airportIn(bytes: Uint8Array, from: number): number {
  return codeDigits[bytes[from]!]! * 36 * 36 + codeDigits[bytes[from + 1]!]! * 36 + codeDigits[bytes[from + 2]!]!
}
