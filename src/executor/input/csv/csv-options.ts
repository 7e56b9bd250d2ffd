import { checkedChoice, checkedInteger, checkOptions, inMessage, type NamesOf } from '../../../check.js'
import type { Column, Table } from '../../../study/table/table.js'
import {
  type Escape,
  escapes,
  type FileEncoding,
  fileEncodings,
  type ThousandsMark,
  thousandsMarks,
} from '../file-spec.js'
import type { OnBadRecord } from '../input.js'
import type { AnalyseFields } from './csv-file.js'
import { checkFormat } from './fields/check-format.js'
import { checkColumnNames } from './fields/column-names.js'
import { columnOf, type TypeSpelling } from './fields/type-spelling.js'

/** One column of your own files. */
export interface CsvColumn {
  readonly name: string
  /** Type of the column as PostgreSQL spells it, such as `'integer'` or `'numeric(10,2)'`. */
  readonly type: TypeSpelling
  /**
   * Whether the column is declared `NOT NULL`.
   * @default false
   */
  readonly notNull?: boolean
}

/** Options of `csv`: what is stated must hold; what is left out is found out from the files. */
export interface CsvOptions {
  /**
   * The table's columns: a list, or the short form `{ id: 'int8', name: 'text' }`. Where the files
   * have a header, its names are theirs, in any order.
   * @default found out from all values
   */
  readonly columns?: readonly CsvColumn[] | Readonly<Record<string, TypeSpelling>>
  /**
   * Spelling of the values of some columns: of dates and times a template such as `'DD.MM.YYYY'` or
   * `'MM/DD/YYYY HH12:MI:SS AM'`, of booleans the words for true and false, such as `'ja/nein'`.
   * @default found out from all values of a column
   */
  readonly formats?: Readonly<Record<string, string>>
  /**
   * Names of the primary key's columns.
   * @default []
   */
  readonly primaryKey?: readonly string[]
  /**
   * Turns the fields of a record into the values of the columns. Must be self-contained for
   * `client: 'threads'`.
   * @default each field is read as the type of its column
   */
  readonly analyse?: AnalyseFields
  /**
   * Delimiter of the fields: one ASCII character.
   * @default found out
   */
  readonly delimiter?: string
  /**
   * Character around fields that hold delimiters or newlines; null where there is none.
   * @default found out
   */
  readonly quote?: string | null
  /**
   * Use of quotes and backslashes: `'doubled'`, as RFC 4180 says, or `'backslash'`, as COPY's text
   * format and MySQL write, where a field `\N` is null.
   * @default found out
   */
  readonly escape?: Escape
  /**
   * Whether the first line of each file names the columns and is no record.
   * @default found out
   */
  readonly header?: boolean
  /**
   * Encoding of the files.
   * @default found out
   */
  readonly encoding?: FileEncoding
  /**
   * Spelling of null, or several, of fields without quotes: `'NULL'`, `['', 'n/a']`.
   * @default found out; an empty field is null but for `text`
   */
  readonly null?: string | readonly string[]
  /**
   * Mark before the decimals of numbers.
   * @default found out
   */
  readonly decimal?: '.' | ','
  /**
   * Mark between groups of three digits of numbers; null for none. A space stands for no-break
   * spaces too, an apostrophe for U+2019.
   * @default found out
   */
  readonly thousands?: ThousandsMark | null
  /**
   * Character at the beginning of lines that are left out; null for none.
   * @default null; lines before the header that begin with `#` are left out
   */
  readonly comment?: string | null
  /**
   * Number of lines before the header, or before the first record, of each file.
   * @default found out
   */
  readonly skipLines?: number
  /**
   * Names of the folder's files to read: a pattern, or a text such as `'*.csv.gz'` in which `*`
   * stands for any characters and `?` for one, in whatever case.
   * @default names that end in .csv, .tsv, .tab or .txt, also followed by .gz or .zst
   */
  readonly pattern?: RegExp | string
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
  formats: true,
  primaryKey: true,
  analyse: true,
  delimiter: true,
  quote: true,
  escape: true,
  header: true,
  encoding: true,
  null: true,
  decimal: true,
  thousands: true,
  comment: true,
  skipLines: true,
  pattern: true,
  offset: true,
  limit: true,
  onBadRecord: true,
  name: true,
}

const columnOptions: NamesOf<CsvColumn> = { name: true, type: true, notNull: true }

