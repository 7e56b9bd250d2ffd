import { inMessage } from '../../../../../check.js'
import { nullWords } from '../../fields/null-fields.js'
import { isPossible } from '../columns/decide-columns.js'
import type { Candidate } from '../columns/evidence/candidate.js'
import type { ColumnEvidence } from '../columns/evidence/column-evidence.js'
import { isValue } from '../columns/evidence/is-value.js'
import { type Place, placeOf } from '../columns/evidence/place.js'

/** What a file's first record is, by what the others hold. */
export type FirstRecord =
  /** `by` is null where no record is there to compare with. */
  | { readonly state: 'header'; readonly by: Place | null }
  | { readonly state: 'record' }
  /** `reason` is a clause. */
  | { readonly state: 'open'; readonly reason: string }

/**
 * Tells whether a first line is a header: fields are none of the values of their columns, such as
 * `qty` above numbers, and none is one. It is a record where they are values, of types other than
 * text. It cannot be told where some are values and others are not, where they number the columns,
 * such as 2019, 2020, 2021, and where all columns are text. `targets` are the columns of the
 * fields.
 */
export function firstRecordIs(
  fields: readonly string[],
  targets: readonly (number | null)[] | null,
  evidence: readonly ColumnEvidence[],
  at: { readonly file: string; readonly line: number },
): FirstRecord {
  const fitting: string[] = []
  let other: Place | null = null
  for (const [k, field] of fields.entries()) {
    const target = targets === null ? k : targets[k]
    const column = target == null ? undefined : evidence[target]
    const kind = column && kindOf(column)
    if (!kind || field === '' || nullWords.has(field)) continue
    if (kind.fits(field.trim())) fitting.push(field)
    else other ??= placeOf(at.file, at.line, field)
  }
  const [value] = fitting
  if (value !== undefined && other !== null) {
    return {
      state: 'open',
      reason: `${inMessage(value)} is a value of its column, and ${inMessage(other.text)} is none`,
    }
  }
  if (other !== null) return { state: 'header', by: other }
  if (value === undefined) {
    const reason = evidence.some(kindOf) ? 'the columns of its values hold text' : 'all columns hold text'
    return { state: 'open', reason }
  }
  if (!areCounted(fitting, fields[0] === '')) return { state: 'record' }
  return {
    state: 'open',
    reason: `${inMessage(value)}${fitting.length > 1 ? ' and what follows' : ''} may name ${fitting.length > 1 ? 'columns' : 'a column'}`,
  }
}

/**
 * Tells whether the only line of a file without records is a header: none of its fields is a value.
 */
export function onlyRecordIs(fields: readonly string[]): FirstRecord {
  return fields.some((field) => isValue(field.trim())) ? { state: 'record' } : { state: 'header', by: null }
}

/** The kind of which all values of a column are, or most where none is. */
function kindOf({ candidates, values }: ColumnEvidence): Candidate | undefined {
  if (values === 0) return undefined
  return (
    candidates.find((one) => one.contradicted === 0 && isPossible(one)) ??
    candidates.find((one) => 2 * one.contradicted < values && isPossible(one))
  )
}

/**
 * Whether texts are consecutive numbers: three or more, two after a field without a name, as pandas
 * writes them, or years, also one alone.
 */
function areCounted(texts: readonly string[], isIndexed: boolean): boolean {
  const [first = 0, ...others] = texts.map(Number)
  const isYear = first >= 1900 && first < 2100
  return texts.length >= (isYear ? 1 : isIndexed ? 2 : 3) && others.every((number, k) => number === first + k + 1)
}
