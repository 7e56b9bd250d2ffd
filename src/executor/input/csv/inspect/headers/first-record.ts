import { inMessage } from '../../../../../check.js'
import type { ColumnEvidence } from '../columns/evidence/column-evidence.js'
import { type Place, placeOf } from '../columns/evidence/place.js'
import { nullWords } from '../columns/evidence/words.js'

/** What a file's first record is, by what the others hold. */
export type FirstRecord =
  | { readonly state: 'header'; readonly by: Place }
  | { readonly state: 'record' }
  /** `reason` is a clause. */
  | { readonly state: 'open'; readonly reason: string }

/**
 * Tells whether a first line is a header: fields are none of the values of their columns, such as
 * `qty` above numbers, and none is one. It is a record where they are values, of types other than
 * text, and where it cannot name columns: a field is empty, or two are equal. It cannot be told
 * where some are values and others are not, and where all columns are text. `targets` are the
 * columns of the fields.
 */
export function firstRecordIs(
  fields: readonly string[],
  targets: readonly (number | null)[] | null,
  evidence: readonly ColumnEvidence[],
  at: { readonly file: string; readonly line: number },
): FirstRecord {
  let fitting: string | null = null
  let other: Place | null = null
  for (const [k, field] of fields.entries()) {
    const target = targets === null ? k : targets[k]
    const column = target == null ? undefined : evidence[target]
    const certain = column?.candidates.find(({ contradicted }) => contradicted === 0)
    if (!column || column.values === 0 || !certain || field === '' || nullWords.has(field)) continue
    if (certain.fits(field.trim())) fitting ??= field
    else other ??= placeOf(at.file, at.line, field)
  }
  if (fitting !== null && other !== null) {
    return {
      state: 'open',
      reason: `${inMessage(fitting)} is a value of its column, and ${inMessage(other.text)} is none`,
    }
  }
  if (other !== null) return { state: 'header', by: other }
  if (fitting !== null) return { state: 'record' }
  const names = fields.map((field) => field.trim())
  if (names.includes('') || new Set(names).size < names.length) return { state: 'record' }
  return { state: 'open', reason: 'all columns hold text' }
}
