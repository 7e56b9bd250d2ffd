import { dayOf, type Moment, timeOf } from './moment.js'

/** Reads dates and times that are written by a template. */
export interface DateFormat {
  /** A date or time as the template writes it. */
  readonly example: string
  readonly hasTime: boolean
  readonly hasZone: boolean
  /**
   * Reads `bytes[from]` up to but without `bytes[to]` into `moment`; returns false for bytes that
   * are not written so, or are no date that a calendar has.
   */
  read(bytes: Uint8Array, from: number, to: number, moment: Moment): boolean
}

/**
 * The patterns of `to_timestamp` (the manual, table 9.27) that are known, and what they stand for.
 */
const patterns = {
  YYYY: { part: 'year', example: '2019' },
  YY: { part: 'year', example: '19' },
  MONTH: { part: 'month', example: 'December' },
  MON: { part: 'month', example: 'Dec' },
  MM: { part: 'month', example: '12' },
  DD: { part: 'day', example: '31' },
  HH24: { part: 'hour', example: '14' },
  HH12: { part: 'hour', example: '02' },
  MI: { part: 'minute', example: '05' },
  SS: { part: 'second', example: '06' },
  US: { part: 'fraction', example: '789' },
  AM: { part: 'half', example: 'PM' },
  ZONE: { part: 'zone', example: '+01:00' },
} as const

type Pattern = keyof typeof patterns
type Part = (typeof patterns)[Pattern]['part']

const known = 'YYYY, YY, MM, Mon, Month, DD, HH24, HH12, MI, SS, US, AM, TZH:TZM'
/** Patterns of other languages and of `to_timestamp`, and the ones that are meant. */
const others: Readonly<Record<string, string>> = {
  HH: 'take HH24, or HH12 with AM',
  H: 'take HH24, or HH12 with AM',
  MS: 'take US, which reads one to nine digits',
  F: 'take US, which reads one to nine digits',
  TZ: 'take TZH:TZM',
  Z: 'take TZH:TZM',
  Y: 'take YYYY or YY',
  M: 'take MM for months, MI for minutes',
  D: 'take DD',
}

type Token = { readonly pattern: Pattern } | { readonly literal: string }

const shape =
  /(YYYY|YY|MONTH|MON|MM|DD|HH24|HH12|MI|SS|US)|(AM|PM|A\.M\.|P\.M\.)|(TZH(?::?TZM)?)|"([^"]*)"|(T)(?=HH)|([A-Z]+)|([^A-Z])/giy

/**
 * Returns the format of a template of PostgreSQL's `to_timestamp`, such as `DD.MM.YYYY` or
 * `MM/DD/YYYY HH12:MI:SS AM`, in any case. Numbers may lack their leading zeros unless another
 * number follows or precedes at once; a fraction, `.US`, may be left out with its mark; every other
 * character must be there. Throws `TypeError` that names what is not known, or lacks.
 */
export function compileDateFormat(template: string): DateFormat {
  const tokens = tokensOf(template)
  const parts = tokens.flatMap((token) => ('pattern' in token ? [patterns[token.pattern].part] : []))
  const has = (part: Part): boolean => parts.includes(part)
  checkParts(template, tokens, parts)
  return {
    example: tokens.map((token) => ('pattern' in token ? patterns[token.pattern].example : token.literal)).join(''),
    hasTime: has('hour'),
    hasZone: has('zone'),
    read: readerOf(stepsOf(tokens)),
  }
}

function tokensOf(template: string): Token[] {
  return Array.from(template.matchAll(shape), ([whole, pattern, half, zone, quoted, mark, unknown]): Token => {
    if (unknown !== undefined) {
      const remedy = others[unknown.toUpperCase()] ?? `the patterns are ${known}; other letters stand in double quotes`
      throw new TypeError(`${JSON.stringify(template)} has ${unknown}: ${remedy}`)
    }
    if (pattern !== undefined) return { pattern: pattern.toUpperCase() as Pattern }
    if (half !== undefined) return { pattern: 'AM' }
    return zone === undefined ? { literal: quoted ?? mark ?? whole } : { pattern: 'ZONE' }
  })
}

