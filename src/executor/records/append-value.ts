import { type Column, elementOf, type Value } from '../../study/table/table.js'
import {
  invalidValue,
  type Microseconds,
  toBoolean,
  toBytes,
  toDays,
  toFloat,
  toInteger,
  toInteger8,
  toMicroseconds,
  toNumeric,
  toText,
  toUuidDigits,
} from './column-values.js'
import { charactersOf, digitsOf } from './declared-limit.js'
import { numericText } from './numeric.js'
import type { BytesColumn, Float64Column, Int32Column, Int64Column, ListColumn, ValueColumn } from './values.js'

/**
 * Adds a JavaScript value that is not null to the column's rows. Throws a TypeError that names the
 * column and the value when the column cannot hold it.
 */
export type AppendValue = (value: Exclude<Value, null>) => void

/** Returns the function that adds JavaScript values to the rows of a column. */
export function appenderOf(column: Column, rows: ValueColumn): AppendValue {
  switch (rows.kind) {
    case 'integer':
      return integerAppender(column, rows)
    case 'wide':
      return column.type === 'int8' ? int8Appender(column, rows) : timestampAppender(column, rows)
    case 'float':
      return floatAppender(column, rows)
    case 'bytes':
      return bytesAppender(column, rows)
    case 'list':
      return listAppender(column, rows)
  }
}

function integerAppender(column: Column, rows: Int32Column): AppendValue {
  switch (column.type) {
    case 'bool':
      return (value) => rows.push(toBoolean(column, value) ? 1 : 0)
    case 'date':
      return (value) => rows.push(toDays(column, value))
    default:
      return (value) => rows.push(toInteger(column, value))
  }
}

function int8Appender(column: Column, rows: Int64Column): AppendValue {
  return (value) => {
    const integer = toInteger8(column, value)
    if (typeof integer === 'number') rows.pushSafe(integer)
    else rows.pushBig(integer)
  }
}

function timestampAppender(column: Column, rows: Int64Column): AppendValue {
  const micros: Microseconds = { high: 0, low: 0 }
  return (value) => {
    toMicroseconds(column, value, micros)
    rows.push(micros.high, micros.low)
  }
}

function floatAppender(column: Column, rows: Float64Column): AppendValue {
  return (value) => rows.push(toFloat(column, value))
}

function bytesAppender(column: Column, rows: BytesColumn): AppendValue {
  switch (column.type) {
    case 'numeric': {
      const limit = digitsOf(column)
      return (value) => rows.pushString(numericText(toNumeric(column, value, limit)), 'latin1')
    }
    case 'uuid':
      return (value) => rows.pushString(toUuidDigits(column, value), 'hex')
    case 'bytea':
      return (value) => {
        const bytes = toBytes(column, value)
        rows.push(bytes, 0, bytes.length)
      }
    default: {
      const limit = charactersOf(column)
      return (value) => rows.pushString(toText(column, value, limit), 'utf8')
    }
  }
}

function listAppender(column: Column, rows: ListColumn): AppendValue {
  const { elements } = rows
  const append = appenderOf(elementOf(column)!, elements)
  return (value) => {
    if (!Array.isArray(value)) throw invalidValue(column, 'a list of values', value)
    for (const element of value as readonly Value[]) {
      if (element === null) elements.pushNull()
      else append(element)
    }
    rows.push()
  }
}
