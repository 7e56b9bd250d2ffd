import { inMessage } from '../../../../check.js'
import { type Column, type ElementType, elementOf } from '../../../../study/table/table.js'
import type { ListColumn, ValueColumn } from '../../../records/values.js'
import { arrayProblem, readArrayText } from './array-text.js'
import { booleanReader } from './field-booleans.js'
import { readBytea, readJsonb, readUuid, textReader } from './field-bytes.js'
import { readFloat4, readFloat8 } from './field-floats.js'
import { readInt2, readInt4, readInt8 } from './field-integers.js'
import { numericReader } from './field-numerics.js'
import { timeReader } from './field-times.js'
import { nullRemedy } from './null-fields.js'
import { withMarks } from './number-marks.js'
import type { ReadValue, ValueFormat } from './value-reader.js'

/**
 * Reads a field, `bytes[from]` up to but without `bytes[to]`, of well-formed UTF-8, and adds its
 * value to the rows of its column. `hasNul` says whether the character NUL may be in it. Throws an
 * Error that names the column, the text, and what can be read.
 */
export type ReadField = (bytes: Buffer, from: number, to: number, rows: ValueColumn, hasNul: boolean) => void

/**
 * Returns the function that reads CSV fields that are not null as a column's values. Values are
 * read as PostgreSQL reads them, where that depends neither on its version nor on its settings and
 * loses nothing: a `timestamptz` without a zone is UTC, a date with a time is an error. Dates and
 * booleans that have a format are read by it alone.
 */
export function fieldReader(column: Column, format: ValueFormat): ReadField {
  const read = valueReader(column, format)
  const { name, type, declared = type } = column
  return (bytes, from, to, rows, hasNul) => {
    const hasOwnNul = hasNul && bytes.subarray(from, to).includes(0)
    const problem = hasOwnNul ? 'PostgreSQL cannot store the character NUL' : read(bytes, from, to, rows)
    if (problem !== null) {
      const text = bytes.toString('utf8', from, to)
      throw new Error(`column \`${name}\` (${declared}) cannot hold ${shown(text)}: ${problem}${nullRemedy(text)}`)
    }
  }
}

function shown(text: string): string {
  return inMessage(text.length > 60 ? `${text.slice(0, 60)}…` : text)
}

function valueReader(column: Column, format: ValueFormat): ReadValue {
  const element = elementOf(column)
  if (element !== null) return arrayReader(valueReader(element, format))
  switch (column.type as ElementType) {
    case 'int2':
      return withMarks(readInt2, format)
    case 'int4':
      return withMarks(readInt4, format)
    case 'int8':
      return withMarks(readInt8, format)
    case 'float4':
      return withMarks(readFloat4, format)
    case 'float8':
      return withMarks(readFloat8, format)
    case 'numeric':
      return withMarks(numericReader(column), format)
    case 'text':
      return textReader(column)
    case 'bool':
      return booleanReader(format)
    case 'date':
    case 'timestamp':
    case 'timestamptz':
      return timeReader(column, format)
    case 'uuid':
      return readUuid
    case 'jsonb':
      return readJsonb
    case 'bytea':
      return readBytea
  }
}

function arrayReader(readElement: ReadValue): ReadValue {
  return (bytes, from, to, rows) => {
    const text = bytes.toString('utf8', from, to)
    const elements = readArrayText(text)
    if (elements === null) return arrayProblem(text)
    const list = rows as ListColumn
    for (const element of elements) {
      if (element === null) {
        list.elements.pushNull()
        continue
      }
      const own = Buffer.from(element)
      const problem = readElement(own, 0, own.length, list.elements)
      if (problem !== null) return `its element ${shown(element)} cannot be read, ${problem}`
    }
    list.push()
    return null
  }
}