function checkParts(template: string, tokens: readonly Token[], parts: readonly Part[]): void {
  const refuse = (why: string): never => {
    throw new TypeError(`${JSON.stringify(template)} ${why}`)
  }
  const twice = parts.find((part, k) => parts.indexOf(part) !== k)
  if (twice !== undefined) refuse(`has the ${twice} twice${twice === 'month' ? ': MM are months, MI minutes' : ''}`)
  for (const part of ['year', 'month', 'day'] as const) if (!parts.includes(part)) refuse(`lacks the ${part}`)
  for (const [part, needs] of needed) {
    if (parts.includes(part) && !parts.includes(needs)) refuse(`has the ${part} without the ${needs}`)
  }
  const has12 = tokens.some((token) => 'pattern' in token && token.pattern === 'HH12')
  if (has12 && !parts.includes('half')) refuse('has HH12 without AM: take HH24, or add AM')
  if (!has12 && parts.includes('half')) refuse('has AM without HH12')
}

const needed: readonly (readonly [Part, Part])[] = [
  ['minute', 'hour'],
  ['second', 'minute'],
  ['fraction', 'second'],
  ['zone', 'hour'],
]

/** Where a step writes what it reads. */
const slots = { year: 0, month: 1, day: 2, hour: 3, minute: 4, second: 5, fraction: 6, half: 7, zone: 8 } as const

/** What is read one after the other. */
interface Step {
  readonly kind: 'number' | 'year' | 'month' | 'whole month' | 'half' | 'zone' | 'fraction' | 'literal'
  readonly slot: number
  /** Fewest and most digits of a number. */
  readonly least: number
  readonly most: number
  /** The byte that a literal is; before a fraction the mark without which there is none, or 0. */
  readonly byte: number
}

const step = (kind: Step['kind'], given: Partial<Step> = {}): Step => ({
  kind,
  slot: 0,
  least: 0,
  most: 0,
  byte: 0,
  ...given,
})

const words = { MON: 'month', MONTH: 'whole month', AM: 'half', ZONE: 'zone', YY: 'year' } as const

function stepsOf(tokens: readonly Token[]): Step[] {
  const isNumber = (token: Token | undefined): boolean =>
    token !== undefined && 'pattern' in token && !['MON', 'MONTH', 'AM', 'ZONE'].includes(token.pattern)
  const steps: Step[] = []
  for (const [k, token] of tokens.entries()) {
    if ('literal' in token) {
      for (const byte of Buffer.from(token.literal)) steps.push(step('literal', { byte }))
      continue
    }
    const { pattern } = token
    const slot = slots[patterns[pattern].part]
    if (pattern === 'US') {
      const mark = steps.at(-1)
      const isMarked = mark?.kind === 'literal' && (mark.byte === 44 || mark.byte === 46)
      if (isMarked) steps.pop()
      steps.push(step('fraction', { byte: isMarked ? mark.byte : 0 }))
    } else if (pattern in words) steps.push(step(words[pattern as keyof typeof words]))
    else if (pattern === 'YYYY') steps.push(step('number', { slot, least: 4, most: 4 }))
    else {
      const isFixed = isNumber(tokens[k - 1]) || isNumber(tokens[k + 1])
      steps.push(step('number', { slot, least: isFixed ? 2 : 1, most: 2 }))
    }
  }
  return steps
}

function readerOf(steps: readonly Step[]): DateFormat['read'] {
  const found = new Int32Array(Object.keys(slots).length)
  return (bytes, from, to, moment) => {
    let at = from
    let end = to
    while (at < end && bytes[at] === 32) at++
    while (end > at && bytes[end - 1] === 32) end--
    found[slots.fraction] = 0
    found[slots.zone] = 0
    for (let k = 0; k < steps.length; k++) {
      const one = steps[k]!
      if (one.kind === 'literal') {
        if (at === end || bytes[at++] !== one.byte) return false
      } else if (one.kind === 'number') {
        const first = at
        let value = 0
        for (; at < end && at - first < one.most; at++) {
          const digit = bytes[at]! - 48
          if (digit < 0 || digit > 9) break
          value = value * 10 + digit
        }
        if (at - first < one.least) return false
        found[one.slot] = value
      } else {
        at = takeOther(one, bytes, at, end, found)
        if (at < 0) return false
      }
    }
    if (at !== end || found[slots.year] === 0) return false
    moment.day = dayOf(found[slots.year]!, found[slots.month]!, found[slots.day]!)
    moment.micros = timeIn(found)
    return !Number.isNaN(moment.day + moment.micros)
  }
}

