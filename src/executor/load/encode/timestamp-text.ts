import { civilDay } from '../../records/calendar.js'
import { dayMicros, epochDays } from '../../records/epoch.js'
import { signOfDay, signOfTime } from '../../records/infinity.js'
import { wideBigInt, wideNumber } from '../../records/values.js'
import { writePadded } from './digits.js'

/**
 * Bytes that the longest date with a time takes: seven digits of year, microseconds, `+00`, ` BC`.
 */
export const timestampBytes = 40

interface DayText {
  /** Days since 2000-01-01. */
  readonly day: number
  /** Text of the day: ISO 8601, with a year of at least four digits. */
  readonly text: string
  readonly beforeChrist: boolean
}

function readDay(day: number): DayText {
  const { year, month, day: ofMonth } = civilDay(day + epochDays)
  const beforeChrist = year < 1
  const yearText = String(beforeChrist ? 1 - year : year).padStart(4, '0')
  const two = (n: number): string => String(n).padStart(2, '0')
  return { day, text: `${yearText}-${two(month)}-${two(ofMonth)}`, beforeChrist }
}

/**
 * Writes the text of dates, given as days since 2000-01-01. Remembers the last one, since records
 * tend to come in order.
 */
export function makeDateText(): (bytes: Uint8Array, at: number, day: number) => number {
  let last = readDay(0)
  return (bytes, at, day) => {
    if (day !== last.day) {
      const sign = signOfDay(day)
      if (sign !== 0) return writeInfinity(bytes, at, sign)
      last = readDay(day)
    }
    return writeEra(bytes, writeAscii(bytes, at, last.text), last)
  }
}

/**
 * Writes the text of times, given as the halves of the microseconds since 2000-01-01 UTC; `+00`
 * after those with a zone.
 */
export function makeTimestampText(
  zoned: boolean,
): (bytes: Uint8Array, at: number, high: number, low: number) => number {
  let last = readDay(0)
  return (bytes, at, high, low) => {
    const sign = signOfTime(high, low)
    if (sign !== 0) return writeInfinity(bytes, at, sign)
    const { day, rest } = splitDay(high, low)
    if (day !== last.day) last = readDay(day)
    let end = writeAscii(bytes, at, last.text)
    const seconds = Math.floor(rest / 1_000_000)
    const minutes = (seconds / 60) | 0
    const hours = (minutes / 60) | 0
    bytes[end] = 32
    end = writePadded(bytes, end + 1, hours, 2)
    bytes[end] = 58
    end = writePadded(bytes, end + 1, minutes - hours * 60, 2)
    bytes[end] = 58
    end = writePadded(bytes, end + 1, seconds - minutes * 60, 2)
    const fraction = rest - seconds * 1_000_000
    if (fraction > 0) {
      bytes[end] = 46
      end = writePadded(bytes, end + 1, fraction, 6)
    }
    if (zoned) end = writeAscii(bytes, end, '+00')
    return writeEra(bytes, end, last)
  }
}

function splitDay(high: number, low: number): { day: number; rest: number } {
  const whole = wideNumber(high, low)
  if (Number.isSafeInteger(whole)) {
    const day = Math.floor(whole / dayMicros)
    return { day, rest: whole - day * dayMicros }
  }
  const exact = wideBigInt(high, low)
  const rest = ((exact % BigInt(dayMicros)) + BigInt(dayMicros)) % BigInt(dayMicros)
  return { day: Number((exact - rest) / BigInt(dayMicros)), rest: Number(rest) }
}

function writeInfinity(bytes: Uint8Array, at: number, sign: number): number {
  return writeAscii(bytes, at, sign > 0 ? 'infinity' : '-infinity')
}

function writeEra(bytes: Uint8Array, at: number, { beforeChrist }: DayText): number {
  return beforeChrist ? writeAscii(bytes, at, ' BC') : at
}

/** Writes the characters U+0001 to U+007F. */
export function writeAscii(bytes: Uint8Array, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
  return at + text.length
}
