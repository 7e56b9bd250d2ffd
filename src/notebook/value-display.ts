import { summarise } from '../analysis/tables/summary.js'
import type { Phrase } from '../analysis/text/phrase.js'
import type { Study } from '../study/study.js'
import { isClaims, type Sayable, say, show, showTable, type TableOptions } from './display.js'
import type { PlotlyFigure } from './figure-display.js'
import { saidPhrases } from './said.js'

/** The number of rows, columns and sentences of a value that a cell shows. */
const limits = { rows: 20, columns: 12, sentences: 20 }

type Row = Readonly<Record<string, unknown>>

/** The fields of Danfo's frames and series that are read. */
interface DanfoTable {
  readonly columns: readonly string[]
  readonly index: readonly (string | number)[]
  readonly values: readonly unknown[]
  readonly $isSeries: boolean
}

/**
 * Shows a value by its kind: results as sentences, a study as its summary, a figure as a figure,
 * claims, data frames and lists of rows as tables, of which the first rows and columns are shown
 * and the rest is counted. Returns false, and shows nothing, for any other value.
 */
export function showValue(value: object): boolean {
  const words = wordsIn(value)
  if (words) sayMost(words)
  else if (isStudy(value)) showStudy(value)
  else if (isFigure(value)) show(value)
  else if (isClaims(value)) showTable(value, { caption: value.title ?? undefined })
  else if (isDanfoTable(value)) showRows(rowsOf(value), columnsOf(value), value.$isSeries ? 'Series' : 'Data frame')
  else if (isGroups(value)) say(groupsText(value))
  else if (isRows(value)) showRows(value, columnsIn(value), null)
  else return false
  return true
}

/** The sentences of a result, or of a list of nothing but results; null for what has no words. */
function wordsIn(value: object): readonly Phrase[] | null {
  const all: readonly unknown[] = Array.isArray(value) ? value : [value]
  const isResult = (one: unknown): boolean =>
    typeof one === 'object' && one !== null && typeof (one as Row).result === 'string'
  if (all.length === 0 || !all.every(isResult)) return null
  try {
    return saidPhrases(value as Sayable)
  } catch {
    // Something of the reader's own that has a field of this name.
    return null
  }
}

function sayMost(phrases: readonly Phrase[]): void {
  const rest = phrases.length - limits.sentences
  if (phrases.length === 0) say('Nothing to say.')
  else
    say(...phrases.slice(0, limits.sentences), rest > 0 ? `${plural(rest, 'more sentence')}: say(…) says all.` : null)
}

function isStudy(value: object): value is Study {
  const { plan, trials, contexts } = value as Partial<Record<keyof Study, unknown>>
  return (
    typeof plan === 'object' &&
    Array.isArray((plan as Partial<Study['plan']> | null)?.treatments) &&
    Array.isArray(trials) &&
    Array.isArray(contexts)
  )
}

function showStudy(study: Study): void {
  const measured = study.trials.filter(({ phase }) => phase === 'measured')
  const failed = measured.filter(({ state }) => state === 'failed').length
  const { name, blocks } = study.plan
  const counted = `${plural(measured.length, 'measured trial')}${failed > 0 ? ` (${failed} failed)` : ''} in ${plural(blocks, 'block')}`
  const columns = ['treatmentLabel', 'n', 'median', 'geometricMean', 'min', 'max']
  const labels = { treatmentLabel: 'treatment', n: 'trials', geometricMean: 'geometric mean [95 % CI]' }
  showFirst(summarise(study), columns, `Study ${name}: ${counted}; total time in ms`, labels)
}

function isFigure(value: object): value is PlotlyFigure {
  const { data, layout } = value as Partial<PlotlyFigure>
  const isTrace = (trace: unknown): boolean =>
    isPlain(trace) && ['type', 'x', 'y', 'z', 'values', 'r'].some((field) => field in trace)
  if (!Array.isArray(data) || !data.every(isTrace)) return false
  return isPlain(layout) || (layout === undefined && data.length > 0)
}

function isDanfoTable(value: object): value is DanfoTable {
  const { $isSeries, columns, index, values } = value as Partial<DanfoTable>
  return typeof $isSeries === 'boolean' && [columns, index, values].every(Array.isArray)
}

/** The heading of a frame's index, which has no name. */
const indexColumn = ' '

