import { type ColumnType, elementTypeOf, type Row, type Table, type Value } from '../../study/table/table.js'

/** A text that is the same for records whose keys PostgreSQL takes for equal. */
export function keyOf(row: Row, { columns, primaryKey }: Table): string {
  const values = primaryKey.map((name) => {
    const k = columns.findIndex((column) => column.name === name)
    return comparable(row[k]!, columns[k]!.type)
  })
  return JSON.stringify(values)
}

function comparable(value: Value, type: ColumnType): unknown {
  if (Array.isArray(value)) return value.map((element) => comparable(element, elementTypeOf(type)!))
  if (Buffer.isBuffer(value)) return value.toString('hex')
  // -0 and 0 are equal, and so are 1.50 and 1.5.
  const text = String(value)
  return type === 'numeric' && text.includes('.') ? text.replace(/\.?0+$/, '') : text
}
