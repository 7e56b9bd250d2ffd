import { fieldReader } from '../../../../../src/executor/input/csv/fields/field-values.js'
import { columnOf } from '../../../../../src/executor/input/csv/fields/type-spelling.js'
import { ownFormat, type ValueFormat } from '../../../../../src/executor/input/csv/fields/value-reader.js'
import { Records } from '../../../../../src/executor/records/records.js'
import type { Value } from '../../../../../src/study/table/table.js'

/** The value that a field of a type, as PostgreSQL spells it, is read as. */
export function readField(type: string, text: string, format: Partial<ValueFormat> = {}): Value {
  const column = columnOf('v', type)
  const records = new Records({ columns: [column], primaryKey: [] })
  const bytes = Buffer.from(text)
  const read = fieldReader(column, { ...ownFormat, ...format })
  // Within others, so that what reads beyond its field is seen.
  const around = Buffer.concat([Buffer.from('9'), bytes, Buffer.from('9')])
  read(around, 1, around.length - 1, records.columns[0]!, bytes.includes(0))
  records.complete()
  return records.row(0)[0]!
}
