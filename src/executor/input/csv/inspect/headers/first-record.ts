import type { ColumnEvidence } from '../columns/evidence/column-evidence.js'
import { type Place, placeOf } from '../columns/evidence/place.js'
import { nullWords } from '../columns/evidence/words.js'

/** What a file's first record is, by what the others hold. */
export type FirstRecord =
  | { readonly state: 'header'; readonly by: Place }
  | { readonly state: 'record' }
  | { readonly state: 'open' }

/**
 * Tells whether a first line is a header: one of its fields is none of the values of its column,
 * such as `qty` above numbers. It is a record where it fits and a column has a type other than
 * text, and where it cannot name columns: a field is empty, or two are equal. Where all columns are
 * text, it cannot be told. `targets` are the columns of the fields.
 */
export function firstRecordIs(
  fields: readonly string[],
  targets: readonly (number | null)[] | null,
  evidence: readonly ColumnEvidence[],
  at: { readonly file: string; readonly line: number },
): FirstRecord {
  let fitting = 0
  for (const [k, field] of fields.entries()) {
    const target = targets === null ? k : targets[k]
    const column = target == null ? undefined : evidence[target]
    const certain = column?.candidates.find(({ contradicted }) => contradicted === 0)
    if (!column || column.values === 0 || !certain || field === '' || nullWords.has(field)) continue
    if (!certain.fits(field.trim())) return { state: 'header', by: placeOf(at.file, at.line, field) }
    fitting++
  }
  if (fitting > 0) return { state: 'record' }
  const names = fields.map((field) => field.trim())
  if (names.includes('') || new Set(names).size < names.length) return { state: 'record' }
  return { state: 'open' }
}
