import type { Column, Row, Table } from '../input/input.js'
import { toBoolean, toBytes, toFloat, toInteger, toInteger8, toText, toUuidDigits } from './column-values.js'
import { writeInteger } from './digits.js'
import { checkWidth, type Encoder, type WriteValue } from './encoder.js'
import { numericText, toNumeric } from './numeric.js'
import { type PayloadBuffer, reserve } from './payload-buffer.js'
import { writeUtf8 } from './text-bytes.js'
import { dateTextWriter, timestampBytes, timestampTextWriter } from './timestamp-text.js'

const tab = 9
const newline = 10
const backslash = 92

/** Up to this length a loop over the characters is faster than a call into the runtime. */
const shortLength = 32

/** Writes `COPY … (FORMAT text)`: fields parted by tabs, records ended by newlines, `\N` for null. */
export function makeTextEncoder(table: Table): Encoder {
  const { columns } = table
  const slack = columns.length * (timestampBytes + 1) + 1
  const writers = columns.map((column) => writerOf(column, slack))
  const count = columns.length
  return {
    encoding: 'text',
    encode(rows, from, to, target) {
      target.length = 0
      for (let r = from; r < to; r++) {
        const row = rows[r] as Row
        if (row.length !== count) checkWidth(columns, row)
        reserve(target, slack)
        for (let c = 0; c < count; c++) {
          if (c > 0) target.bytes[target.length++] = tab
          const value = row[c]!
          if (value === null) {
            target.bytes[target.length++] = backslash
            target.bytes[target.length++] = 78
          } else {
            writers[c]!(value, target)
          }
        }
        target.bytes[target.length++] = newline
      }
      return target.bytes.subarray(0, target.length)
    },
  }
}

function writerOf(column: Column, slack: number): WriteValue {
  switch (column.type) {
    case 'int2':
    case 'int4':
      return (value, out) => {
        out.length = writeInteger(out.bytes, out.length, toInteger(column, value))
      }
    case 'int8':
      return (value, out) => {
        const integer = toInteger8(column, value)
        if (typeof integer === 'bigint') writeAscii(String(integer), out)
        else out.length = writeInteger(out.bytes, out.length, integer)
      }
    case 'float4':
    case 'float8':
      return (value, out) => {
        const float = toFloat(column, value)
        writeAscii(Object.is(float, -0) ? '-0' : String(float), out)
      }
    case 'bool':
      return (value, out) => {
        out.bytes[out.length++] = toBoolean(column, value) ? 116 : 102
      }
    case 'date':
      return dateTextWriter(column)
    case 'timestamp':
    case 'timestamptz':
      return timestampTextWriter(column)
    case 'uuid':
      return (value, out) => writeAscii(toUuidDigits(column, value), out)
    case 'numeric':
      return (value, out) => {
        const text = numericText(toNumeric(column, value))
        reserve(out, text.length + slack)
        out.length += out.bytes.write(text, out.length, 'latin1')
      }
    case 'text':
    case 'jsonb':
      return (value, out) => writeEscaped(column, typeof value === 'string' ? value : toText(column, value), out, slack)
    case 'bytea':
      return (value, out) => {
        const bytes = toBytes(column, value)
        reserve(out, 3 + bytes.length * 2 + slack)
        writeAscii('\\\\x', out)
        const hex = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
        out.length += out.bytes.write(hex, out.length, 'latin1')
      }
  }
}

/** The letter behind the backslash for the characters that COPY TO escapes too (the manual, COPY, "Text Format"); 0 for all others. */
const escapeLetters = new Uint8Array(128)
escapeLetters.set([98, 116, 110, 118, 102, 114], 8)
escapeLetters[backslash] = backslash
const escaped = /[\\\b\t\n\v\f\r]/g

function writeEscaped(column: Column, text: string, out: PayloadBuffer, slack: number): void {
  if (text.length <= shortLength) {
    reserve(out, text.length * 2 + slack)
    const { bytes } = out
    let at = out.length
    let i = 0
    for (; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0 || code > 127) break
      const letter = escapeLetters[code]!
      if (letter !== 0) {
        bytes[at++] = backslash
        bytes[at++] = letter
      } else {
        bytes[at++] = code
      }
    }
    if (i === text.length) {
      out.length = at
      return
    }
  }
  const safe = text.replace(escaped, (c) => `\\${String.fromCharCode(escapeLetters[c.charCodeAt(0)]!)}`)
  writeUtf8(column, safe, out, slack)
}

function writeAscii(text: string, out: PayloadBuffer): void {
  const { bytes, length } = out
  for (let i = 0; i < text.length; i++) bytes[length + i] = text.charCodeAt(i)
  out.length = length + text.length
}
