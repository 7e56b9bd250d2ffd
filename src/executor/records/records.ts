import { type Column, elementTypeOf, mayBeNull, type Row, type Table } from '../../study/table/table.js'
import { type AppendValue, appenderOf } from './append-value.js'
import { invalidValue } from './column-values.js'
import { valueAt } from './value-at.js'
import {
  BytesColumn,
  type ElementColumn,
  Float64Column,
  Int32Column,
  Int64Column,
  ListColumn,
  type ValueColumn,
} from './values.js'

/**
 * Typed records, held by column in typed arrays, so that neither a value nor a record is a
 * JavaScript object. Memory grows to the largest number of records held so far, and is used again
 * after `truncate`.
 */
export class Records {
  length = 0
  /**
   * One for each of the table's columns, in their order. What is pushed to them counts once
   * `complete` is called.
   */
  readonly columns: readonly ValueColumn[]
  private readonly appenders: readonly AppendValue[]

  /** `like`, of the same table: the records take as much memory as those have. */
  constructor(
    readonly table: Table,
    like: Records | null = null,
  ) {
    this.columns = table.columns.map(columnFor)
    for (const [c, rows] of this.columns.entries()) if (like) rows.reserveLike(like.columns[c]!)
    this.appenders = table.columns.map((column, c) => appenderOf(column, this.columns[c]!))
  }

  /**
   * Adds a record. Throws a TypeError that names the column and the value when the table cannot
   * hold it; the record is then left incomplete.
   */
  append(row: Row): void {
    const { columns } = this.table
    checkWidth(columns, row)
    for (let c = 0; c < columns.length; c++) {
      const value = row[c]!
      if (value !== null) this.appenders[c]!(value)
      else if (mayBeNull(this.table, columns[c]!)) this.columns[c]!.pushNull()
      else throw invalidValue(columns[c]!, 'a value, since the column is not null', value)
    }
    this.length++
  }

  /** States that each column was given a value for `count` more records. */
  complete(count = 1): void {
    this.length += count
  }

  /** Keeps the first `length` records and drops the rest, incomplete ones included. */
  truncate(length: number): void {
    for (const rows of this.columns) rows.truncate(length)
    this.length = Math.min(this.length, length)
  }

  /** The record at a position from 0. */
  row(position: number): Row {
    return this.table.columns.map(({ type }, c) => valueAt(type, this.columns[c]!, position))
  }

  /** Throws an Error unless every column holds one value for each record. */
  checkComplete(): void {
    for (const [c, rows] of this.columns.entries()) {
      if (rows.length === this.length) continue
      const { name } = this.table.columns[c]!
      throw new Error(`Expected ${this.length} values in column \`${name}\`, one for each record, got ${rows.length}`)
    }
  }
}

/** Throws a TypeError when a record does not have one value for each column. */
function checkWidth(columns: readonly Column[], row: Row): void {
  if (row.length === columns.length) return
  throw new TypeError(`Expected a record of ${columns.length} values, one for each column, got ${row.length}`)
}

function columnFor({ type }: Column): ValueColumn {
  const elementType = elementTypeOf(type)
  return elementType === null ? elementColumnFor(type) : new ListColumn(elementColumnFor(elementType))
}

function elementColumnFor(type: Column['type']): ElementColumn {
  switch (type) {
    case 'int2':
    case 'int4':
    case 'bool':
    case 'date':
      return new Int32Column()
    case 'int8':
    case 'timestamp':
    case 'timestamptz':
      return new Int64Column()
    case 'float4':
    case 'float8':
      return new Float64Column()
    default:
      return new BytesColumn()
  }
}
