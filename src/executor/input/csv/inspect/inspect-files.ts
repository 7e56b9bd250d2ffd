import type { Table } from '../../../../study/table/table.js'
import { InputError } from '../../../errors.js'
import type { CsvFormat } from '../../file-spec.js'
import type { InspectOptions } from '../../input.js'
import { checkTable, type StatedCsv } from '../csv-options.js'
import { listFiles, listingWords } from '../folder/list-files.js'
import type { UnderstoodCsv } from '../understood.js'
import { decideAll } from './columns/decide-all.js'
import { decideHeaders } from './headers/decide-headers.js'
import type { Inspection } from './inspection.js'
import { columnsFilled, readFiles } from './read-files.js'
import { decideEncoding } from './syntax/decide-encoding.js'
import { foundWords } from './words/found-words.js'

/** What a folder holds, and how it is read. */
export interface Inspected {
  readonly inspection: Inspection
  readonly understood: UnderstoodCsv
  /** What was stated, with the columns of the table that is filled where none were. */
  readonly stated: StatedCsv
}

/**
 * Reads all files whole and finds out what is not stated. What they leave open stands in the
 * inspection's `open`: they must not be loaded then. Throws `InputError` for files that cannot be
 * read at all.
 */
export async function inspectFiles(path: string, given: StatedCsv, options: InspectOptions): Promise<Inspected> {
  const listing = listFiles(path, given.pattern)
  const encoded = await decideEncoding(listing.files, given.encoding, options)
  // Text of an encoding that is not known cannot be read any further.
  if (encoded.open.length > 0) throw leftOpen(encoded.open)
  const columnsOfTable = given.columns === null && options.fills ? columnsFilled(encoded, given, options.fills) : null
  const stated = columnsOfTable === null ? given : { ...given, columns: columnsOfTable }
  const { syntax, before, read } = await readFiles(encoded, stated, options)
  const headers = decideHeaders(before, read, stated)
  const records = read.records + headers.recordsTaken
  const statedColumns = stated.analyse === null ? stated.columns : null
  const decided = decideAll(headers.names, read.evidence, stated)
  const { reading } = decided
  const columns = statedColumns ?? decided.columns.map(({ name, type }) => ({ name, type }))
  const table: Table = { columns: stated.analyse === null ? columns : stated.columns!, primaryKey: stated.primaryKey }
  checkTable(table)
  const spelling = {
    delimiter: syntax.delimiter,
    quote: syntax.quote,
    escape: syntax.escape,
    encoding: encoded.encoding,
    comment: stated.comment ?? null,
    nulls: decided.nulls,
    decimal: reading.decimal,
    thousands: reading.thousands,
  }
  const format: CsvFormat = {
    ...spelling,
    table,
    textNulls: stated.nulls ?? [],
    formats: table.columns.map(({ name }, k) =>
      stated.analyse === null ? (decided.columns[k]?.format ?? null) : (stated.formats[name] ?? null),
    ),
    analyse: stated.analyse?.toString() ?? null,
  }
  const inspection: Inspection = {
    ...spelling,
    header: headers.header !== false,
    files: listing.files.length,
    records,
    columns: decided.columns,
    primaryKeys: decided.columns
      .filter(({ distinct, type }) => distinct === true && keyTypes.has(type))
      .map(({ name }) => name),
    perFile: headers.files.map(({ file: { name }, compression, header, skipLines }) => ({
      name,
      compression,
      header,
      skipLines,
    })),
    passedOver: listing.passedOver,
    badRecords: read.badRecords.list(),
    found: [],
    open: [...syntax.open, ...headers.open, ...decided.open],
  }
  const found = [
    ...listingWords(listing),
    ...foundWords(inspection, stated, { encoded, syntax, read, headers, decided }),
  ]
  return {
    inspection: { ...inspection, found },
    understood: {
      files: headers.files.map(({ file: own, ...rest }) => ({ ...own, ...rest })),
      format,
      header: headers.header,
      found,
    },
    stated,
  }
}

/**
 * Returns the error for what files leave open: each with its readings and the option that decides.
 */
export function leftOpen(open: readonly string[]): InputError {
  return new InputError(`The files leave open${open.length === 1 ? '' : ` ${open.length} things`}: ${open.join('; ')}`)
}

/** Types of columns that tell records apart. */
const keyTypes: ReadonlySet<string> = new Set(['int4', 'int8', 'text', 'uuid'])
