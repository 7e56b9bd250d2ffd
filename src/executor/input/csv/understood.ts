import { createHash } from 'node:crypto'
import { type CsvFileSpec, type CsvFormat, plainSyntax } from '../file-spec.js'
import type { Input } from '../input.js'
import { csvFile } from './csv-file.js'
import type { StatedCsv } from './csv-options.js'
import { fileContents } from './folder/content.js'
import { unchangedStats } from './folder/file-stamp.js'
import { fingerprint } from './folder/fingerprint.js'
import type { FolderFile } from './folder/list-files.js'

/** One file, and how it is read. */
export type UnderstoodFile = FolderFile & Pick<CsvFileSpec, 'compression' | 'skipLines' | 'header' | 'targets'>

/** A folder of CSV files of which everything is stated or was found out. */
export interface UnderstoodCsv {
  readonly files: readonly UnderstoodFile[]
  readonly format: CsvFormat
  /** Whether files have a header: `some` of a split file, of which the first part alone has it. */
  readonly header: boolean | 'some'
  /** Sentences about what was found out. */
  readonly found: readonly string[]
}

/** Returns the input of files that are understood. */
export function csvInput(stated: StatedCsv, { files, format, header, found }: UnderstoodCsv): Input {
  const { name, offset, limit, onBadRecord, analyse } = stated
  const { columns, primaryKey } = format.table
  const plain = files.map((file) => ({ name: file.name, bytes: file.bytes }))
  const content = fingerprint(files)
  return {
    name,
    found,
    fits: format.table,
    offset,
    limit,
    onBadRecord,
    describe: () => ({
      kind: 'csv',
      files: plain,
      content,
      columns,
      ...(format.formats.every((one) => one === null) ? {} : { formats: formatsByName(format) }),
      primaryKey,
      analyse: analyse === null ? 'by column type' : digest(analyse.toString()),
      delimiter: format.delimiter,
      header,
      ...changedSyntax(format),
      offset,
      limit,
      onBadRecord,
    }),
    files: async () =>
      files.map(({ name, path, compression, skipLines, header, targets }) =>
        csvFile({ kind: 'csv', name, path, format, compression, skipLines, header, targets }, analyse),
      ),
    contents: (reading) => fileContents(files, reading),
    checkUnchanged() {
      for (const file of files) unchangedStats(file)
    },
  }
}

/**
 * Returns the options of the syntax, as `csv` names them, that differ from those of plain files:
 * earlier plans described no others.
 */
function changedSyntax(format: CsvFormat): Record<string, unknown> {
  const { delimiter: _, ...described } = plainSyntax
  return Object.fromEntries(
    (Object.keys(described) as (keyof typeof described)[])
      .filter((name) => JSON.stringify(format[name]) !== JSON.stringify(described[name]))
      .map((name) => [name, format[name]]),
  )
}

function formatsByName({ table, formats }: CsvFormat): Record<string, string> {
  return Object.fromEntries(table.columns.flatMap(({ name }, k) => (formats[k] == null ? [] : [[name, formats[k]]])))
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
