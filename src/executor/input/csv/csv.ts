import { createHash } from 'node:crypto'
import { closeSync, existsSync, openSync, readdirSync, readSync, statSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { checkedChoice, checkedInteger, checkOptions, inMessage, type NamesOf } from '../../../check.js'
import { displayPath } from '../../../project.js'
import { type Column, type ColumnType, columnTypes, type Table } from '../../../study/table.js'
import type { CsvFormat } from '../file-spec.js'
import type { Input, OnBadRecord } from '../input.js'
import { type AnalyseFields, csvFile } from './csv-file.js'

export type { AnalyseFields, CsvLine as Line } from './csv-file.js'

/** Options of `csv`. */
export interface CsvOptions {
  /** The table's columns: a list, or the short form `{ id: 'int8', name: 'text' }`. */
  readonly columns: readonly Column[] | Readonly<Record<string, ColumnType>>
  /**
   * Names of the primary key's columns.
   * @default []
   */
  readonly primaryKey?: readonly string[]
  /**
   * Turns the fields of a record into the values of the columns. Must be self-contained for
   * `client: 'threads'`.
   * @default each field is read as the type of the column at its place
   */
  readonly analyse?: AnalyseFields
  /**
   * Delimiter of the fields: one ASCII character.
   * @default ','
   */
  readonly delimiter?: string
  /**
   * Whether the first line of each file names the columns and is left out.
   * @default true
   */
  readonly header?: boolean
  /**
   * Pattern of the names of the folder's files to read.
   * @default names that end in .csv
   */
  readonly pattern?: RegExp
  /**
   * Number of records to skip first.
   * @default 0
   */
  readonly offset?: number
  /**
   * Maximum number of records to load; null for all.
   * @default null
   */
  readonly limit?: number | null
  /**
   * Policy for bad records.
   * @default 'stop'
   */
  readonly onBadRecord?: OnBadRecord
  /**
   * Name of the input in tables and messages.
   * @default 'csv'
   */
  readonly name?: string
}

const csvOptions: NamesOf<CsvOptions> = {
  columns: true,
  primaryKey: true,
  analyse: true,
  delimiter: true,
  header: true,
  pattern: true,
  offset: true,
  limit: true,
  onBadRecord: true,
  name: true,
}

/**
 * Your own CSV files: those of a folder, by name. Fields are split as RFC 4180 says; an empty field
 * is null, but for `text`, where it is the empty string. A field that its column cannot hold is a
 * bad record, which ends the study unless `onBadRecord` is `'skip'`.
 *
 * @throws `TypeError` or `RangeError` at once for invalid options.
 * @example
 * const input = csv('my-data', {
 *   columns: { id: 'int8', item: 'text', price: 'numeric', sold: 'date' },
 *   primaryKey: ['id'],
 * })
 */
export function csv(folder: string, options: CsvOptions): Input {
  checkOptions(options, csvOptions)
  const { primaryKey = [], delimiter = ',', header = true, pattern = /\.csv$/i } = options
  const { offset = 0, limit = null, onBadRecord = 'stop', name = 'csv' } = options
  if (!Array.isArray(primaryKey)) {
    throw new TypeError(`Expected \`primaryKey\` to be a list of columns, such as ['id'], got ${inMessage(primaryKey)}`)
  }
  const columns = readColumns(options.columns, primaryKey)
  const table: Table = { columns, primaryKey }
  if (typeof delimiter !== 'string' || !/^[^"\r\n\u0080-\uffff]$/.test(delimiter)) {
    throw new TypeError(`Expected \`delimiter\` to be one ASCII character, got ${JSON.stringify(delimiter)}`)
  }
  if (!(pattern instanceof RegExp)) throw new TypeError(`Expected \`pattern\` to be a RegExp, got ${String(pattern)}`)
  checkedInteger('offset', offset, { from: 0 })
  if (limit !== null) checkedInteger('limit', limit, { from: 1 })
  checkedChoice('onBadRecord', onBadRecord, ['stop', 'skip'])
  const { analyse } = options

  return {
    name,
    fits: table,
    offset,
    limit,
    onBadRecord,
    describe: () => ({
      kind: 'csv',
      files: listFiles(folder, pattern).map((file) => ({ name: file.name, bytes: file.bytes })),
      content: fingerprint(listFiles(folder, pattern)),
      columns,
      primaryKey,
      analyse: analyse === undefined ? 'by column type' : digest(analyse.toString()),
      delimiter,
      header,
      offset,
      limit,
      onBadRecord,
    }),
    files: async () => {
      const format: CsvFormat = { table, delimiter, header, analyse: analyse?.toString() ?? null }
      return listFiles(folder, pattern).map(({ name, path }) =>
        csvFile({ kind: 'csv', name, path: resolve(path), format }, analyse ?? null),
      )
    },
  }
}

function readColumns(given: CsvOptions['columns'], primaryKey: readonly string[]): readonly Column[] {
  const columns: readonly Column[] = Array.isArray(given)
    ? given
    : Object.entries(given ?? {}).map(([name, type]) => ({ name, type: type as ColumnType }))
  if (columns.length === 0) throw new TypeError("Expected `columns` to name at least one column, like { id: 'int8' }")
  for (const { name, type } of columns) {
    if (typeof name !== 'string' || name === '') throw new TypeError('Expected every column to have a name')
    if (!columnTypes.includes(type)) {
      throw new TypeError(`Expected the type of column \`${name}\` to be one of ${columnTypes.join(', ')}, got ${type}`)
    }
  }
  const names = new Set(columns.map((column) => column.name))
  if (names.size < columns.length) throw new TypeError('Expected the names of `columns` to differ')
  for (const key of primaryKey) {
    if (!names.has(key)) throw new TypeError(`Expected \`primaryKey\` to name columns, got ${JSON.stringify(key)}`)
  }
  return columns
}

interface CsvFile {
  readonly name: string
  readonly path: string
  readonly bytes: number
}

function listFiles(folder: string, pattern: RegExp): CsvFile[] {
  // A pattern with the flag `g` or `y` would keep its last position.
  const stateless = new RegExp(pattern.source, pattern.flags.replace(/[gy]/g, ''))
  if (!existsSync(folder)) {
    throw new Error(
      `There is no folder ${folder}, seen from ${process.cwd()}: give its path from there, or an absolute one`,
    )
  }
  if (!statSync(folder).isDirectory()) {
    throw new Error(`${displayPath(folder)} is a file: give its folder, and a \`pattern\` where there are others`)
  }
  const names = readdirSync(folder, { withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && stateless.test(entry.name))
    .map((entry) => entry.name)
    .sort()
  if (names.length === 0)
    throw new Error(`No file in ${displayPath(folder)} matches ${pattern}: give another \`pattern\` or folder`)
  return names.map((name) => ({ name, path: join(folder, name), bytes: statSync(join(folder, name)).size }))
}

const sampleBytes = 4096

/** Identifies files without reading them in full: a digest of the first and last 4 KiB of each. */
function fingerprint(files: readonly CsvFile[]): string {
  const hash = createHash('sha256')
  const sample = Buffer.alloc(sampleBytes)
  for (const { path, bytes } of files) {
    const descriptor = openSync(path, 'r')
    try {
      for (const at of [0, Math.max(0, bytes - sampleBytes)]) {
        hash.update(sample.subarray(0, readSync(descriptor, sample, 0, sampleBytes, at)))
      }
    } finally {
      closeSync(descriptor)
    }
  }
  return hash.digest('hex').slice(0, 12)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}
