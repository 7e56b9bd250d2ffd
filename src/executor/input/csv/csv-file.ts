import { inMessage } from '../../../check.js'
import { mayBeNull, type Row } from '../../../study/table.js'
import type { CsvFileSpec, CsvFormat } from '../file-spec.js'
import type { InputFile } from '../input.js'
import { withSpec } from '../with-spec.js'
import { fieldReader, type ReadField } from './fields/field-values.js'
import { bare, type CsvSyntax, checkQuotes, fieldTexts, recordText } from './syntax/csv-records.js'
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
  const readers = columnOfField.map((column, field) => (column === null ? emptyField(field) : readerOf(format, column)))
  const width = readers.length
  return (records, from, end, to) => {
    const rows = columnOfField.map((column) => to.columns[column ?? 0]!)
    for (let position = from; position < end; position++) {
      checkQuotes(records, position)
      const fields = records.fieldCounts[position]!
      if (fields !== width) throw wrongCount(recordText(records, position), fields, width, format.delimiter)
      const { bytes, ends, forms, hasForms, hasNul } = records
      const first = records.firstFields[position]!
      let start = records.fieldsFrom[position]!
      for (let k = 0; k < fields; k++) {
        const end = ends[first + k]!
        readers[k]!(bytes, start, end, rows[k]!, hasNul, hasForms ? forms[first + k]! : bare)
        start = end + 1
      }
      to.complete()
    }
  }
}

function readerOf(format: CsvFormat, k: number): ReadField {
  const { table } = format
  const column = table.columns[k]!
  return fieldReader(column, !mayBeNull(table, column), { ...format, format: format.formats[k] ?? null })
}

/** Returns the reader of a field that no column takes. */
function emptyField(field: number): ReadField {
  return (bytes, from, to) => {
    if (from === to) return
    const text = bytes.toString('utf8', from, to)
    throw new Error(`expected field ${field + 1} to be empty, since it has no column, got ${inMessage(text)}`)
  }
}

function byFunction(analyse: AnalyseFields, { table }: CsvFormat): AnalyseCsv {
  const width = table.columns.length
  return (records, from, end, to) => {
    for (let position = from; position < end; position++) {
      checkQuotes(records, position)
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
