import type { Column, Row, Table } from '../input/input.js'
import {
  type Microseconds,
  toBoolean,
  toBytes,
  toDays,
  toFloat,
  toInteger,
  toInteger8,
  toMicroseconds,
  toText,
  toUuidDigits,
} from './column-values.js'
import { checkWidth, type Encoder, type WriteValue } from './encoder.js'
import { numericWords, toNumeric } from './numeric.js'
import { type PayloadBuffer, reserve } from './payload-buffer.js'
import { writeUtf8 } from './text-bytes.js'

/** Signature, flags and length of the header's extension (the manual, COPY, "Binary Format"). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/** Room that a value of fixed size may take without asking: its length word and, at most, a UUID. */
const fieldBytes = 20

/** Writes `COPY … (FORMAT binary)`. */
export function makeBinaryEncoder(table: Table): Encoder {
  const { columns } = table
  const slack = 2 + columns.length * fieldBytes
  const writers = columns.map((column) => writerOf(column, slack))
  const count = columns.length
  return {
    encoding: 'binary',
    encode(rows, from, to, target) {
      target.length = 0
      reserve(target, header.length)
      header.copy(target.bytes)
      target.length = header.length
      for (let r = from; r < to; r++) {
        const row = rows[r] as Row
        if (row.length !== count) checkWidth(columns, row)
        reserve(target, slack)
        target.view.setInt16(target.length, count)
        target.length += 2
        for (let c = 0; c < count; c++) {
          const value = row[c]!
          if (value === null) {
            target.view.setInt32(target.length, -1)
            target.length += 4
          } else {
            writers[c]!(value, target)
          }
        }
      }
      reserve(target, 2)
      target.view.setInt16(target.length, -1)
      target.length += 2
      return target.bytes.subarray(0, target.length)
    },
  }
}

function writerOf(column: Column, slack: number): WriteValue {
  switch (column.type) {
    case 'int2':
      return (value, out) => {
        const integer = typeof value === 'number' && (value << 16) >> 16 === value ? value : toInteger(column, value)
        const { view, length } = out
        view.setInt32(length, 2)
        view.setInt16(length + 4, integer)
        out.length = length + 6
      }
    case 'int4':
      return (value, out) => {
        const integer = typeof value === 'number' && (value | 0) === value ? value : toInteger(column, value)
        const { view, length } = out
        view.setInt32(length, 4)
        view.setInt32(length + 4, integer)
        out.length = length + 8
      }
    case 'int8':
      return (value, out) => {
        const integer = toInteger8(column, value)
        const { view, length } = out
        view.setInt32(length, 8)
        if (typeof integer === 'bigint') {
          view.setBigInt64(length + 4, integer)
        } else {
          view.setInt32(length + 4, Math.floor(integer / 0x1_0000_0000))
          view.setInt32(length + 8, integer | 0)
        }
        out.length = length + 12
      }
    case 'float4':
      return (value, out) => {
        const { view, length } = out
        view.setInt32(length, 4)
        view.setFloat32(length + 4, toFloat(column, value))
        out.length = length + 8
      }
    case 'float8':
      return (value, out) => {
        const { view, length } = out
        view.setInt32(length, 8)
        view.setFloat64(length + 4, toFloat(column, value))
        out.length = length + 12
      }
    case 'bool':
      return (value, out) => {
        const { view, length } = out
        view.setInt32(length, 1)
        view.setInt8(length + 4, toBoolean(column, value) ? 1 : 0)
        out.length = length + 5
      }
    case 'date':
      return (value, out) => {
        const { view, length } = out
        view.setInt32(length, 4)
        view.setInt32(length + 4, toDays(column, value))
        out.length = length + 8
      }
    case 'timestamp':
    case 'timestamptz':
      return timestampWriter(column)
    case 'uuid':
      return (value, out) => {
        out.view.setInt32(out.length, 16)
        out.bytes.write(toUuidDigits(column, value), out.length + 4, 'hex')
        out.length += 20
      }
    case 'numeric':
      return (value, out) => {
        const words = numericWords(toNumeric(column, value))
        reserve(out, 4 + words.length * 2 + slack)
        out.view.setInt32(out.length, words.length * 2)
        out.length += 4
        for (const word of words) {
          out.view.setUint16(out.length, word)
          out.length += 2
        }
      }
    case 'text':
      return sized((value, out) => writeUtf8(column, value, out, slack))
    case 'jsonb':
      return sized((value, out) => {
        out.bytes[out.length++] = 1
        writeUtf8(column, toText(column, value), out, slack)
      })
    case 'bytea':
      return sized((value, out) => {
        const bytes = toBytes(column, value)
        reserve(out, bytes.length + slack)
        out.bytes.set(bytes, out.length)
        out.length += bytes.length
      })
  }
}

/** Writes a value behind the length word that it turns out to need. */
function sized(write: WriteValue): WriteValue {
  return (value, out) => {
    const start = out.length
    out.length = start + 4
    write(value, out)
    out.view.setInt32(start, out.length - start - 4)
  }
}

function timestampWriter(column: Column): WriteValue {
  const micros: Microseconds = { high: 0, low: 0 }
  return (value, out: PayloadBuffer) => {
    toMicroseconds(column, value, micros)
    const { view, length } = out
    view.setInt32(length, 8)
    view.setInt32(length + 4, micros.high)
    view.setUint32(length + 8, micros.low)
    out.length = length + 12
  }
}
