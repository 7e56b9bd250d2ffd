import type { Column, Value } from '../input/input.js'
import { type Microseconds, toDays, toMicroseconds } from './column-values.js'
import { writePadded } from './digits.js'
import type { PayloadBuffer } from './payload-buffer.js'

const dayMicros = 86_400_000_000
const dayMs = 86_400_000
/** 2000-01-01 in days since 1970-01-01. */
const epochDays = 10_957

/** Bytes that the longest date with a time takes: six digits of year, `+00`, ` BC`. */
export const timestampBytes = 36

interface DayText {
  /** Days since 2000-01-01. */
  day: number
  /** ISO 8601, the year at least four digits. */
  text: string
  beforeChrist: boolean
}

function readDay(day: number): DayText {
  const date = new Date((day + epochDays) * dayMs)
  const year = date.getUTCFullYear()
  const beforeChrist = year < 1
  const yearText = String(beforeChrist ? 1 - year : year).padStart(4, '0')
  const two = (n: number): string => String(n).padStart(2, '0')
  return { day, text: `${yearText}-${two(date.getUTCMonth() + 1)}-${two(date.getUTCDate())}`, beforeChrist }
}

/** Writes the text of `date` values. Remembers the last day, since records tend to come in order. */
export function dateTextWriter(column: Column): (value: Value, out: PayloadBuffer) => void {
  let last = readDay(0)
  return (value, out) => {
    const day = toDays(column, value)
    if (day !== last.day) last = readDay(day)
    out.length = writeEra(out, writeAscii(out, out.length, last.text), last)
  }
}

/** Writes the text of `timestamp` and `timestamptz` values, to the microsecond, the latter in UTC. */
export function timestampTextWriter(column: Column): (value: Value, out: PayloadBuffer) => void {
  const micros: Microseconds = { high: 0, low: 0 }
  const zoned = column.type === 'timestamptz'
  let last = readDay(0)
  return (value, out) => {
    toMicroseconds(column, value, micros)
    const { day, rest } = splitDay(micros)
    if (day !== last.day) last = readDay(day)
    const { bytes } = out
    let at = writeAscii(out, out.length, last.text)
    const seconds = Math.floor(rest / 1_000_000)
    const minutes = (seconds / 60) | 0
    const hours = (minutes / 60) | 0
    bytes[at] = 32
    at = writePadded(bytes, at + 1, hours, 2)
    bytes[at] = 58
    at = writePadded(bytes, at + 1, minutes - hours * 60, 2)
    bytes[at] = 58
    at = writePadded(bytes, at + 1, seconds - minutes * 60, 2)
    const fraction = rest - seconds * 1_000_000
    if (fraction > 0) {
      bytes[at] = 46
      at = writePadded(bytes, at + 1, fraction, 6)
    }
    if (zoned) at = writeAscii(out, at, '+00')
    out.length = writeEra(out, at, last)
  }
}

function splitDay({ high, low }: Microseconds): { day: number; rest: number } {
  const whole = high * 0x1_0000_0000 + low
  if (Number.isSafeInteger(whole)) {
    const day = Math.floor(whole / dayMicros)
    return { day, rest: whole - day * dayMicros }
  }
  const exact = (BigInt(high) << 32n) + BigInt(low)
  const rest = ((exact % BigInt(dayMicros)) + BigInt(dayMicros)) % BigInt(dayMicros)
  return { day: Number((exact - rest) / BigInt(dayMicros)), rest: Number(rest) }
}

function writeEra(out: PayloadBuffer, at: number, { beforeChrist }: DayText): number {
  return beforeChrist ? writeAscii(out, at, ' BC') : at
}

function writeAscii({ bytes }: PayloadBuffer, at: number, text: string): number {
  for (let i = 0; i < text.length; i++) bytes[at + i] = text.charCodeAt(i)
  return at + text.length
}
