import type { Column } from '../../../../study/table.js'
import type { CsvFormat } from '../../file-spec.js'
import { bare, escapedNull } from '../syntax/csv-records.js'

/** The part of a format that says which fields are null. */
export type Nulls = Pick<CsvFormat, 'nulls' | 'emptyTexts'>

/** States that no field is null. */
export const noNulls: Nulls = { nulls: [], emptyTexts: 'kept' }

/** Tells by a field's bytes, and by how it is written, whether it is null. */
export type IsNull = (bytes: Buffer, from: number, to: number, form: number) => boolean

/** Returns the test by which the fields of a column are null. */
export function nullTest({ type }: Column, { nulls, emptyTexts }: Nulls): IsNull {
  const isText = type === 'text'
  const emptyIsNull = nulls.includes('') && (emptyTexts === 'null' || !isText)
  const quotedEmptyIsNull = emptyIsNull && emptyTexts === 'kept'
  const spellings = nulls.filter((spelling) => spelling !== '').map((spelling) => Buffer.from(spelling))
  return (bytes, from, to, form) => {
    if (from === to) return form === bare ? emptyIsNull : quotedEmptyIsNull
    if (form === escapedNull) return true
    return spellings.length > 0 && form === bare && isAny(spellings, bytes, from, to)
  }
}

function isAny(spellings: readonly Buffer[], bytes: Buffer, from: number, to: number): boolean {
  return spellings.some((spelling) => spelling.length === to - from && spelling.compare(bytes, from, to) === 0)
}

/** Words with which other programs write null. */
const nullWords = /^(\\N|null|nil|none|na|n\/a)$/i

/**
 * Returns what to do about a text that may stand for null, after a colon; empty for another text.
 */
export function nullRemedy(text: string): string {
  return nullWords.test(text) ? ': state it in `null` where it stands for that' : ''
}
