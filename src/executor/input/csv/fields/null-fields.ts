import { type Column, mayBeNull } from '../../../../study/table/table.js'
import type { ValueColumn } from '../../../records/values.js'
import type { CsvFormat } from '../../file-spec.js'
import { bare, escapedNull } from '../syntax/csv-records.js'

/**
 * Adds null to the rows of a field's column where the field is null, by its bytes and by the form
 * in which it is written; returns false for another field. Throws an Error where the column must
 * not be null.
 */
export type ReadNull = (bytes: Buffer, from: number, to: number, form: number, rows: ValueColumn) => boolean

/** Returns the function that reads the fields of a column that are null. */
export function nullReader(format: CsvFormat, column: Column): ReadNull {
  const isNull = nullTest(format, column)
  const notNull = !mayBeNull(format.table, column)
  return (bytes, from, to, form, rows) => {
    if (!isNull(bytes, from, to, form)) return false
    if (notNull) {
      const shown = from === to ? 'empty' : bytes.toString('utf8', from, to)
      throw new Error(`column \`${column.name}\` (${column.type}) is not null, and the field is ${shown}`)
    }
    rows.pushNull()
    return true
  }
}

/** Whether fields that are not empty may be null although they are bare. */
export function hasSpellings({ nulls, textNulls }: CsvFormat): boolean {
  return [...nulls, ...textNulls].some((spelling) => spelling !== '')
}

function nullTest(
  { nulls, textNulls }: CsvFormat,
  { type }: Column,
): (bytes: Buffer, from: number, to: number, form: number) => boolean {
  const own = type === 'text' ? textNulls : nulls
  const emptyIsNull = own.includes('')
  const quotedEmptyIsNull = emptyIsNull && !textNulls.includes('')
  const spellings = own.filter((spelling) => spelling !== '').map((spelling) => Buffer.from(spelling))
  return (bytes, from, to, form) => {
    if (from === to) return form === bare ? emptyIsNull : quotedEmptyIsNull
    return form === escapedNull || (form === bare && isAny(spellings, bytes, from, to))
  }
}

function isAny(spellings: readonly Buffer[], bytes: Buffer, from: number, to: number): boolean {
  // A loop makes no function for each field, of which there are millions.
  for (const spelling of spellings) {
    if (spelling.length === to - from && spelling.compare(bytes, from, to) === 0) return true
  }
  return false
}

/** Spellings of null in other programs' files. */
export const nullWords: ReadonlySet<string> = new Set([
  '\\N',
  'NULL',
  'null',
  'Null',
  'NUL',
  'NA',
  'na',
  'N/A',
  'n/a',
  '#N/A',
  '#NULL!',
  '<NA>',
  '<null>',
  '(null)',
  '[NULL]',
  'None',
  'none',
  'NONE',
  'nil',
  'NIL',
  'NaT',
  '-',
  '--',
  '?',
  '.',
])

/**
 * Returns what to do about a text that may stand for null, after a colon; empty for another text.
 */
export function nullRemedy(text: string): string {
  return nullWords.has(text) ? ': state it in `null` where it stands for that' : ''
}