/** Returns the microseconds since midnight in UTC of a time that was read; NaN for none. */
function timeIn(found: Int32Array): number {
  const half = found[slots.half]!
  let hour = found[slots.hour]!
  if (half > 0) {
    if (hour < 1 || hour > 12) return Number.NaN
    hour = (hour % 12) + (half === 2 ? 12 : 0)
  }
  const micros = timeOf(hour, found[slots.minute]!, found[slots.second]!, found[slots.fraction]!)
  return micros - found[slots.zone]! * 60_000_000
}

/** Reads what a step stands for, and returns where the next begins; -1 where it is not there. */
function takeOther({ kind, byte }: Step, bytes: Uint8Array, from: number, to: number, found: Int32Array): number {
  switch (kind) {
    case 'year': {
      const end = endOfDigits(bytes, from, Math.min(to, from + 2))
      if (end - from < 2) return -1
      const year = numberAt(bytes, from, end)
      found[slots.year] = year < 70 ? 2000 + year : 1900 + year
      return end
    }
    case 'fraction': {
      if (byte > 0 && (from === to || bytes[from] !== byte)) return from
      const first = byte > 0 ? from + 1 : from
      const end = endOfDigits(bytes, first, Math.min(to, first + 9))
      if (end === first) return -1
      found[slots.fraction] = Math.round(numberAt(bytes, first, end) * 10 ** (6 - (end - first)))
      return end
    }
    case 'half':
      return takeHalf(bytes, from, to, found)
    case 'zone':
      return takeZone(bytes, from, to, found)
    default:
      return takeMonth(kind === 'whole month', bytes, from, to, found)
  }
}

function endOfDigits(bytes: Uint8Array, from: number, to: number): number {
  let at = from
  while (at < to && bytes[at]! >= 48 && bytes[at]! <= 57) at++
  return at
}

function numberAt(bytes: Uint8Array, from: number, to: number): number {
  let value = 0
  for (let at = from; at < to; at++) value = value * 10 + bytes[at]! - 48
  return value
}

const months = 'january february march april may june july august september october november december'
  .split(' ')
  .map((name) => Buffer.from(name))

function takeMonth(whole: boolean, bytes: Uint8Array, from: number, to: number, found: Int32Array): number {
  for (let m = 0; m < months.length; m++) {
    const name = months[m]!
    const length = whole ? name.length : 3
    let k = 0
    while (k < length && from + k < to && (bytes[from + k]! | 32) === name[k]) k++
    if (k < length) continue
    found[slots.month] = m + 1
    return from + length
  }
  return -1
}

/** Reads `AM`, `pm`, `a.m.`. */
function takeHalf(bytes: Uint8Array, from: number, to: number, found: Int32Array): number {
  const letter = from < to ? bytes[from]! | 32 : 0
  if (letter !== 97 && letter !== 112) return -1
  found[slots.half] = letter === 97 ? 1 : 2
  const dotted = bytes[from + 1] === 46
  const last = from + (dotted ? 2 : 1)
  const end = last + (dotted ? 2 : 1)
  return end <= to && (bytes[last]! | 32) === 109 && (!dotted || bytes[last + 1] === 46) ? end : -1
}

/** Reads `Z`, or an offset from UTC with or without minutes: `+05`, `-0330`, `+05:45`. */
function takeZone(bytes: Uint8Array, from: number, to: number, found: Int32Array): number {
  if (from < to && bytes[from] === 90) return from + 1
  const sign = from < to ? bytes[from] : 0
  const hoursEnd = endOfDigits(bytes, from + 1, Math.min(to, from + 3))
  if ((sign !== 43 && sign !== 45) || hoursEnd !== from + 3) return -1
  const hours = numberAt(bytes, from + 1, hoursEnd)
  const first = hoursEnd < to && bytes[hoursEnd] === 58 ? hoursEnd + 1 : hoursEnd
  const end = endOfDigits(bytes, first, Math.min(to, first + 2))
  const hasMinutes = end - first === 2
  const minutes = hasMinutes ? numberAt(bytes, first, end) : 0
  if (hours > 15 || minutes > 59) return -1
  found[slots.zone] = (sign === 45 ? -1 : 1) * (hours * 60 + minutes)
  return hasMinutes ? end : hoursEnd
}
