import { mayBeNull, type Row, type Table } from '../../../study/table.js'
import type { CsvFileSpec, CsvFormat } from '../file-spec.js'
import type { InputFile } from '../input.js'
import { withSpec } from '../with-spec.js'
import { fieldReader } from './fields/field-values.js'
import { checkQuotes, fieldTexts, recordText } from './syntax/csv-records.js'
import { type AnalyseCsv, analysedBy, readCsv } from './syntax/read-csv.js'

/**
 * A raw record as text, and the number of its (first) line in its file, from 1, the header counted.
 */
export interface CsvLine {
  readonly text: string
  readonly number: number
}

/**
 * Turns the fields of one raw record into the values of the table's columns, in their order. Throws
 * any Error for a bad record.
 */
export type AnalyseFields = (fields: readonly string[], line: CsvLine) => Row

/**
 * Makes the source for one CSV file, whose fields `analyse` turns into values; where `analyse` is
 * null, each field is read as its column's type.
 */
export function csvFile(spec: CsvFileSpec, analyse: AnalyseFields | null): InputFile {
  const { name, path, format, header } = spec
  const { table, delimiter } = format
  const file: InputFile = {
    name,
    read() {
      const records = readCsv(path, { delimiter, header, quoted: true, encoding: 'utf8' }, { name })
      return analysedBy(records, analyse === null ? byColumn(format) : byFunction(analyse, table))
    },
  }
  return withSpec(file, spec)
}

function byColumn({ table, decimal, thousands, formats }: CsvFormat): AnalyseCsv {
  const { columns } = table
  const readers = columns.map((column, c) =>
    fieldReader(column, !mayBeNull(table, column), { decimal, thousands, format: formats[c] ?? null }),
  )
  return (records, from, end, to) => {
    for (let position = from; position < end; position++) {
      checkQuotes(records, position)
      const fields = records.fieldCounts[position]!
      if (fields !== columns.length) throw new Error(`expected ${columns.length} fields, got ${fields}`)
      const { bytes, ends, hasNul } = records
      const first = records.firstFields[position]!
      let start = records.fieldsFrom[position]!
      for (let c = 0; c < fields; c++) {
        const end = ends[first + c]!
        readers[c]!(bytes, start, end, to.columns[c]!, hasNul)
        start = end + 1
      }
      to.complete()
    }
  }
}

function byFunction(analyse: AnalyseFields, table: Table): AnalyseCsv {
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
