import { type ColumnType, elementTypeOf, type Value } from '../../study/table/table.js'
import { dayMs, epochDays, epochMs } from './epoch.js'
import { signOfDay, signOfTime } from './infinity.js'
import { type BytesColumn, type Int64Column, type ValueColumn, wideBigInt, wideNumber } from './values.js'

/**
 * The value of a row, as the JavaScript type that `ColumnType` states; dates and times as
 * milliseconds since 1970, infinite ones as `Infinity`.
 */
export function valueAt(type: ColumnType, rows: ValueColumn, row: number): Value {
  if (rows.isNull(row)) return null
  switch (rows.kind) {
    case 'integer':
      if (type === 'bool') return rows.values[row] === 1
      return type === 'date' ? dateAt(rows.values[row]!) : rows.values[row]!
    case 'wide':
      return type === 'int8' ? integerAt(rows, row) : timeAt(rows, row)
    case 'float':
      return rows.values[row]!
    case 'bytes':
      return bytesAt(type, rows, row)
    case 'list': {
      const elementType = elementTypeOf(type)!
      const from = rows.startOf(row)
      return Array.from({ length: rows.offsets[row]! - from }, (_, k) => valueAt(elementType, rows.elements, from + k))
    }
  }
}

/** The 64-bit integer of a row: a number where that is exact. */
function integerAt({ high, low }: Int64Column, row: number): number | bigint {
  const whole = wideNumber(high[row]!, low[row]!)
  return Number.isSafeInteger(whole) ? whole : wideBigInt(high[row]!, low[row]!)
}

function dateAt(day: number): number {
  return signOfDay(day) === 0 ? (day + epochDays) * dayMs : signOfDay(day) * Number.POSITIVE_INFINITY
}

function timeAt(rows: Int64Column, row: number): number {
  const sign = signOfTime(rows.high[row]!, rows.low[row]!)
  if (sign !== 0) return sign * Number.POSITIVE_INFINITY
  const micros = integerAt(rows, row)
  if (typeof micros === 'bigint') return Number(micros / 1000n) + Number(micros % 1000n) / 1000 + epochMs
  const ms = Math.floor(micros / 1000)
  return ms + epochMs + (micros - ms * 1000) / 1000
}

function bytesAt(type: ColumnType, rows: BytesColumn, row: number): string | Buffer {
  if (type === 'bytea') return Buffer.from(rows.bytes.subarray(rows.startOf(row), rows.offsets[row]))
  if (type !== 'uuid') return rows.textAt(row, 'utf8')
  return rows.textAt(row, 'hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-')
}
