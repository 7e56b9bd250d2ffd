import { type ColumnType, type ElementType, elementTypeOf, mayBeNull, type Table } from '../../../study/table/table.js'
import { type BytesColumn, type ListColumn, type ValueColumn, wideBigInt, wideNumber } from '../../records/values.js'
import { compileRows, type Field, type FieldKind, type ValueNames } from './compile-rows.js'
import { writeInteger } from './digits.js'
import type { Encoder } from './encoder.js'
import { makePayloadBuffer } from './payload-buffer.js'
import { makeDateText, makeTimestampText, timestampBytes, writeAscii } from './timestamp-text.js'

const tab = 9
const newline = 10
const backslash = 92

/**
 * Writes `COPY … (FORMAT text)`: fields separated by tabs, records ended by newlines, `\N` for
 * null.
 */
export function makeTextEncoder(table: Table): Encoder {
  const writeRows = compileRows({
    fields: table.columns.map(({ type }) => fieldOf(type)),
    nullable: table.columns.map((column) => mayBeNull(table, column)),
    begin: '',
    separator: (last) => `out[p++] = ${last ? newline : tab};`,
    nullField: `out[p++] = ${backslash}; out[p++] = 78;`,
    rowBytes: table.columns.length,
    library: makeLibrary(),
  })
  return {
    encoding: 'text',
    encode(records, from, to, target) {
      target.length = 0
      writeRows(records.columns, from, to, target)
      return target.bytes.subarray(0, target.length)
    },
  }
}

/**
 * Functions that the fields' code calls: each writes at a position and returns the position after
 * it.
 */
function makeLibrary() {
  return {
    writeInteger,
    writeWide,
    writeFloat,
    writeHex,
    writeBytea,
    writeEscaped,
    writeDate: makeDateText(),
    writeTimestamp: makeTimestampText(false),
    writeZoned: makeTimestampText(true),
  }
}

function fieldOf(type: ColumnType): Field {
  if (elementTypeOf(type) !== null) return { ...bytesField('writeEscaped'), render: listRenderer(type) }
  switch (type as ElementType) {
    case 'bool':
      return numberField('integer', 2, ({ value }) => `out[p++] = ${value} === 1 ? 116 : 102;`)
    case 'int2':
    case 'int4':
      return numberField('integer', 11, ({ value }) => `p = writeInteger(out, p, ${value});`)
    case 'int8':
      return numberField('wide', 20, ({ high, low }) => `p = writeWide(out, p, ${high}, ${low});`)
    case 'float4':
    case 'float8':
      return numberField('float', 26, ({ value }) => `p = writeFloat(out, p, ${value});`)
    case 'date':
      return numberField('integer', timestampBytes, ({ value }) => `p = writeDate(out, p, ${value});`)
    case 'timestamp':
      return numberField('wide', timestampBytes, ({ high, low }) => `p = writeTimestamp(out, p, ${high}, ${low});`)
    case 'timestamptz':
      return numberField('wide', timestampBytes, ({ high, low }) => `p = writeZoned(out, p, ${high}, ${low});`)
    case 'numeric':
    case 'text':
    case 'jsonb':
      return bytesField('writeEscaped')
    case 'uuid':
      return bytesField('writeHex')
    case 'bytea':
      return bytesField('writeBytea')
  }
}

function numberField(kind: FieldKind, bytes: number, write: (names: ValueNames) => string): Field {
  return { kind, bytes, bytesPerByte: 0, write }
}

function bytesField(writer: keyof ReturnType<typeof makeLibrary>): Field {
  return {
    kind: 'bytes',
    // The null, or the prefix of a `bytea`.
    bytes: 3,
    bytesPerByte: 2,
    write: (names) => `p = ${writer}(out, p, ${names.bytes}, ${names.start}, ${names.end});`,
  }
}

function writeWide(out: Uint8Array, at: number, high: number, low: number): number {
  const integer = wideNumber(high, low)
  if (Number.isSafeInteger(integer)) return writeInteger(out, at, integer)
  return writeAscii(out, at, String(wideBigInt(high, low)))
}

function writeFloat(out: Uint8Array, at: number, value: number): number {
  const negativeZero = value === 0 && 1 / value < 0
  if (Number.isSafeInteger(value) && !negativeZero) return writeInteger(out, at, value)
  if (negativeZero) return writeAscii(out, at, '-0')
  // Equal to the text of String(), which would keep it in V8's cache of numbers' texts, and so in
  // memory until the next full collection.
  return writeAscii(out, at, Number.isFinite(value) ? JSON.stringify(value) : String(value))
}

const hexDigits = Buffer.from('0123456789abcdef')

function writeHex(out: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number): number {
  let p = at
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    out[p++] = hexDigits[byte >>> 4]!
    out[p++] = hexDigits[byte & 15]!
  }
  return p
}

function writeBytea(out: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number): number {
  return writeHex(out, writeAscii(out, at, '\\\\x'), bytes, from, to)
}

/**
 * The character after the backslash for the bytes that COPY TO escapes too (the manual, COPY, "Text
 * Format"); 0 for all others.
 */
const escapeCharacters = new Uint8Array(256)
escapeCharacters.set([98, 116, 110, 118, 102, 114], 8)
escapeCharacters[backslash] = backslash

function writeEscaped(out: Uint8Array, at: number, bytes: Uint8Array, from: number, to: number): number {
  let p = at
  for (let i = from; i < to; i++) {
    const byte = bytes[i]!
    const character = escapeCharacters[byte]!
    if (character === 0) out[p++] = byte
    else {
      out[p++] = backslash
      out[p++] = character
    }
  }
  return p
}

/** An array as PostgreSQL writes it, its elements between quotes. */
function listRenderer(type: ColumnType): NonNullable<Field['render']> {
  const textOf = elementText(elementTypeOf(type)!)
  return (column, row, to) => {
    const { elements, offsets } = column as ListColumn
    const texts: string[] = []
    for (let e = (column as ListColumn).startOf(row); e < offsets[row]!; e++) {
      texts.push(elements.isNull(e) ? 'NULL' : `"${textOf(elements, e).replace(/["\\]/g, '\\$&')}"`)
    }
    to.pushString(`{${texts.join(',')}}`, 'utf8')
  }
}

/** The text of an element, without escapes. */
function elementText(type: ElementType): (rows: ValueColumn, row: number) => string {
  switch (type) {
    case 'numeric':
    case 'text':
    case 'jsonb':
      return (rows, row) => (rows as BytesColumn).textAt(row, 'utf8')
    case 'bytea':
      return (rows, row) => `\\x${(rows as BytesColumn).textAt(row, 'hex')}`
    default: {
      const writeRows = compileRows({
        fields: [fieldOf(type)],
        nullable: [false],
        begin: '',
        separator: () => '',
        nullField: '',
        rowBytes: 0,
        library: makeLibrary(),
      })
      const made = makePayloadBuffer(64)
      return (rows, row) => {
        made.length = 0
        writeRows([rows], row, row + 1, made)
        return made.bytes.toString('latin1', 0, made.length)
      }
    }
  }
}