/** Options of `csv` that were checked; null for what is to be found out. */
export interface StatedCsv {
  readonly columns: readonly Column[] | null
  /** Formats of some columns, by their names. */
  readonly formats: Readonly<Record<string, string>>
  readonly primaryKey: readonly string[]
  readonly analyse: AnalyseFields | null
  readonly delimiter: string | null
  /** Undefined for what is to be found out, since null states that there is none. */
  readonly quote: string | null | undefined
  readonly escape: Escape | null
  readonly header: boolean | null
  readonly encoding: FileEncoding | null
  readonly nulls: readonly string[] | null
  readonly decimal: '.' | ',' | null
  readonly thousands: ThousandsMark | null | undefined
  readonly comment: string | null | undefined
  readonly skipLines: number | null
  readonly pattern: RegExp | null
  readonly offset: number
  readonly limit: number | null
  readonly onBadRecord: OnBadRecord
  readonly name: string
}

/** Checks the options of `csv`. Throws `TypeError` or `RangeError` that name option and remedy. */
export function checkedCsv(options: CsvOptions): StatedCsv {
  checkOptions(options, csvOptions)
  const { primaryKey = [], header, pattern, offset = 0, limit = null, onBadRecord = 'stop', name = 'csv' } = options
  if (!Array.isArray(primaryKey)) {
    throw new TypeError(`Expected \`primaryKey\` to be a list of columns, such as ['id'], got ${inMessage(primaryKey)}`)
  }
  if (header !== undefined && typeof header !== 'boolean') {
    throw new TypeError(`Expected \`header\` to be true or false, got ${inMessage(header)}`)
  }
  if (options.analyse !== undefined && typeof options.analyse !== 'function') {
    throw new TypeError(`Expected \`analyse\` to be a function, got ${inMessage(options.analyse)}`)
  }
  checkedInteger('offset', offset, { from: 0 })
  if (limit !== null) checkedInteger('limit', limit, { from: 1 })
  checkedChoice('onBadRecord', onBadRecord, ['stop', 'skip'])
  const columns = options.columns === undefined ? null : statedColumns(options.columns)
  if (columns) checkTable({ columns, primaryKey })
  else if (options.analyse) {
    throw new TypeError('Expected `columns` with `analyse`, to say which columns its values fill')
  }
  const stated = {
    columns,
    formats: statedFormats(options.formats, columns),
    primaryKey,
    analyse: options.analyse ?? null,
    header: header ?? null,
    encoding: options.encoding === undefined ? null : checkedChoice('encoding', options.encoding, fileEncodings),
    nulls: statedNulls(options.null),
    ...statedSyntax(options),
    ...statedNumbers(options),
    pattern: statedPattern(pattern),
    offset,
    limit,
    onBadRecord,
    name,
  }
  checkMarks(stated)
  return stated
}

/** Throws `TypeError` for a table that PostgreSQL would not create. */
export function checkTable({ columns, primaryKey }: Table): void {
  const names = columns.map(({ name }) => name)
  checkColumnNames(names)
  for (const key of primaryKey) {
    if (!names.includes(key)) {
      throw new TypeError(
        `Expected \`primaryKey\` to name columns, got ${inMessage(key)}: the columns are ${names.join(', ')}`,
      )
    }
  }
}

function statedColumns(given: NonNullable<CsvOptions['columns']>): readonly Column[] {
  if (typeof given !== 'object' || given === null) {
    throw new TypeError(`Expected \`columns\` to be a list or { name: 'type' }, got ${inMessage(given)}`)
  }
  const columns: readonly CsvColumn[] = Array.isArray(given)
    ? given
    : Object.entries(given as Readonly<Record<string, TypeSpelling>>).map(([name, type]) => ({ name, type }))
  if (columns.length === 0) throw new TypeError("Expected `columns` to name at least one column, like { id: 'int8' }")
  return columns.map((own) => {
    checkOptions(own, columnOptions, 'columns')
    const { name, type, notNull } = own
    if (typeof name !== 'string' || name === '') throw new TypeError('Expected every column to have a name')
    if (notNull !== undefined && typeof notNull !== 'boolean') {
      throw new TypeError(`Expected \`notNull\` of column \`${name}\` to be true or false, got ${inMessage(notNull)}`)
    }
    const column = columnOf(name, type)
    return notNull === undefined ? column : { ...column, notNull }
  })
}

