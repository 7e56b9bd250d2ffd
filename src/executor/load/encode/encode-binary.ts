import { type Column, type ElementType, elementOf, mayBeNull, type Table } from '../../../study/table/table.js'
import { numericBytes, writeNumeric } from '../../records/numeric.js'
import { type BytesColumn, type ListColumn, longCopy, type ValueColumn } from '../../records/values.js'
import { compileRows, type Field, type FieldKind, type ValueNames } from './compile-rows.js'
import type { Encoder } from './encoder.js'
import { makePayloadBuffer, reserve } from './payload-buffer.js'

/** Signature, flags and length of the header's extension (the manual, COPY, "Binary Format"). */
const header = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')

/**
 * Writes `COPY … (FORMAT binary)`: a row is the number of its fields and the fields, each a length
 * word and its bytes; -1 is null.
 */
export function makeBinaryEncoder(table: Table): Encoder {
  const writeRows = compileRows({
    fields: table.columns.map(fieldOf),
    nullable: table.columns.map((column) => mayBeNull(table, column)),
    begin: `view.setInt16(p, ${table.columns.length}); p += 2;`,
    separator: () => '',
    nullField: 'view.setInt32(p, -1); p += 4;',
    rowBytes: 2,
    library: {},
  })
  return {
    encoding: 'binary',
    encode(records, from, to, target) {
      target.length = 0
      reserve(target, header.length)
      target.bytes.set(header)
      target.length = header.length
      writeRows(records.columns, from, to, target)
      reserve(target, 2)
      target.view.setInt16(target.length, -1)
      target.length += 2
      return target.bytes.subarray(0, target.length)
    },
  }
}

function fieldOf(column: Column): Field {
  const element = elementOf(column)
  if (element !== null) return { ...bytesField(''), render: listRenderer(element) }
  switch (column.type as ElementType) {
    case 'bool':
      return fixedField('integer', 1, ({ value }) => `out[p] = ${value};`)
    case 'int2':
      return fixedField('integer', 2, ({ value }) => `view.setInt16(p, ${value});`)
    case 'int4':
    case 'date':
      return fixedField('integer', 4, ({ value }) => `view.setInt32(p, ${value});`)
    case 'int8':
    case 'timestamp':
    case 'timestamptz':
      return fixedField('wide', 8, ({ high, low }) => `view.setInt32(p, ${high}); view.setInt32(p + 4, ${low});`)
    case 'float4':
      return fixedField('float', 4, ({ value }) => `view.setFloat32(p, ${value});`)
    case 'float8':
      return fixedField('float', 8, ({ value }) => `view.setFloat64(p, ${value});`)
    case 'numeric':
      return { ...bytesField(''), render: renderNumeric }
    case 'text':
    case 'bytea':
    case 'uuid':
      return bytesField('')
    case 'jsonb':
      // The format's version precedes the text.
      return bytesField('out[p++] = 1;')
  }
}

function fixedField(kind: FieldKind, bytes: number, write: (names: ValueNames) => string): Field {
  return {
    kind,
    bytes: 4 + bytes,
    bytesPerByte: 0,
    write: (names) => `view.setInt32(p, ${bytes}); p += 4; ${write(names)} p += ${bytes};`,
  }
}

/**
 * Short bytes are copied four at a time: what is written after the last is overwritten by what
 * follows, at the end by the payload's trailer.
 */
function bytesField(prefix: string): Field {
  return {
    kind: 'bytes',
    bytes: 5 + 3,
    bytesPerByte: 1,
    write: ({ bytes, view, start, end }) =>
      `const f = p, e = ${end}; p += 4; ${prefix}
       if (e - ${start} > ${longCopy}) p += ${bytes}.copy(out, p, ${start}, e);
       else {
         const d = p - ${start};
         for (let i = ${start}; i < e; i += 4) view.setInt32(i + d, ${view}.getInt32(i));
         p = e + d;
       }
       view.setInt32(f, p - f - 4);`,
  }
}

function renderNumeric(column: ValueColumn, row: number, to: BytesColumn): void {
  const rows = column as BytesColumn
  const from = rows.startOf(row)
  const end = rows.offsets[row]!
  const at = to.reserveBytes(numericBytes(end - from))
  to.end(writeNumeric(rows.bytes, from, end, to.bytes, at))
}

/**
 * PostgreSQL's numbers for the types (catalog/pg_type.dat), which an array names before its
 * elements.
 */
const typeNumbers: Readonly<Record<ElementType, number>> = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  text: 25,
  float4: 700,
  float8: 701,
  date: 1082,
  timestamp: 1114,
  timestamptz: 1184,
  numeric: 1700,
  uuid: 2950,
  jsonb: 3802,
}

/** PostgreSQL's number for `varchar`, whose values are stored as those of `text`. */
const varcharNumber = 1043

function typeNumberOf({ type, declared }: Column): number {
  return declared?.startsWith('varchar') ? varcharNumber : typeNumbers[type as ElementType]
}

/**
 * Number of dimensions, whether elements are null, their type, their number, the place of the
 * first; then the elements as fields of a row.
 */
function listRenderer(element: Column): NonNullable<Field['render']> {
  const typeNumber = typeNumberOf(element)
  const writeElements = compileRows({
    fields: [fieldOf(element)],
    nullable: [true],
    begin: '',
    separator: () => '',
    nullField: 'view.setInt32(p, -1); p += 4;',
    rowBytes: 0,
    library: {},
  })
  const elementsMade = makePayloadBuffer(4096)
  return (column, row, to) => {
    const { elements, offsets } = column as ListColumn
    const from = (column as ListColumn).startOf(row)
    const end = offsets[row]!
    let hasNull = 0
    for (let e = from; e < end; e++) if (elements.isNull(e)) hasNull = 1
    elementsMade.length = 0
    writeElements([elements], from, end, elementsMade)
    let at = to.reserveBytes(20 + elementsMade.length)
    for (const word of from === end ? [0, 0, typeNumber] : [1, hasNull, typeNumber, end - from, 1]) {
      at = to.bytes.writeInt32BE(word, at)
    }
    to.end(at + elementsMade.bytes.copy(to.bytes, at, 0, elementsMade.length))
  }
}
