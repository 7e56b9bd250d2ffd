import { inMessage } from '../../../check.js'
import type { Row } from '../../../study/table/table.js'
import type { CsvFileSpec, CsvFormat } from '../file-spec.js'
import type { InputFile } from '../input.js'
import { withSpec } from '../with-spec.js'
import { fieldReader, type ReadField } from './fields/field-values.js'
import { hasSpellings, nullReader, type ReadNull } from './fields/null-fields.js'
import { bare, type CsvSyntax, checkRecord, fieldTexts, recordText } from './syntax/csv-records.js'
import { type AnalyseCsv, analysedBy, readCsv } from './syntax/read-csv.js'
import { wrongCount } from './wrong-count.js'

/**
 * A raw record as text, and the number of its (first) line in its file, from 1, the header counted.
 */
export interface CsvLine {
  readonly text: string
  readonly number: number
}

/**
 * Turns the fields of one raw record into the values of the table's columns, in their order. A
 * field that is null by its backslash is `\N`. Throws any Error for a bad record.
 */
export type AnalyseFields = (fields: readonly string[], line: CsvLine) => Row

/**
 * Makes the source for one CSV file, whose fields `analyse` turns into values; where `analyse` is
 * null, each field is read as the type of its column.
 */
export function csvFile(spec: CsvFileSpec, analyse: AnalyseFields | null): InputFile {
  const { name, path, format, compression, skipLines, header } = spec
  const syntax: CsvSyntax = { ...format, skipLines, header }
  const file: InputFile = {
    name,
    read() {
      return analysedBy(
        readCsv(path, syntax, { name, compression, encoding: format.encoding }),
        analyse === null ? byColumn(spec) : byFunction(analyse, format),
      )
    },
  }
  return withSpec(file, spec)
}

function byColumn({ format, targets }: CsvFileSpec): AnalyseCsv {
  const { columns } = format.table
  const columnOfField = targets ?? columns.map((_, k) => k)
  const readers = columnOfField.map((k, field) =>
    k === null ? emptyField(field) : fieldReader(columns[k]!, { ...format, format: format.formats[k] ?? null }),
  )
  const nullReaders = columnOfField.map((k) => (k === null ? neverNull : nullReader(format, columns[k]!)))
  const spelled = hasSpellings(format)
  const width = readers.length
  return (records, from, end, to) => {
    const rows = columnOfField.map((k) => to.columns[k ?? 0]!)
    const { bytes, ends, hasNul } = records
    const forms = records.hasForms ? records.forms : null
    const { starts } = records
    // Most fields can only be null where they are empty.
    const anyMayBeNull = spelled || forms !== null
    for (let position = from; position < end; position++) {
      checkRecord(records, position)
      const fields = records.fieldCounts[position]!
      if (fields !== width) throw wrongCount(recordText(records, position), fields, width, format.delimiter)
      const first = records.firstFields[position]!
      let next = records.fieldsFrom[position]!
      for (let k = 0; k < fields; k++) {
        const start = forms === null ? next : starts[first + k]!
        const end = ends[first + k]!
        const mayBeNull = start === end || anyMayBeNull
        if (!mayBeNull || !nullReaders[k]!(bytes, start, end, forms === null ? bare : forms[first + k]!, rows[k]!)) {
          readers[k]!(bytes, start, end, rows[k]!, hasNul)
        }
        next = end + 1
      }
      to.complete()
    }
  }
}

/** Returns the reader of a field that has no column. */
function emptyField(field: number): ReadField {
  return (bytes, from, to) => {
    if (from === to) return
    const text = bytes.toString('utf8', from, to)
    throw new Error(`expected field ${field + 1} to be empty, since it has no column, got ${inMessage(text)}`)
  }
}

/** Leaves a field that has no column to its reader. */
const neverNull: ReadNull = () => false

function byFunction(analyse: AnalyseFields, { table }: CsvFormat): AnalyseCsv {
  const width = table.columns.length
  return (records, from, end, to) => {
    for (let position = from; position < end; position++) {
      checkRecord(records, position)
      const row = analyse(fieldTexts(records, position), {
        text: recordText(records, position),
        number: records.lines[position]!,
      })
      if (!Array.isArray(row) || row.length !== width) {
        throw new TypeError(`expected \`analyse\` to return a list of ${width} values, one for each column`)
      }
      to.append(row)
    }
  }
}