function statedFormats(given: CsvOptions['formats'], columns: readonly Column[] | null): StatedCsv['formats'] {
  if (given === undefined) return {}
  const isNamed =
    typeof given === 'object' && given !== null && Object.values(given).every((one) => typeof one === 'string')
  if (!isNamed) {
    throw new TypeError(
      `Expected \`formats\` to be formats by column, such as { sold: 'DD.MM.YYYY' }, got ${inMessage(given)}`,
    )
  }
  for (const [name, format] of Object.entries(given)) {
    if (columns === null) continue
    const column = columns.find((own) => own.name === name)
    if (column) checkFormat(column, format)
    else {
      throw new TypeError(
        `Expected \`formats\` to name columns, got ${inMessage(name)}: the columns are ${columns.map((own) => own.name).join(', ')}`,
      )
    }
  }
  return given
}

function statedSyntax(
  options: CsvOptions,
): Pick<StatedCsv, 'delimiter' | 'quote' | 'escape' | 'comment' | 'skipLines'> {
  const { delimiter, quote, comment, skipLines } = options
  if (delimiter === '\\t')
    throw new TypeError(
      'Expected `delimiter` to be one ASCII character, got \\t: write \'\t\' as "\\t" in code, and --delimiter tab on the command line',
    )
  return {
    delimiter: delimiter === undefined ? null : oneCharacter('delimiter', delimiter),
    quote: quote === undefined || quote === null ? quote : oneCharacter('quote', quote),
    escape: options.escape === undefined ? null : checkedChoice('escape', options.escape, escapes),
    comment: comment === undefined || comment === null ? comment : oneCharacter('comment', comment),
    skipLines: skipLines === undefined ? null : checkedInteger('skipLines', skipLines, { from: 0 }),
  }
}

/** Returns the option's value when it is one ASCII character that may stand in a line. */
function oneCharacter(option: string, value: unknown): string {
  if (typeof value === 'string' && value.length === 1 && value < '\x7f' && !'\0\r\n'.includes(value)) return value
  throw new TypeError(`Expected \`${option}\` to be one ASCII character, got ${inMessage(value)}`)
}

function statedNumbers({ decimal, thousands }: CsvOptions): Pick<StatedCsv, 'decimal' | 'thousands'> {
  return {
    decimal: decimal === undefined ? null : checkedChoice('decimal', decimal, ['.', ','] as const),
    thousands:
      thousands === undefined || thousands === null ? thousands : checkedChoice('thousands', thousands, thousandsMarks),
  }
}

function statedPattern(given: CsvOptions['pattern']): RegExp | null {
  if (given === undefined || given instanceof RegExp) return given ?? null
  if (typeof given !== 'string' || given === '') {
    throw new TypeError(`Expected \`pattern\` to be a RegExp, or names such as '*.csv.gz', got ${inMessage(given)}`)
  }
  const source = given
    .replace(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.')
  return new RegExp(`^${source}$`, 'i')
}

function statedNulls(given: CsvOptions['null']): readonly string[] | null {
  if (given === undefined) return null
  const nulls: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (nulls.length > 0 && nulls.every((spelling) => typeof spelling === 'string' && !/[\r\n]/.test(spelling))) {
    return nulls as readonly string[]
  }
  throw new TypeError(
    `Expected \`null\` to be a spelling or a list of them, such as ['', 'NULL'], got ${inMessage(given)}`,
  )
}

/** Throws `TypeError` for one character in two roles. */
function checkMarks({ delimiter, quote, comment, decimal, thousands, ...stated }: StatedCsv): void {
  const twice = (a: string, b: string, value: string | null | undefined, other: string | null | undefined): void => {
    if (value != null && value === other) {
      throw new TypeError(`Expected \`${a}\` and \`${b}\` to differ, got ${inMessage(value)} for both`)
    }
  }
  twice('quote', 'delimiter', quote, delimiter)
  twice('comment', 'delimiter', comment, delimiter)
  twice('comment', 'quote', comment, quote)
  twice('thousands', 'decimal', thousands, decimal)
  if (stated.escape === 'backslash' && [delimiter, quote, comment].includes('\\')) {
    throw new TypeError("Expected `delimiter`, `quote` and `comment` to be no backslash with `escape: 'backslash'`")
  }
}
