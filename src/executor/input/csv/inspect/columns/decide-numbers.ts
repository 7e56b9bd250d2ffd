import type { NumberCandidate } from './evidence/number-candidate.js'
import { allReadings, type NumberReading, numberReadings, plainNumber, readingsIn } from './evidence/number-readings.js'
import type { Place } from './evidence/place.js'

/** A column that holds numbers. */
export interface NumberColumn {
  readonly name: string
  readonly evidence: NumberCandidate
}

/** The spelling of all numbers of a folder, or why it cannot be told. */
export type DecidedNumbers =
  | {
      readonly state: 'decided'
      readonly reading: NumberReading
      readonly by: (Place & { readonly column: string }) | null
    }
  | { readonly state: 'open'; readonly question: string }

/** What is stated of the spelling of numbers. */
export interface StatedNumbers {
  readonly decimal: '.' | ',' | null
  readonly thousands: NumberReading['thousands'] | undefined
}

/**
 * Decides on the marks of a folder's numbers: those by which all numbers of all columns can be
 * read.
 */
export function decideNumbers(columns: readonly NumberColumn[], { decimal, thousands }: StatedNumbers): DecidedNumbers {
  const allowed = numberReadings.reduce((bits, reading, k) => {
    const fits =
      (decimal === null || reading.decimal === decimal) && (thousands === undefined || reading.thousands === thousands)
    return fits ? bits | (1 << k) : bits
  }, 0)
  const marked = columns.filter(({ evidence }) => evidence.marked !== null)
  let left = allowed
  for (const { name, evidence } of marked) {
    const both = left & evidence.readings
    if (both === 0) return { state: 'open', question: conflict(name, evidence, marked, { decimal, thousands }) }
    left = both
  }
  const readings = readingsIn(left)
  const decimals = new Set(readings.map((reading) => reading.decimal))
  const column = marked.find(({ evidence }) => valuesOf(evidence.marked!.text, readings).size > 1)
  if (column && decimals.size > 1) return { state: 'open', question: ambiguity(column, readings) }
  const reading = readings[0] ?? { decimal: decimal ?? '.', thousands: thousands ?? null }
  return { state: 'decided', reading, by: evidenceOf(marked, reading) }
}

/** The values that a number has by several readings: one of `12-`, two of `1.234`. */
function valuesOf(text: string, readings: readonly NumberReading[]): ReadonlySet<string> {
  return new Set(readings.map((reading) => plainNumber(text, reading)))
}

/** "1.234" in column `v`, a.csv:2, is 1234 or 1.234 */
function ambiguity({ name, evidence }: NumberColumn, readings: readonly NumberReading[]): string {
  const { file, line, text } = evidence.marked!
  const [point, comma] = (['.', ','] as const).map((decimal) =>
    plainNumber(text, readings.find((reading) => reading.decimal === decimal)!),
  )
  return `numbers such as "${text}" (column \`${name}\`, ${file}:${line}) can be read as ${point} and as ${comma}, and no number of the files decides: say \`decimal: '.'\` or \`decimal: ','\` (--decimal)`
}

function conflict(
  name: string,
  evidence: NumberCandidate,
  marked: readonly NumberColumn[],
  stated: StatedNumbers,
): string {
  const { file, line, text } = evidence.marked!
  const own = `"${text}" (column \`${name}\`, ${file}:${line})`
  const other = marked.find((column) => column.name !== name && (column.evidence.readings & evidence.readings) === 0)
  if (other) {
    const { marked: there } = other.evidence
    return `numbers are written in two ways, ${own} and "${there!.text}" (column \`${other.name}\`, ${there!.file}:${there!.line}): state \`columns\`, with one of the two as text, or write them alike`
  }
  const told = [
    stated.decimal === null ? '' : `\`decimal: '${stated.decimal}'\``,
    stated.thousands === undefined ? '' : `\`thousands: ${JSON.stringify(stated.thousands)}\``,
  ]
  return `${own} is no number by ${told.filter((word) => word !== '').join(' and ')}: state what the files hold, or leave it out to have it found`
}

/** The value that shows a reading that is not the plain one: the first that excludes the others. */
function evidenceOf(
  marked: readonly NumberColumn[],
  reading: NumberReading,
): (Place & { readonly column: string }) | null {
  const k = numberReadings.indexOf(reading)
  if (k <= 0) return null
  for (const { name, evidence } of marked) {
    const place = evidence.excludedBy.get(0)
    if (place) return { ...place, column: name }
  }
  const [first] = marked
  return first ? { ...first.evidence.marked!, column: first.name } : null
}

/** Whether a column's numbers are whole by a reading. */
export function isWhole({ whole }: NumberCandidate, reading: NumberReading): boolean {
  const k = numberReadings.indexOf(reading)
  return k < 0 ? whole === allReadings : ((whole >> k) & 1) === 1
}
