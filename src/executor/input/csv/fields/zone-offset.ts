import { dayNumber } from '../../../records/calendar.js'
import { dayMs } from '../../../records/epoch.js'
import type { Moment } from './moment.js'

/** Days since 1970-01-01 within which the rules of zones are known and agreed on. */
const firstKnownDay = dayNumber(1970, 1, 2)
const endOfKnown = dayNumber(2037, 12, 31)

/**
 * Returns the function that yields the microseconds by which a zone such as `Europe/Berlin` is
 * ahead of UTC at a local date and time, or why it cannot. As the server does it, a time that
 * occurs twice is the later one, and a time that the clocks leave out is taken before they change.
 */
export function makeZoneOffset(): (zone: string, local: Moment) => number | string {
  const clocks = new Map<string, Intl.DateTimeFormat | null>()
  return (zone, { day, micros }) => {
    if (!zone.includes('/')) return `what ${zone} means is a setting of the server; write the offset, such as +01`
    if (!clocks.has(zone)) clocks.set(zone, clockOf(zone))
    const clock = clocks.get(zone) ?? null
    if (clock === null) return `no zone is known as ${zone}`
    if (!(day >= firstKnownDay && day < endOfKnown)) {
      return 'zones with a name are read from 1970 to 2037, since others disagree on the rest; write the offset, such as +01'
    }
    const localMs = day * dayMs + Math.floor(micros / 1000)
    const before = offsetMs(clock, localMs - dayMs)
    const after = offsetMs(clock, localMs + dayMs)
    return (offsetMs(clock, localMs - after) === after ? after : before) * 1000
  }
}

function clockOf(zone: string): Intl.DateTimeFormat | null {
  try {
    return new Intl.DateTimeFormat('en-US', {
      timeZone: zone,
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    })
  } catch {
    return null
  }
}

/** Milliseconds by which a clock is ahead of UTC at an instant. */
function offsetMs(clock: Intl.DateTimeFormat, ms: number): number {
  const second = Math.floor(ms / 1000) * 1000
  const parts = Object.fromEntries(clock.formatToParts(second).map(({ type, value }) => [type, Number(value)]))
  const { year, month, day, hour, minute, second: ofMinute } = parts as Record<string, number>
  return Date.UTC(year!, month! - 1, day, hour, minute, ofMinute) - second
}
