import { BytesColumn, type ValueColumn } from '../../records/values.js'
import { type PayloadBuffer, reserve } from './payload-buffer.js'

/**
 * Storage of a column's values where a field is written: as in `ValueColumn`, where lists are
 * turned into bytes first.
 */
export type FieldKind = Exclude<ValueColumn['kind'], 'list'>

/**
 * The names by which a field's code reaches the value of row `k`; for bytes also their memory's
 * view, and where they begin and end.
 */
export interface ValueNames {
  readonly value: string
  readonly high: string
  readonly low: string
  readonly bytes: string
  readonly view: string
  readonly start: string
  readonly end: string
}

/** Code that writes the values of a column. */
export interface Field {
  readonly kind: FieldKind
  /**
   * The JavaScript statements that write one value that is not null into `out` (or by its `view`)
   * at `p`, and move `p` to the position after it. They may call the library's functions. No name
   * or value of the data gets into this text.
   */
  write(names: ValueNames): string
  /** Maximum number of bytes that a field takes in addition to those of its value. */
  readonly bytes: number
  /** Maximum number of bytes that each byte of the value takes. */
  readonly bytesPerByte: number
  /** Turns a value of the column into bytes first, where it is not stored as it is written. */
  readonly render?: (rows: ValueColumn, row: number, to: BytesColumn) => void
}

/** A format of rows. */
export interface RowFormat {
  /** One entry for each column. */
  readonly fields: readonly Field[]
  readonly nullable: readonly boolean[]
  /** Statements before a row's fields, after each field, and for a null. */
  readonly begin: string
  separator(last: boolean): string
  readonly nullField: string
  /** Maximum number of bytes of a row in addition to its fields. */
  readonly rowBytes: number
  /** The functions that the statements call. */
  readonly library: Readonly<Record<string, unknown>>
}

/** Writes the rows from `from` up to but without `to` of the columns at the end of `out`. */
export type WriteRows = (columns: readonly ValueColumn[], from: number, to: number, out: PayloadBuffer) => void

/**
 * Compiles a format into one loop over rows whose body writes field after field: no choice by type,
 * no object for a value, and every column's arrays in local variables.
 */
export function compileRows(format: RowFormat): WriteRows {
  const { fields, library } = format
  const loop = compileLoop(format)
  const functions = Object.values(library)
  const made = fields.map(({ render }) => (render ? new BytesColumn() : null))
  const minBytes = fields.reduce((sum, { bytes }) => sum + bytes, format.rowBytes)
  return (columns, from, to, out) => {
    let bound = minBytes * (to - from)
    const ready = columns.map((rows, c) => {
      const { render, bytesPerByte } = fields[c]!
      const own = made[c]
      if (render && own) renderRows(rows, from, to, render, own)
      if (own) bound += bytesPerByte * own.startOf(to - from)
      else if (rows.kind === 'bytes') bound += bytesPerByte * (rows.startOf(to) - rows.startOf(from))
      return own ?? rows
    })
    reserve(out, bound)
    out.length = loop(ready, from, to, out.length, out.bytes, out.view, ...functions)
  }
}

function renderRows(
  rows: ValueColumn,
  from: number,
  to: number,
  render: NonNullable<Field['render']>,
  made: BytesColumn,
): void {
  made.truncate(0)
  for (let row = from; row < to; row++) {
    if (rows.isNull(row)) made.pushNull()
    else render(rows, row, made)
  }
}

type Loop = (
  columns: readonly ValueColumn[],
  from: number,
  to: number,
  at: number,
  out: Buffer,
  view: DataView,
  ...library: readonly unknown[]
) => number

function compileLoop({ fields, nullable, begin, separator, nullField, library }: RowFormat): Loop {
  const held = fields.map(({ kind, render }, c) => {
    const values = holds[kind](c, render ? '0' : 'from')
    return `const c${c} = columns[${c}], n${c} = c${c}.nullCount > 0; ${values}`
  })
  const written = fields.map(({ kind, write, render }, c) => {
    // Bytes rendered for these rows alone begin at 0.
    const row = render ? 'k - from' : 'k'
    const isNull = nullable[c] ? `n${c} && c${c}.isNull(${row})` : 'false'
    const value = `if (${isNull}) { ${nullField} } else { ${write(namesOf(c, row))} }`
    const next = kind === 'bytes' ? `s${c} = e${c}[${row}];` : ''
    return `${value} ${next} ${separator(c === fields.length - 1)}`
  })
  const body = `'use strict'
${held.join('\n')}
for (let k = from; k < to; k++) {
${begin}
${written.join('\n')}
}
return p`
  const parameters = ['columns', 'from', 'to', 'p', 'out', 'view', ...Object.keys(library)]
  const known = loops.get(body)
  if (known) return known
  const loop = new Function(...parameters, body) as Loop
  loops.set(body, loop)
  return loop
}

/** Compiled once for each format: a loop compiled again for each trial would start cold. */
const loops = new Map<string, Loop>()

const holds: Readonly<Record<FieldKind, (c: number, first: string) => string>> = {
  integer: (c) => `const v${c} = c${c}.values`,
  float: (c) => `const v${c} = c${c}.values`,
  wide: (c) => `const h${c} = c${c}.high, l${c} = c${c}.low`,
  bytes: (c, first) =>
    `const b${c} = c${c}.bytes, w${c} = c${c}.view, e${c} = c${c}.offsets; let s${c} = c${c}.startOf(${first})`,
}

function namesOf(c: number, row: string): ValueNames {
  return {
    value: `v${c}[${row}]`,
    high: `h${c}[${row}]`,
    low: `l${c}[${row}]`,
    bytes: `b${c}`,
    view: `w${c}`,
    start: `s${c}`,
    end: `e${c}[${row}]`,
  }
}
