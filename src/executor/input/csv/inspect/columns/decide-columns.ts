import { type ColumnType, elementTypeOf } from '../../../../../study/table/table.js'
import { isWhole } from './decide-numbers.js'
import type { Candidate, Kind } from './evidence/candidate.js'
import type { ColumnEvidence } from './evidence/column-evidence.js'
import type { DateCandidate } from './evidence/date-candidate.js'
import type { NumberCandidate } from './evidence/number-candidate.js'
import type { NumberReading } from './evidence/number-readings.js'
import type { Place } from './evidence/place.js'
import type { ArrayCandidate, BooleanCandidate } from './evidence/shape-candidates.js'
import { booleanWords, postgresBooleans } from './evidence/words.js'

/** A narrower type that a column would have but for a few values. */
export interface Contradiction {
  readonly type: ColumnType
  /** Number of values that are none of the type. */
  readonly count: number
  /** The first of them. */
  readonly places: readonly Place[]
}

/** What a column holds, by all its values. */
export interface DecidedColumn {
  readonly type: ColumnType
  /** Format of its values; null where they are spelled as PostgreSQL does. */
  readonly format: string | null
  readonly contradictions: readonly Contradiction[]
  /** Why it is of this type, where that is no matter of course; null otherwise. */
  readonly why: string | null
  /** Why its format cannot be told; null where it can. */
  readonly question: string | null
}

type Chosen = Pick<DecidedColumn, 'type' | 'format' | 'why' | 'question'>

/** Decides on a column whose type is not stated. */
export function decideColumn(name: string, evidence: ColumnEvidence, reading: NumberReading): DecidedColumn {
  const certain = evidence.candidates.find((candidate) => candidate.contradicted === 0 && isPossible(candidate))
  const chosen: Chosen =
    evidence.values === 0
      ? { ...text, why: 'no record has a value' }
      : certain
        ? typeOf(name, certain, reading)
        : { ...text, why: twoWays(evidence) }
  return { ...chosen, contradictions: certain ? [] : contradictionsOf(name, evidence, reading) }
}

/**
 * Says that numbers or dates are written in two ways, as in files of two countries; null for one.
 */
function twoWays({ written }: ColumnEvidence): string | null {
  for (const { kind, first, otherWay } of written) {
    if (!first || !otherWay) continue
    const [one, other] = [first, otherWay].map(({ file, line, text }) => `"${text}" (${file}:${line})`)
    return `${kind}s are written in two ways, ${one} and ${other}`
  }
  return null
}

/** Returns the types that most values of a column have, with those that have not. */
function contradictionsOf(
  name: string,
  { candidates, values }: ColumnEvidence,
  reading: NumberReading,
): Contradiction[] {
  const near = candidates.filter((candidate) => 2 * candidate.contradicted < values && isPossible(candidate))
  return near.map((candidate) => ({
    type: typeOf(name, candidate, reading).type,
    count: candidate.contradicted,
    places: candidate.places,
  }))
}

/** Decides on the format of a column whose type is stated. */
export function decideFormat(
  name: string,
  type: ColumnType,
  evidence: ColumnEvidence,
): Pick<DecidedColumn, 'format' | 'question'> {
  const kind = kindsOf(type)[0]
  const certain = kind && evidence.certain(kind)
  if (kind === 'date' && certain) return dateFormat(name, certain as DateCandidate)
  if (kind === 'bool' && certain) return { format: booleanFormat(certain as BooleanCandidate), question: null }
  return { format: null, question: null }
}

/** Kinds of values to look for in a column of a stated type: those that have formats. */
export function kindsOf(type: ColumnType): readonly Kind[] {
  switch (elementTypeOf(type) === null ? type : null) {
    case 'int2':
    case 'int4':
    case 'int8':
    case 'float4':
    case 'float8':
    case 'numeric':
      return ['number']
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return ['date']
    case 'bool':
      return ['bool']
    default:
      return []
  }
}

const text: Chosen = { type: 'text', format: null, why: null, question: null }

/** Whether a kind is told by more than one word that may as well be text. */
export function isPossible(candidate: Candidate): boolean {
  if (candidate.kind !== 'bool') return true
  const { seen, pairs } = candidate as BooleanCandidate
  return seen.size > 1 || (pairs[0] === 0 && seen.size > 0)
}

function typeOf(name: string, candidate: Candidate, reading: NumberReading): Chosen {
  switch (candidate.kind) {
    case 'bool':
      return { ...text, type: 'bool', format: booleanFormat(candidate as BooleanCandidate) }
    case 'number':
      return numberType(candidate as NumberCandidate, reading)
    case 'date':
      return { ...text, ...dateFormat(name, candidate as DateCandidate), type: dateType(candidate as DateCandidate) }
    case 'json':
      return { ...text, type: 'jsonb' }
    case 'array':
      return { ...text, type: `${(candidate as ArrayCandidate).elements}[]` }
    case 'uuid':
    case 'bytea':
      return { ...text, type: candidate.kind }
  }
}

function numberType(numbers: NumberCandidate, reading: NumberReading): Chosen {
  const { leadingZero, leadingPlus, hasMinus, hasExponent, isLong, width } = numbers
  const whole = isWhole(numbers, reading)
  const lost = leadingZero ?? (hasMinus ? null : leadingPlus)
  if (whole && lost) {
    const what = lost === leadingZero ? 'zeros' : 'plus'
    return { ...text, why: `a number would lose the ${what} of "${lost.text}" (${lost.file}:${lost.line})` }
  }
  if (whole) return { ...text, type: width }
  return { ...text, type: hasExponent && !isLong ? 'float8' : 'numeric' }
}

function booleanFormat({ pairs }: BooleanCandidate): string | null {
  const pair = pairs[0]!
  return pair < postgresBooleans ? null : booleanWords[pair]!.join('/')
}

function dateType({ ownType, formats }: DateCandidate): ColumnType {
  if (ownType !== null) return ownType
  const { hasTime, hasZone } = formats[0]!
  return hasZone ? 'timestamptz' : hasTime ? 'timestamp' : 'date'
}

function dateFormat(
  name: string,
  { ownType, formats, ambiguous }: DateCandidate,
): Pick<DecidedColumn, 'format' | 'question'> {
  if (ownType !== null) return { format: null, question: null }
  const [first] = formats
  const rivals = formats.filter(({ order }, k) => formats.findIndex((other) => other.order === order) === k)
  if (rivals.length === 1) return { format: first!.template, question: null }
  const { file, line, text: shown } = ambiguous!
  const readings = rivals.map(({ template, order }) => `${template} (${order})`).join(' and as ')
  const options = rivals.map(({ template }) => `\`formats: { ${JSON.stringify(name)}: '${template}' }\``).join(' or ')
  const question = `dates such as "${shown}" (column \`${name}\`, ${file}:${line}) can be read as ${readings}, and no value of the column decides: say ${options} (--format ${JSON.stringify(`${name}=${first!.template}`)})`
  return { format: null, question }
}
