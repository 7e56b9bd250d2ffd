import { checkNames, checkOptions } from '../../check.js'
import { escapeMarkdown } from '../../format.js'
import type { Estimate } from '../statistics/estimate.js'
import type { QuotedNumber } from '../text/phrase.js'
import { quoted } from '../text/quoted.js'
import { verbatim } from '../text/verbatim.js'
import type { Frame } from './frames.js'
import { csvTable, htmlTable, markdownTable, type TableCells, textTable } from './render.js'

/** Contents and form of a table. */
export interface TableOptions {
  /**
   * The columns in their order.
   *
   * @default every column that can be shown
   */
  readonly columns?: readonly string[]
  readonly caption?: string
  /**
   * Decimals of numbers that are not whole, for all columns or by column.
   *
   * @default three significant digits of a column's largest number
   */
  readonly digits?: number | { readonly [column: string]: number }
  /**
   * Headings by column.
   *
   * @default the column's name
   */
  readonly labels?: { readonly [column: string]: string }
}

type Row = Readonly<Record<string, unknown>>

interface Column {
  readonly name: string
  readonly heading: string
  readonly numeric: boolean
  readonly values: readonly unknown[]
  readonly cells: readonly string[]
  /** Writes a number in the form of the column's cells. */
  readonly format: (value: number) => string
}

/** How the cells of a table are written, and which columns it has where none are named. */
interface CellStyle {
  /** Whether a column of these values is shown. */
  readonly shows: (values: readonly unknown[]) => boolean
  /** What stands for null. */
  readonly none: string
  /** How the numbers of a column are written, `decimals` being those that were asked for. */
  readonly numbers: (values: readonly unknown[], decimals: number | undefined) => (value: number) => string
}

/** For people: thousands separated, the same decimals all along a column. */
const forReading: CellStyle = {
  shows: (values) => values.every(isShown),
  none: '–',
  numbers: (values, asked) => {
    const decimals = values.every(isWhole) ? 0 : (asked ?? defaultDecimals(values))
    return (value) => formatNumber(value, decimals)
  },
}

/** For a terminal, from where numbers are copied: plain, with at most six digits. */
const forTerminal: CellStyle = {
  shows: (values) => typeof values.find(isKnown) !== 'object' && values.some(isKnown),
  none: '-',
  numbers: () => (value) => (Number.isInteger(value) ? String(value) : String(Number(value.toPrecision(6)))),
}

/** For programs: every column, numbers in full, nothing for null. */
const forPrograms: CellStyle = { shows: () => true, none: '', numbers: () => String }

/**
 * Returns rows or a frame as an HTML table that needs no style sheet: numbers to the right,
 * estimates as "value [lower, upper]", null as a dash.
 *
 * @throws `TypeError` for what is neither a list of rows nor a frame, and for unknown columns.
 */
export function tableHtml(rowsOrFrame: readonly object[] | Frame, options: TableOptions = {}): string {
  return htmlTable(cellsOf(columnsOf(rowsOrFrame, options)), options.caption)
}

/**
 * Returns rows or a frame as a table in Markdown, with its caption in pandoc's form; cells are as
 * in `tableHtml`.
 *
 * @throws `TypeError` for what is neither a list of rows nor a frame, and for unknown columns.
 */
export function tableMarkdown(rowsOrFrame: readonly object[] | Frame, options: TableOptions = {}): string {
  const { head, rows, right } = cellsOf(columnsOf(rowsOrFrame, options))
  const table = markdownTable(
    head.map(escapeMarkdown),
    rows.map((cells) => cells.map(escapeMarkdown)),
    right,
  )
  if (options.caption !== undefined) table.push('', `Table: ${escapeMarkdown(options.caption)}`)
  return table.join('\n')
}

/**
 * Returns rows as aligned columns of plain text: those columns that hold numbers, strings or
 * booleans, with at most six digits; numbers to the right, null as a hyphen.
 */
export function tableText(rows: readonly object[]): string {
  return textTable(cellsOf(columnsOf(rows, {}, forTerminal))).join('\n')
}

/**
 * Returns rows as CSV (RFC 4180, lines end in a newline) with all columns that any row has, numbers
 * in full and null as nothing; of no rows, an empty text.
 */
export function tableCsv(rows: readonly object[]): string {
  if (rows.length === 0) return ''
  return csvTable(cellsOf(columnsOf(rows, {}, forPrograms)))
    .map((line) => `${line}\n`)
    .join('')
}

/**
 * Returns the numbers in the cells of the table that `tableHtml` gives, named by row and column:
 * `1.median`, and `1.geometricMean.lower` for the bound of an estimate. Numbers within text are
 * counted, `1.value.2`.
 */
export function tableNumbers(rowsOrFrame: readonly object[] | Frame, options: TableOptions = {}): QuotedNumber[] {
  const columns = columnsOf(rowsOrFrame, options)
  const first = columns[0]
  return (first?.cells ?? []).flatMap((label, row) =>
    columns.flatMap(({ name, heading, values, cells, format }, place) => {
      const whose = place === 0 || first!.numeric ? `row ${row + 1}` : label
      const what = heading === '' ? whose : `${heading}, ${whose}`
      return cellNumbers(`${row + 1}.${name}`, values[row], cells[row]!, what, format)
    }),
  )
}

