import { fieldReader } from './field-values.js'
import { splitFields } from './fields.js'
import type { Analyse, InputFile, Line, Row, Table } from './input.js'
import { readLines } from './lines.js'
import { type CsvFileRecipe, withRecipe } from './recipe.js'

/** Turns the fields of one raw record into the values of the table's columns, in their order. Throws any Error for a bad record. */
export type AnalyseFields = (fields: readonly string[], line: Line) => Row

/** One CSV file, whose fields `analyse` turns into values; each is read as its column's type where that is null. */
export function csvFile(recipe: CsvFileRecipe, analyse: AnalyseFields | null): InputFile {
  const { name, path, format } = recipe
  const { table, delimiter, header } = format
  const file: InputFile = {
    name,
    read: () => readLines(path, { header, quoted: true, name }),
    analyse: () => (analyse === null ? byColumn(table, delimiter) : byFunction(analyse, table, delimiter)),
  }
  return withRecipe(file, recipe)
}

function byColumn(table: Table, delimiter: string): Analyse {
  const { columns, primaryKey } = table
  const readers = columns.map((column) =>
    fieldReader(column, column.notNull === true || primaryKey.includes(column.name)),
  )
  return ({ text }) => {
    const fields = splitFields(text, delimiter)
    if (fields.length !== columns.length) throw new Error(`expected ${columns.length} fields, got ${fields.length}`)
    return fields.map((field, k) => readers[k]!(field))
  }
}

function byFunction(analyse: AnalyseFields, table: Table, delimiter: string): Analyse {
  const width = table.columns.length
  return (line) => {
    const row = analyse(splitFields(line.text, delimiter), line)
    if (!Array.isArray(row) || row.length !== width) {
      throw new TypeError(`expected \`analyse\` to return a list of ${width} values, one for each column`)
    }
    return row
  }
}