const hasOwnIndex = ({ index }: DanfoTable): boolean => index.some((label, k) => label !== k)

function columnsOf(table: DanfoTable): readonly string[] {
  return hasOwnIndex(table) ? [indexColumn, ...table.columns] : table.columns
}

function rowsOf(table: DanfoTable): readonly Row[] {
  const { columns, values, index, $isSeries } = table
  return values.map((row, k) => ({
    [indexColumn]: String(index[k]),
    ...Object.fromEntries(columns.map((name, c) => [name, plainCell($isSeries ? row : (row as unknown[])[c])])),
  }))
}

/** A cell's value as plain data: null for NaN and undefined, Danfo's missing values. */
function plainCell(value: unknown): unknown {
  return value === undefined || Number.isNaN(value) ? null : value
}

interface Groups {
  readonly keyCol: readonly string[]
  readonly colDict: object
}

function isGroups(value: object): value is Groups {
  const { keyCol, colDict } = value as Partial<Groups>
  return value.constructor?.name === 'Groupby' && Array.isArray(keyCol) && typeof colDict === 'object'
}

function groupsText({ keyCol, colDict }: Groups): string {
  const groups = plural(Object.keys(colDict).length, 'group')
  return `A data frame in ${groups} by ${keyCol.join(', ')}: mean(), sum(), count() or agg(…) give a table.`
}

function isRows(value: object): value is readonly Row[] {
  if (!Array.isArray(value) || value.length === 0 || !value.every(isPlain)) return false
  const columns = columnsIn(value)
  const flat = columns.filter((name) => value.every((row) => isCell(row[name])))
  // Rows of little but nested things are better seen as they are.
  return flat.length > 0 && 2 * flat.length >= columns.length
}

function isPlain(value: unknown): value is Row {
  if (typeof value !== 'object' || value === null) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || Object.getPrototypeOf(prototype) === null
}

function isCell(value: unknown): boolean {
  if (value === null || value instanceof Date) return true
  if (typeof value === 'object') return 'value' in value && 'interval' in value
  return typeof value !== 'function'
}

function columnsIn(rows: readonly Row[]): readonly string[] {
  return [...new Set(rows.flatMap((row) => Object.keys(row)))]
}

/** Shows rows, and says how many there are and what is left out. */
function showRows(given: readonly Row[], columns: readonly string[], what: string | null): void {
  const named = columns.filter((name) => name !== indexColumn)
  const size = [what, `${plural(given.length, 'row')} × ${plural(named.length, 'column')}`].filter(Boolean).join(', ')
  if (given.length === 0) {
    say(`${size}: ${listShort(columns)}`)
    return
  }
  const flat = columns.filter((name) => given.every((row) => isCell(row[name])))
  const nested = columns.filter((name) => !flat.includes(name))
  const shown = flat.slice(0, limits.columns)
  const parts = [
    given.length > limits.rows ? `the first ${limits.rows} rows` : null,
    flat.length > shown.length ? `the first ${shown.length} columns` : null,
  ].filter((part) => part !== null)
  const caption = [
    size,
    parts.length > 0 ? `shown are ${parts.join(' and ')}` : null,
    nested.length > 0 ? `not shown, since nested: ${listShort(nested)}` : null,
  ].filter((part) => part !== null)
  const rows = given.slice(0, limits.rows).map((row) => ({
    ...row,
    ...Object.fromEntries(shown.filter((name) => row[name] instanceof Date).map((name) => [name, dateText(row[name])])),
  }))
  showFirst(rows, shown, caption.join('; '))
}

function dateText(date: unknown): string {
  const time = (date as Date).getTime()
  return Number.isNaN(time) ? 'no date' : new Date(time).toISOString()
}

function showFirst(
  rows: readonly object[],
  columns: readonly string[],
  caption: string,
  labels?: TableOptions['labels'],
): void {
  showTable(rows.slice(0, limits.rows), { columns, caption, labels })
}

function listShort(names: readonly string[]): string {
  const rest = names.length - 6
  return rest > 0 ? `${names.slice(0, 6).join(', ')} and ${rest} more` : names.join(', ')
}

function plural(count: number, what: string): string {
  return `${count.toLocaleString('en-US')} ${what}${count === 1 ? '' : 's'}`
}