function cellNumbers(
  name: string,
  value: unknown,
  cell: string,
  what: string,
  format: (value: number) => string,
): readonly QuotedNumber[] {
  if (typeof value === 'number') return [quoted(name, value, cell, what)]
  if (!isEstimate(value)) return typeof value === 'string' ? verbatim(name, cell, what).numbers : []
  const { value: centre, interval } = value
  return [
    quoted(name, centre, format(centre), what),
    ...(interval
      ? (['lower', 'upper'] as const).map((bound) =>
          quoted(`${name}.${bound}`, interval[bound], format(interval[bound]), `${what}, ${bound} bound`),
        )
      : []),
  ]
}

/** Which columns a table has, their headings, and their cells. */
function columnsOf(
  rowsOrFrame: readonly object[] | Frame,
  options: TableOptions,
  style: CellStyle = forReading,
): Column[] {
  checkOptions(options, { columns: true, caption: true, digits: true, labels: true })
  const { columns, digits, labels = {} } = options
  const { names, rows } = tableOf(rowsOrFrame)
  const shown = columns ?? names.filter((name) => style.shows(rows.map((row) => row[name])))
  if (rows.length > 0) checkNames(shown, names, '`columns` to name columns')
  return shown.map((name) => {
    const values = rows.map((row) => row[name])
    const asked = typeof digits === 'object' ? digits[name] : digits
    const format = style.numbers(values, asked)
    return {
      name,
      heading: labels[name] ?? name,
      numeric: values.some((value) => typeof value === 'number' || isEstimate(value)),
      values,
      cells: values.map((value) => (isKnown(value) ? formatCell(value, format) : style.none)),
      format,
    }
  })
}

function cellsOf(columns: readonly Column[]): TableCells {
  return {
    head: columns.map(({ heading }) => heading),
    rows: (columns[0]?.cells ?? []).map((_, row) => columns.map(({ cells }) => cells[row]!)),
    right: columns.map(({ numeric }) => numeric),
  }
}

function tableOf(rowsOrFrame: readonly object[] | Frame): { names: readonly string[]; rows: readonly Row[] } {
  if (Array.isArray(rowsOrFrame)) {
    const rows = rowsOrFrame as readonly Row[]
    return { names: [...new Set(rows.flatMap((row) => Object.keys(row)))], rows }
  }
  const frame = rowsOrFrame as Frame
  if (!Array.isArray(frame?.columns) || !Array.isArray(frame.values)) {
    throw new TypeError(
      `Expected a list of rows or a DataFrame, got ${JSON.stringify(rowsOrFrame) ?? typeof rowsOrFrame}`,
    )
  }
  const names: readonly string[] = frame.columns
  const values = frame.values as readonly (readonly unknown[])[]
  return { names, rows: values.map((row) => Object.fromEntries(names.map((name, k) => [name, row[k]]))) }
}

function isEstimate(value: unknown): value is Estimate {
  return typeof value === 'object' && value !== null && 'value' in value && 'interval' in value
}

function isKnown(value: unknown): boolean {
  return value !== null && value !== undefined
}

function isShown(value: unknown): boolean {
  return value === null || typeof value !== 'object' || isEstimate(value)
}

function isWhole(value: unknown): boolean {
  return typeof value === 'number' ? Number.isInteger(value) : !isEstimate(value)
}

function defaultDecimals(values: readonly unknown[]): number {
  const sizes = values.flatMap((value) =>
    isEstimate(value) ? [value.value] : typeof value === 'number' ? [value] : [],
  )
  const largest = sizes.reduce((most, size) => Math.max(most, Math.abs(size)), 0)
  return largest > 0 ? Math.min(6, Math.max(0, 2 - Math.floor(Math.log10(largest)))) : 0
}

function formatCell(value: unknown, format: (value: number) => string): string {
  if (typeof value === 'number') return format(value)
  if (!isEstimate(value)) return String(value)
  const { value: centre, interval } = value
  return interval ? `${format(centre)} [${format(interval.lower)}, ${format(interval.upper)}]` : format(centre)
}

/**
 * Writes a number with thousands separators and a fixed number of decimals; a minus sign, not a
 * hyphen, below zero.
 */
export function formatNumber(value: number, decimals: number): string {
  const text = value.toLocaleString('en-US', { minimumFractionDigits: decimals, maximumFractionDigits: decimals })
  return text.replace(/^-(?=.*[1-9])/, '−').replace(/^-/, '')
}

/**
 * Writes a number with thousands separators, a fixed number of decimals and a plus sign above zero;
 * no sign where the decimals shown leave zero.
 */
export function signedNumber(value: number, decimals: number): string {
  const text = formatNumber(value, decimals)
  return value > 0 && /[1-9]/.test(text) ? `+${text}` : text
}
